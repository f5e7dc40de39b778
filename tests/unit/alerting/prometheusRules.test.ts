import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { CATALOGUE } from "../../../components/alerting/catalogue";
import {
  type AlertingRule,
  metricsOf,
  type RuleFile,
  type RuleOptions,
  renderPrometheusRules,
} from "../../../components/alerting/prometheusRules";
import { FACTS } from "./sample";

const alertsIn = (file: RuleFile): AlertingRule[] =>
  file.groups.flatMap(({ rules }) => rules).filter((rule): rule is AlertingRule => "alert" in rule);

const file = renderPrometheusRules(CATALOGUE, FACTS);
const rules = alertsIn(file);
const named = (name: string, options: RuleOptions = {}): AlertingRule => {
  const rule = alertsIn(renderPrometheusRules(CATALOGUE, FACTS, options)).find(({ alert }) => alert === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
};

describe("Prometheus rules", () => {
  it("are one for each alert that Prometheus can see, in a group for each part", () => {
    const seen = CATALOGUE.filter(({ prometheus }) => prometheus !== undefined).map(({ name }) => name);
    const rendered = rules.filter(({ alert }) => alert !== "metric-absent").map(({ alert }) => alert);
    expect([...rendered].sort()).toEqual([...seen].sort());
    const groups = file.groups.map(({ name }) => name);
    expect(new Set(groups).size).toBe(groups.length);
    expect(groups.at(-1)).toBe("absent");
  });

  it("survive being written as YAML and read again", () => {
    expect(parse(stringify(file)) satisfies RuleFile).toEqual(file);
  });

  it.each(rules)("$alert compares something, tells its severity and where its runbook is: $expr", (rule) => {
    expect(rule.expr).toMatch(/ (>|>=|<|<=) -?[\d.]+|^absent\(/);
    expect(rule.expr).not.toMatch(/undefined|NaN|Infinity|\[object/);
    expect(rule.labels.severity).toMatch(/^(warning|critical)$/);
    expect(rule.annotations.runbook_url).toBe(`docs/alerts.md#${rule.alert}`);
  });

  it("wait as long as the catalogue says, or as the rule itself does", () => {
    expect(named("database-down")).toMatchObject({ for: "1m" });
    expect(named("database-connections-high")).toMatchObject({ for: "10m" });
    expect(named("slow-query").for).toBeUndefined();
    // Its value is an age already: to wait 26 hours more would be to wait twice.
    expect(named("dump-old")).toMatchObject({ for: "15m" });
  });

  it("tell of a metric that is not there, once for each that a rule needs", () => {
    const absent = rules.filter(({ alert }) => alert === "metric-absent").map(({ expr }) => expr);
    expect(absent).toContain("absent(pg_up)");
    expect(absent).toContain("absent(redis_up)");
    expect(new Set(absent).size).toBe(absent.length);
    const needed = new Set(CATALOGUE.flatMap(({ prometheus }) => prometheus?.always ?? []));
    expect(absent).toHaveLength(needed.size);
  });

  it.each(CATALOGUE.filter(({ prometheus }) => prometheus !== undefined))(
    "$name has a twin for its metrics, or says why they are not always there",
    ({ prometheus }) => {
      const { always = [], sometimes = "" } = prometheus ?? {};
      expect(always.length > 0).toBe(sometimes === "");
    },
  );

  it("S4-41: advise the next tier at 90 % of this one's users, and nothing at the last tier", () => {
    expect(named("users-near-tier-end").expr).toBe("max by (namespace) (total_users) > 900000");
    const { tierMaxUsers: _, ...last } = FACTS;
    expect(alertsIn(renderPrometheusRules(CATALOGUE, last)).map(({ alert }) => alert)).not.toContain(
      "users-near-tier-end",
    );
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
});

describe("the rules of one stack among several", () => {
  const options = {
    namespace: "shop",
    runbooks: "https://example.com/alerts.html",
    recordings: [{ record: "pg_up", expr: "max(up)" }],
  };
  const own = renderPrometheusRules(CATALOGUE, FACTS, options);

  it("name each metric within the stack's namespace, and tell it as a label", () => {
    const metrics = new Set<string>();
    const collecting = (metric: string): string => {
      metrics.add(metric);
      return metric;
    };
    for (const { prometheus } of CATALOGUE) [prometheus?.value(collecting), prometheus?.when?.(collecting)];
    expect(metrics.size).toBeGreaterThan(40);
    for (const { expr, labels } of alertsIn(own)) {
      expect(labels.namespace).toBe("shop");
      for (const metric of metrics)
        for (const { index } of expr.matchAll(new RegExp(`(?<![\\w"])${metric}(?![\\w"])`, "g")))
          expect(expr.slice(index + metric.length), expr).toMatch(/^\{namespace="shop"/);
    }
  });

  it("have the recorded metrics first, with that label", () => {
    expect(own.groups[0]).toEqual({
      name: "recorded",
      rules: [{ record: "pg_up", expr: "max(up)", labels: { namespace: "shop" } }],
    });
  });

  it("lead to the runbooks where these are", () => {
    expect(named("slow-query", options).annotations.runbook_url).toBe("https://example.com/alerts.html#slow-query");
    expect(named("metric-absent", options).annotations.runbook_url).toBe(
      "https://example.com/alerts.html#metric-absent",
    );
  });

  it("join the namespace with a metric's own matchers", () => {
    expect(metricsOf("shop")("pg_up", 'pod="a"')).toBe('pg_up{namespace="shop",pod="a"}');
    expect(metricsOf()("pg_up", 'pod="a"', 'x="y"')).toBe('pg_up{pod="a",x="y"}');
    expect(metricsOf()("pg_up")).toBe("pg_up");
  });
});
