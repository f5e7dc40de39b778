import { describe, expect, it } from "vitest";
import { judge } from "../../../crosscheck/verdict";
import { covers, parseWaivers, readWaivers, type Waiver } from "../../../crosscheck/waivers";

const URN = "urn:pulumi:prod::scaling-ladder::aws:s3/bucket:Bucket::files";
const FINDING = { check: "CKV_1", title: "a title", urn: URN };
const WAIVER: Waiver = {
  check: "CKV_1",
  urn: "urn:pulumi:prod::*$aws:s3/bucket:Bucket::*",
  reason: "a reason",
  owner: "platform",
  date: "2026-01-01",
  reviewBy: "2026-12-31",
};
const FITTING: Waiver = { ...WAIVER, urn: "urn:pulumi:prod::*::files" };
const TODAY = "2026-06-01";

const rulesFor = (check: string) => (check === "CKV_1" ? ["our-rule"] : []);
const verdict = (
  waivers: readonly Waiver[],
  violations: readonly { policy: string; urn: string }[] = [],
  today = TODAY,
) => judge([FINDING], violations, rulesFor, waivers, today);

describe("a finding", () => {
  it("is ours when a rule with the same demand found the same resource", () => {
    expect(verdict([], [{ policy: "our-rule", urn: URN }])).toMatchObject({ ours: [FINDING], waived: [], open: [] });
  });

  it.each([
    ["another rule found the resource", { policy: "other-rule", urn: URN }],
    ["the rule found another resource", { policy: "our-rule", urn: `${URN}2` }],
  ])("is open when %s", (_what, violation) => {
    expect(verdict([], [violation])).toMatchObject({ ours: [], waived: [], open: [FINDING] });
  });

  it("is waived until the day of the review, and open after it", () => {
    expect(verdict([FITTING])).toMatchObject({ waived: [FINDING], open: [], problems: [] });
    expect(verdict([FITTING], [], "2026-12-31")).toMatchObject({ waived: [FINDING], problems: [] });
    const after = verdict([FITTING], [], "2027-01-01");
    expect(after).toMatchObject({ waived: [], open: [FINDING] });
    expect(after.problems).toEqual([expect.stringContaining("was to be reviewed by 2026-12-31")]);
  });

  it("is not waived for another check or another resource", () => {
    for (const waiver of [{ ...FITTING, check: "CKV_2" }, WAIVER]) {
      expect(verdict([waiver])).toMatchObject({ waived: [], open: [FINDING] });
      expect(verdict([waiver]).problems).toEqual([expect.stringContaining("matches no finding")]);
    }
  });
});

describe("a waiver", () => {
  it("is needless when a rule of ours has the finding", () => {
    const { problems } = verdict([FITTING], [{ policy: "our-rule", urn: URN }]);
    expect(problems).toEqual([expect.stringContaining("matches no finding")]);
  });

  it("stands for any text with *, and for nothing else", () => {
    expect(covers({ ...WAIVER, urn: "urn:pulumi:*::files" }, URN)).toBe(true);
    expect(covers({ ...WAIVER, urn: "urn:pulumi:*::file" }, URN)).toBe(false);
    expect(covers({ ...WAIVER, urn: "urn.pulumi:*" }, URN)).toBe(false);
  });

  it.each([
    ["without a reason", { reason: undefined }, "reason"],
    ["with an empty owner", { owner: " " }, "owner"],
    ["with a day that is none", { reviewBy: "2026-02-30" }, "reviewBy"],
    ["for no resource", { urn: "*" }, "urn:pulumi:"],
    ["with a field more", { until: "2027-01-01" }, "until"],
  ])("is refused %s", (_what, change, told) => {
    expect(() => parseWaivers(JSON.stringify({ waivers: [{ ...WAIVER, ...change }] }))).toThrow(told);
  });

  it("is complete in waivers.yaml, and there are few", () => {
    const waivers = readWaivers();
    expect(waivers.length).toBeLessThan(45);
    expect(new Set(waivers.map(({ check, urn }) => `${check} ${urn}`)).size).toBe(waivers.length);
    for (const { date, reviewBy } of waivers) expect(reviewBy > date).toBe(true);
  });
});
