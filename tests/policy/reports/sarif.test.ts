import type { Log, Result } from "sarif";
import { describe, expect, test } from "vitest";
import { pageAddress } from "../../../policy/reports/page";
import { renderSarif } from "../../../policy/reports/sarif";
import { type Finding, type PolicyRun, REPORTED } from "../../../policy/running/findings";
import { finding, ruleAt, runWith, urn } from "./runs";

const [first, second, third] = [ruleAt(0), ruleAt(1), ruleAt(2)];
const PAGE = "https://code.example/blob/main/docs/policies.md";

const log = (runs: readonly PolicyRun[], page?: string): Log => JSON.parse(renderSarif(runs, page)) as Log;

function resultsOf(...findings: readonly Finding[]): readonly Result[] {
  return log([runWith(findings)]).runs[0]?.results ?? [];
}

describe("SARIF", () => {
  test("has what GitHub's code scanning asks of a log, its rules and its results", () => {
    const { version, $schema, runs } = log([runWith([finding(first, "mandatory"), finding(second, "advisory")])]);
    expect({ version, $schema }).toMatchObject({
      version: "2.1.0",
      $schema: expect.stringMatching(/sarif-schema-2\.1\.0/),
    });
    for (const { tool, results = [] } of runs) {
      const { name, rules = [] } = tool.driver;
      expect(name).toBe("scaling-ladder");
      for (const { id, shortDescription, fullDescription, help } of rules) {
        expect(id).toMatch(/^[a-z0-9-]{1,255}$/);
        for (const text of [shortDescription?.text, fullDescription?.text, help?.text]) expect(text).toMatch(/\S/);
        for (const text of [shortDescription?.text, fullDescription?.text])
          expect(text?.length).toBeLessThanOrEqual(1024);
      }
      expect(results).toHaveLength(2);
      for (const { ruleId, ruleIndex = -1, message, locations = [], partialFingerprints } of results) {
        expect(rules[ruleIndex]?.id).toBe(ruleId);
        expect(message.text).toMatch(/\S/);
        const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
        expect(artifactLocation?.uri).toBe("Pulumi.prod.yaml");
        expect(region?.startLine).toBe(1);
        expect(partialFingerprints?.primaryLocationLineHash).toMatch(/^[0-9a-f]{32}:1$/);
      }
    }
  });

  test("names every rule with its ids, its remedy and its level in this run", () => {
    const run = runWith([finding(first, "advisory")], { [second.name]: "disabled" });
    const rules = log([run]).runs[0]?.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(REPORTED.map(({ name }) => name));
    expect(rules[0]).toMatchObject({
      defaultConfiguration: { enabled: true, level: "warning" },
      properties: { tags: first.ids },
      help: { text: expect.stringContaining(first.remedy) },
    });
    expect(rules[1]?.defaultConfiguration).toEqual({ enabled: false, level: "none" });
    expect(rules[2]?.defaultConfiguration).toEqual({ enabled: true, level: "error" });
  });

  test("links a rule to its place in the docs where these can be read, and to nothing else", () => {
    const link = (page?: string) => log([runWith([])], page).runs[0]?.tool.driver.rules?.[0]?.helpUri;
    expect(link(PAGE)).toBe(`${PAGE}#${first.name}`);
    expect(link()).toBeUndefined();
  });

  test("gives each verdict the level that a code host shows", () => {
    const results = resultsOf(
      finding(first, "mandatory"),
      finding(second, "advisory"),
      finding(third, "mandatory", { verdict: "unverified" }),
      finding(ruleAt(3), "mandatory", { verdict: "exempt", exemption: "2027-01-31 (me): no quota" }),
    );
    expect(results.map(({ level }) => level)).toEqual(["error", "warning", "note", "note"]);
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      undefined,
      undefined,
      undefined,
      [{ kind: "external", status: "accepted", justification: "2027-01-31 (me): no quota" }],
    ]);
  });

  test("keeps the fingerprint of a rule and a resource over runs, whatever else changes", () => {
    const print = (...findings: readonly Finding[]) =>
      resultsOf(...findings).map(({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash);
    const [one] = print(finding(first, "mandatory"));
    expect(print(finding(first, "advisory", { message: "other", pass: "state", verdict: "unverified" }))).toEqual([
      one,
    ]);
    const others = print(
      finding(first, "mandatory", { urn: urn("other") }),
      finding(second, "mandatory"),
      finding(first, "mandatory", { urn: urn("primary", "aws:rds/instance:Instance", "smb") }),
    );
    expect(new Set([one, ...others]).size).toBe(4);
  });

  test("tells all that a rule found about a resource in one result, the gravest first", () => {
    const results = resultsOf(
      finding(first, "mandatory", { verdict: "unverified", message: "open" }),
      finding(first, "mandatory", { message: "wrong" }),
    );
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({
      level: "error",
      message: { text: expect.stringContaining("wrong\nopen\nFix: ") },
    });
    expect(results[0]?.locations?.[0]?.logicalLocations).toEqual([
      { name: "primary", fullyQualifiedName: urn("primary"), kind: "resource" },
    ]);
  });

  test("keeps stacks apart: a run and a category for each", () => {
    const { runs } = log([runWith([]), runWith([], {}, "a b")]);
    expect(runs.map(({ automationDetails }) => automationDetails?.id)).toEqual(["policies/prod/", "policies/a b/"]);
    const [run] = log([runWith([finding(first, "mandatory")], {}, "a b")]).runs;
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe("Pulumi.a%20b.yaml");
  });
});

describe("the address of the docs", () => {
  test.each([
    [
      { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "me/it", GITHUB_SHA: "abc" },
      "https://github.com/me/it/blob/abc/docs/policies.md",
    ],
    [
      { CI_PROJECT_URL: "https://gitlab.com/me/it", CI_COMMIT_SHA: "abc" },
      "https://gitlab.com/me/it/-/blob/abc/docs/policies.md",
    ],
    [{ GITHUB_SERVER_URL: "https://github.com" }, undefined],
    [{}, undefined],
  ])("from %o", (env, address) => expect(pageAddress(env)).toBe(address));
});
