import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Exemption, ExemptionBook, InvalidExemptions, readExemptions } from "../../../policy/exemptions";
import { temporaryFolder } from "../../support/temporary";

const POLICIES = ["rds-multi-az", "kms-rotation"];
const URN =
  "urn:pulumi:smb::scaling-ladder::scaling-ladder:database:RdsDatabase$aws:rds/instance:Instance::database-primary";
const SOUND: Exemption = {
  policy: "rds-multi-az",
  urn: "urn:pulumi:smb::scaling-ladder::*::database-primary",
  reason: "the owner accepts an hour of downtime",
  owner: "platform@example.com",
  expires: "2027-03-31",
};

function reading(content: unknown): ReturnType<typeof readExemptions> {
  const file = join(temporaryFolder(), "exemptions.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readExemptions(file, POLICIES);
}

const problemsOf = (content: unknown): string => {
  const found = reading(content);
  return found instanceof InvalidExemptions ? found.problems.join("; ") : "";
};

describe("the file of exemptions", () => {
  test("is read, and need not be there", () => {
    expect(reading([SOUND])).toEqual([SOUND]);
    expect(reading([])).toEqual([]);
    expect(readExemptions(join(temporaryFolder(), "none.json"), POLICIES)).toEqual([]);
  });

  test.each([
    ["no JSON", "{", "must be a JSON list"],
    ["no list", { exemptions: [] }, "must be a JSON list"],
    [
      "an entry that is no object",
      ["rds-multi-az"],
      "entry 1 must have the fields policy, urn, reason, owner, expires",
    ],
    ["a field left out", [{ ...SOUND, owner: undefined }], "entry 1 lacks `owner`"],
    ["an empty field", [SOUND, { ...SOUND, reason: " " }], "entry 2 lacks `reason`"],
    ["a misspelt field", [{ ...SOUND, expiry: "2027-03-31" }], "has the field `expiry`"],
    ["a policy that does not exist", [{ ...SOUND, policy: "rds-multi" }], "names a policy that does not exist"],
    ["every policy", [{ ...SOUND, policy: "all" }], "names a policy that does not exist"],
    ["a URN of any stack", [{ ...SOUND, urn: "*" }], "must name its stack"],
    ["a pattern in place of the stack", [{ ...SOUND, urn: "urn:pulumi:*::x" }], "must name its stack"],
    ["a day that does not exist", [{ ...SOUND, expires: "2027-02-30" }], "must name its last day"],
    ["a day in words", [{ ...SOUND, expires: "soon" }], "must name its last day"],
    ["a reason of two lines", [{ ...SOUND, reason: "a\nb" }], "reason in one line"],
  ])("is refused for %s", (_, content, problem) => {
    expect(problemsOf(content)).toContain(problem);
  });
});

describe("a book of exemptions", () => {
  const on = (today: string, ...exemptions: readonly Exemption[]) => new ExemptionBook(exemptions, today);

  test("covers what the policy and the pattern name, up to its last day", () => {
    const book = on("2027-03-31", SOUND);
    expect(book.covering("rds-multi-az", URN)).toEqual(SOUND);
    expect(book.covering("kms-rotation", URN)).toBeUndefined();
    expect(book.covering("rds-multi-az", URN.replace("primary", "replica"))).toBeUndefined();
    expect(book.covering("rds-multi-az", URN.replace(":smb:", ":prod:"))).toBeUndefined();
    expect(book.covering("rds-multi-az", `${URN}-2`)).toBeUndefined();
    expect(book.problems("smb")).toEqual([]);
  });

  test("covers nothing after its last day, and says so", () => {
    const book = on("2027-04-01", SOUND);
    expect(book.covering("rds-multi-az", URN)).toBeUndefined();
    expect(book.problems("smb")).toEqual([expect.stringMatching(/rds-multi-az .*expired on 2027-03-31/)]);
  });

  test("tells of an exemption that nothing needs, in its own stack only", () => {
    const book = on("2027-01-01", SOUND);
    expect(book.problems("smb")).toEqual([expect.stringMatching(/platform@example.com.* matches no finding/)]);
    expect(book.problems("prod")).toEqual([]);
    expect(book.problems("smb-two")).toEqual([]);
  });

  test("takes the one that still holds when another has expired", () => {
    const book = on("2027-04-01", SOUND, { ...SOUND, expires: "2027-12-31" });
    expect(book.covering("rds-multi-az", URN)?.expires).toBe("2027-12-31");
    expect(book.problems("smb")).toHaveLength(1);
  });

  test("takes the signs of other patterns for themselves", () => {
    const book = on("2027-01-01", { ...SOUND, urn: "urn:pulumi:smb::a.b$c*" });
    expect(book.covering("rds-multi-az", "urn:pulumi:smb::axb$c")).toBeUndefined();
    expect(book.covering("rds-multi-az", "urn:pulumi:smb::a.b$c::d")).toBeDefined();
  });
});
