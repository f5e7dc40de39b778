import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { CATALOGUE } from "../../../components/alerting/catalogue";
import { type Rule, type RuleFile, renderPrometheusRules } from "../../../components/alerting/prometheusRules";
import { FACTS } from "./sample";

const file = renderPrometheusRules(CATALOGUE, FACTS);
const rules = file.groups.flatMap((group) => group.rules);
const named = (name: string): Rule => {
  const rule = rules.find(({ alert }) => alert === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
};

/** Brackets outside strings, each closed by its own kind. */
function isBalanced(expr: string): boolean {
  const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  const open: string[] = [];
  for (const sign of expr.replace(/"[^"]*"/g, "").replace(/[^()[\]{}]/g, "")) {
    const opening = pairs[sign];
    if (opening === undefined) open.push(sign);
    else if (open.pop() !== opening) return false;
  }
  return open.length === 0;
}

/** Those that the rules use: prometheus.io/docs/prometheus/latest/querying/functions and operators. */
const OVER_RANGES = ["avg_over_time", "deriv", "increase", "rate"];
const OVER_INSTANTS = ["absent", "histogram_quantile", "time"];
const KEYWORDS = ["max", "sum", "by", "on", "and"];

/** What stands between a bracket and the one that closes it. */
function argumentAt(expr: string, open: number): string {
  let depth = 0;
  for (let at = open; at < expr.length; at++) {
    if (expr[at] === "(") depth += 1;
    if (expr[at] === ")") depth -= 1;
    if (depth === 0) return expr.slice(open + 1, at);
  }
  return "";
}

describe("Prometheus rules", () => {
  it("are one for each alert that Prometheus can see, in a group for each part", () => {
    const seen = CATALOGUE.filter(({ prometheus }) => prometheus !== undefined).map(({ name }) => name);
    expect(rules.filter(({ alert }) => alert !== "metric-absent").map(({ alert }) => alert)).toEqual(seen);
    const groups = file.groups.map(({ name }) => name);
    expect(new Set(groups).size).toBe(groups.length);
    expect(groups.at(-1)).toBe("absent");
  });

  it("survive being written as YAML and read again", () => {
    expect(parse(stringify(file)) satisfies RuleFile).toEqual(file);
  });

  it.each(rules)("$alert has an expression that holds together: $expr", ({ expr, labels, annotations }) => {
    expect(isBalanced(expr)).toBe(true);
    expect((expr.match(/"/g) ?? []).length % 2).toBe(0);
    expect(expr).toMatch(/[<>=]|^absent\(/);
    expect(expr).not.toMatch(/undefined|NaN|Infinity|\[object/);
    expect(labels.severity).toMatch(/^(warning|critical)$/);
    expect(annotations.runbook_url).toMatch(/^docs\/alerts\.md#/);
  });

  it("wait as long as the catalogue says", () => {
    expect(named("database-down")).toMatchObject({ for: "1m", expr: "pg_up == 0" });
    expect(named("database-connections-high")).toMatchObject({ for: "10m" });
    expect(named("slow-query").for).toBeUndefined();
  });

  it("tell of a metric that is not there, once for each that a rule needs", () => {
    const absent = rules.filter(({ alert }) => alert === "metric-absent").map(({ expr }) => expr);
    expect(absent).toContain("absent(pg_up)");
    expect(absent).toContain("absent(redis_up)");
    expect(new Set(absent).size).toBe(absent.length);
  });

  it("S4-41: advise the next tier at 90 % of this one's users, and nothing at the last tier", () => {
    expect(named("users-near-tier-end").expr).toBe("max(total_users) > 900000");
    const { tierMaxUsers: _, ...last } = FACTS;
    const names = renderPrometheusRules(CATALOGUE, last).groups.flatMap((group) =>
      group.rules.map((rule) => rule.alert),
    );
    expect(names).not.toContain("users-near-tier-end");
  });

  it("are nothing at all without alerts", () => {
    expect(renderPrometheusRules([], FACTS)).toEqual({ groups: [] });
  });

  it("have nothing but what Prometheus reads, in its own words", () => {
    const KEYS = ["alert", "expr", "for", "labels", "annotations"];
    for (const { name, rules: members } of file.groups) {
      expect(name).not.toBe("");
      expect(members.length, name).toBeGreaterThan(0);
    }
    for (const rule of rules) {
      expect(KEYS, rule.alert).toEqual(expect.arrayContaining(Object.keys(rule)));
      expect(rule.for ?? "0s", rule.alert).toMatch(/^\d+(ms|[smhdwy])$/);
      for (const label of [...Object.keys(rule.labels), ...Object.keys(rule.annotations)])
        expect(label).toMatch(/^[a-zA-Z_]\w*$/);
    }
  });

  it.each(rules)("$alert calls functions that Prometheus has, over ranges where they need them: $expr", ({ expr }) => {
    const bare = expr.replace(/"[^"]*"/g, '""');
    // A word before a bracket is a function, an aggregation, or what groups and matches.
    const called = [...bare.matchAll(/([a-z_]\w*)\s*\(/gi)].map(([, name = ""]) => name);
    expect([...OVER_RANGES, ...OVER_INSTANTS, ...KEYWORDS]).toEqual(expect.arrayContaining(called));
    for (const name of OVER_RANGES)
      for (const { index } of bare.matchAll(new RegExp(`\\b${name}\\s*\\(`, "g")))
        expect(argumentAt(bare, bare.indexOf("(", index)), name).toMatch(/\[\d+[smhdw](:\d+[smhdw])?\]$/);
  });
});
