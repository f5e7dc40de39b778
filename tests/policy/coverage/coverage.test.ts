import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CATALOGUES } from "../../../policy/controls";
import { type Catalogue, notMade, notOurs, waived } from "../../../policy/controls/control";
import { coverageOf, problemsOfCoverage } from "../../../policy/controls/coverage";
import { renderCoverage } from "../../../policy/controls/coverageTable";
import { ALWAYS, type RuleInfo } from "../../../policy/rule";
import { REPORTED } from "../../../policy/running/findings";
import { PROJECT } from "../pack/copy";
import { classFile } from "../sdkTypes";

const controls = CATALOGUES.flatMap((catalogue) => catalogue.controls);

/** The types in what a preview of a stack makes. */
function madeTypes(stack: string): readonly string[] {
  const golden: object = JSON.parse(readFileSync(join(PROJECT, "tests", "golden", `${stack}.json`), "utf8"));
  return Object.keys(golden).map((urn) => urn.split("::")[2]?.split("$").at(-1) ?? "");
}

describe("the standards of others", () => {
  test("each control is satisfied by a rule, not applicable or waived, and each id in a rule is a control", () => {
    expect(problemsOfCoverage(REPORTED)).toEqual([]);
  });

  test.each(CATALOGUES.map((catalogue) => [catalogue.name, catalogue] as const))("%s has ids of its form", (_, one) => {
    expect(one.controls.map(([id]) => id).filter((id) => !one.ids.test(id))).toEqual([]);
    expect(one.source).toMatch(/^https:\/\//);
  });

  test("what is called not made is a type of the SDK, and no stack makes it", () => {
    const types = controls.flatMap(([, , aside]) => (aside?.status === "not applicable" ? aside.types : []));
    expect(types.length).toBeGreaterThan(0);
    expect(types.filter((type) => !existsSync(classFile(type)))).toEqual([]);
    const made = new Set(["smb", "prod"].flatMap(madeTypes));
    expect(made).toContain("aws:rds/instance:Instance");
    expect(types.filter((type) => made.has(type))).toEqual([]);
  });

  test("each waiver has a day, and each reason is a sentence that a table can hold", () => {
    for (const [id, asks, aside] of controls) {
      expect(asks, id).not.toMatch(/[|\n]/);
      if (aside === undefined) continue;
      expect(aside.reason, id).toMatch(/^[A-Z][^|\n]+\.$/);
      if (aside.status === "waived") expect(new Date(aside.since).toJSON()?.slice(0, 10), id).toBe(aside.since);
    }
  });
});

const rule = (name: string, ...ids: string[]): RuleInfo => ({
  name,
  description: "",
  why: "",
  remedy: "",
  ids,
  levels: ALWAYS,
});
const catalogue: Catalogue = {
  name: "Theirs",
  source: "https://example.com",
  scope: "All.",
  ids: /^T\./,
  controls: [
    ["T.1", "one"],
    ["T.2", "two", notOurs("Elsewhere.")],
    ["T.3", "three", waived("2026-01-02", "Later.")],
    ["T.4", "four", notMade("None.", "a:b/c:C")],
  ],
};

describe("the check of the tables", () => {
  test("is content when everything is decided once", () => {
    expect(problemsOfCoverage([rule("a", "T.1", "C-01")], [catalogue])).toEqual([]);
  });

  test("finds a control that nothing decides, one that is decided twice, an id that nobody knows, and one that stands twice", () => {
    expect(problemsOfCoverage([rule("a", "T.2", "T.3", "T.9")], [catalogue])).toEqual([
      "a names T.9, which no table in policy/controls has",
      "no rule names T.1, and it is not set aside",
      "T.2 is not applicable, but a names it",
      "T.3 is waived, but a names it",
    ]);
    const doubled = { ...catalogue, controls: [...catalogue.controls, ["T.1", "again"] as const] };
    expect(problemsOfCoverage([rule("a", "T.1")], [doubled])).toEqual(["T.1 stands twice"]);
  });

  test("is told as a table with its sums", () => {
    const page = renderCoverage(coverageOf([rule("a", "T.1"), rule("b", "T.1")], [catalogue]));
    expect(page).toContain("Of 4: 1 satisfied, 2 not applicable, 1 waived.");
    expect(page).toContain("| T.1 | one | satisfied | [a](#a), [b](#b) |");
    expect(page).toContain("| T.3 | three | waived | 2026-01-02: Later. |");
    expect(page).toContain("| T.4 | four | not applicable | None. |");
  });
});
