import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RULES } from "../../../policy/rules";
import { kubernetes } from "../../../rehearsal/kubernetes";
import { PROJECT } from "../pack/copy";
import { classFile } from "../sdkTypes";
import { CASES } from "./allCases";
import { KINDS } from "./cases";
import { describeCases } from "./describeCases";

describeCases(CASES);

/** Requirements, decisions, Security Hub, CIS, Checkov. */
const ID = /^(S\d-\d\d|C-\d\d|[A-Z][A-Za-z0-9]+\.\d+|CIS-(AWS|K8s) \d+(\.\d+)*|CKV2?_(AWS|K8S)_\d+)$/;

const isCustom = (type: string): boolean => kubernetes.resources.has(type) && /:[\w-]+\.[\w.-]+\/v\w+:/.test(type);

describe("every rule", () => {
  test.each(RULES.map((rule) => [rule.name]))("%s has a case of every kind, with both outcomes", (name) => {
    const cases = CASES[name] ?? [];
    expect(new Set(cases.map((one) => one.kind))).toEqual(new Set(KINDS));
    expect(cases.some((one) => one.verdicts.includes("violated"))).toBe(true);
    expect(cases.some((one) => one.verdicts.length === 0)).toBe(true);
  });

  test("has a name of its own that the engine takes, texts on one line, and ids", () => {
    const names = RULES.map((rule) => rule.name);
    expect(new Set(names).size).toBe(names.length);
    for (const rule of RULES) {
      expect(rule.name).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(["all", "inputs", "account"]).not.toContain(rule.name);
      for (const text of [rule.description, rule.why, rule.remedy]) expect(text).toMatch(/^\S.*\.$/);
      expect(rule.ids.length).toBeGreaterThan(0);
      for (const id of rule.ids) expect(id, rule.name).toMatch(ID);
    }
  });

  /** Custom resources are in no SDK; the models of the rehearsal are held against their definitions by a real API server. */
  test("speaks of types only that the installed SDKs have, or that a custom resource of ours is of", () => {
    const sources = readdirSync(join(PROJECT, "policy/rules"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(PROJECT, "policy/rules", file), "utf8"));
    const inText = sources.flatMap((text) => text.match(/"(aws|kubernetes|random):[\w.]+\/[\w./]+:\w+"/g) ?? []);
    const asked = RULES.flatMap((rule) => (rule.scope === "resource" ? rule.types : []));
    const types = [...new Set([...asked, ...inText.map((text) => text.slice(1, -1))])];
    const inClouds = types.filter((type) => /^(aws|kubernetes|random):[^*]*$/.test(type));
    expect(inClouds.length).toBeGreaterThan(60);
    expect(inClouds.filter((type) => !existsSync(classFile(type)) && !isCustom(type))).toEqual([]);
  });
});
