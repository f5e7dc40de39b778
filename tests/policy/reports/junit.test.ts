import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderJunit } from "../../../policy/reports/junit";
import { RULES } from "../../../policy/rules";
import { finding, ruleAt, runWith, urn } from "./runs";
import { casesIn } from "./xml";

const [first, second, third] = [ruleAt(0), ruleAt(1), ruleAt(2)];

describe("JUnit", () => {
  test("has a suite for each stack and a case for each rule", () => {
    const xml = renderJunit([runWith([]), runWith([], {}, "smb")]);
    expect(casesIn(xml).map(({ suite, name }) => [suite, name])).toEqual(
      ["prod", "smb"].flatMap((stack) => RULES.map(({ name }) => [`${stack} (profile prod)`, name])),
    );
    expect(casesIn(xml).every(({ verdict }) => verdict === "passed")).toBe(true);
  });

  test("fails what stops a run, and nothing else", () => {
    const run = runWith(
      [
        finding(first, "mandatory"),
        finding(second, "advisory"),
        finding(third, "mandatory", { verdict: "unverified" }),
        finding(ruleAt(3), "mandatory", { verdict: "exempt", exemption: "2027-01-31 (me): no quota" }),
      ],
      { [ruleAt(4).name]: "not applicable", [ruleAt(5).name]: "disabled", [ruleAt(6).name]: "not reached" },
    );
    const cases = casesIn(renderJunit([run]));
    expect(cases.slice(0, 8).map(({ verdict }) => verdict)).toEqual([
      "failed",
      ...Array<string>(6).fill("skipped"),
      "passed",
    ]);
    expect(cases[0]?.text).toContain(`Fix: ${first.remedy}`);
    expect(cases[1]?.text).toContain("advisory, violated");
    expect(cases[2]?.text).toContain("mandatory, unverified");
    expect(cases[3]?.text).toContain("Exempt until 2027-01-31 (me): no quota");
    expect(cases[4]?.text).toContain("not applicable");
  });

  test("counts failures and skipped cases, which is what CI systems show", () => {
    const run = runWith([finding(first, "mandatory"), finding(second, "advisory")]);
    expect(renderJunit([run])).toMatch(
      new RegExp(`<testsuites [^>]*tests="${RULES.length}" failures="1"[^>]* skipped="1"`),
    );
  });

  test("tells all that a rule found about a resource in one case, and names no case twice", () => {
    const run = runWith([
      finding(first, "mandatory", { verdict: "unverified", message: "open" }),
      finding(first, "mandatory", { message: "one" }),
      finding(first, "mandatory", { message: "two" }),
      finding(first, "mandatory", { message: "other", urn: urn("primary", "aws:rds/proxy:Proxy") }),
    ]);
    const cases = casesIn(renderJunit([run]));
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(cases[0]).toMatchObject({
      verdict: "failed",
      name: `${first.name}: scaling-ladder:database:RdsDatabase$aws:rds/instance:Instance::primary`,
    });
    expect(cases[0]?.text).toContain("one\ntwo\nopen\n");
  });

  test("is XML whatever a message holds", () => {
    const message = `\u001b[31m<a b="c">&amp; ]]> \u0000\ud800 ✓ 😀\u001b[0m`;
    const cases = casesIn(renderJunit([runWith([finding(first, "mandatory", { message })])]));
    expect(cases).toHaveLength(RULES.length);
    expect(cases[0]?.text).toContain(`[31m<a b="c">&amp; ]]>  ✓ 😀[0m`);
  });

  test("is well-formed for any message and any name of a resource", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, name) => {
        const run = runWith([
          finding(first, "mandatory", { message, urn: urn(name) }),
          finding(second, "advisory", { message }),
        ]);
        expect(casesIn(renderJunit([run]))).toHaveLength(RULES.length);
      }),
    );
  });
});
