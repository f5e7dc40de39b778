import { assert, double, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { type Alert, PARTS, runbookOf } from "../../../components/alerting/alert";
import { alertsOf, CATALOGUE } from "../../../components/alerting/catalogue";
import { metricsOf } from "../../../components/alerting/prometheusRules";
import { KNOWN_METRICS } from "../../../rehearsal/aws/knownMetrics";
import { FACTS } from "./sample";

const named = (name: string): Alert => {
  const alert = CATALOGUE.find((each) => each.name === name);
  if (alert === undefined) throw new Error(`no alert ${name}`);
  return alert;
};
const rules = CATALOGUE.flatMap((alert) => (alert.cloudwatch ?? []).map((rule) => ({ alert, rule })));

describe("the four alerts of the documents", () => {
  it("S3-38: connections above 80 % of max_connections, for ten minutes: 160 of 200", () => {
    const { threshold, cloudwatch, prometheus } = named("database-connections-high");
    expect(threshold({ ...FACTS, maxConnections: 200 })).toBe(160);
    expect(cloudwatch).toMatchObject([
      { metric: "DatabaseConnections", comparison: ">", periodSeconds: 60, periods: 10, scope: "instance" },
    ]);
    expect(prometheus?.measured?.threshold(FACTS)).toBe(80);
    expect(prometheus?.comparison).toBe(">");
  });

  it("S3-39: a query above one second is a warning, seen in the log", () => {
    expect(named("slow-query")).toMatchObject({ severity: "warning", cloudwatch: [{ metric: "StatementsOver1s" }] });
    expect(named("slow-query").threshold(FACTS)).toBe(0);
  });

  it("S3-40: growth of more than 10 GB a month", () => {
    const { threshold, cloudwatch, prometheus } = named("database-growth");
    expect(threshold(FACTS) * 30).toBeCloseTo(10e9);
    expect(cloudwatch).toMatchObject([{ metric: "FreeStorageSpace", periodSeconds: 86_400, periods: 7, breaching: 5 }]);
    expect(prometheus?.value(metricsOf())).toContain("pg_database_size_bytes");
  });

  it("S3-41: memory above 80 %, of the database, of the cache and of the application", () => {
    const database = named("database-memory-high");
    expect(database.threshold({ ...FACTS, memoryGiB: 32 })).toBeCloseTo(0.2 * 32 * 1024 ** 3);
    expect(database.cloudwatch).toMatchObject([{ metric: "FreeableMemory", comparison: "<" }]);
    expect(database.prometheus?.measured?.threshold(FACTS)).toBe(80);
    expect(named("cache-memory-high").threshold(FACTS)).toBe(80);
    expect(named("app-memory-high").threshold(FACTS)).toBe(0.8);
  });

  it("S4-38: a query above five seconds is critical, and has the documented metric", () => {
    const alert = named("very-slow-query");
    expect(alert).toMatchObject({ severity: "critical", cloudwatch: [{ metric: "StatementsOver5s" }] });
    expect(alert.prometheus?.value(metricsOf())).toContain("postgres_slow_queries");
  });

  it("tells of a replica that is more than 30 seconds behind (C-34)", () => {
    expect(named("replica-lag").threshold(FACTS)).toBe(30);
    expect(named("replica-lag-critical")).toMatchObject({ severity: "critical" });
    expect(named("replica-lag-critical").threshold(FACTS)).toBe(300);
  });
});

describe("the catalogue", () => {
  it("has a name for each alert that is an anchor, and no name twice", () => {
    const names = CATALOGUE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    expect(runbookOf({ name: "slow-query" })).toBe("docs/alerts.md#slow-query");
  });

  it.each(CATALOGUE)("$name is seen by something, and says what to do", (alert) => {
    expect([alert.cloudwatch, alert.prometheus, alert.notice].some((seen) => seen !== undefined)).toBe(true);
    expect(alert.source).not.toBe("");
    expect(alert.runbook.means.length).toBeGreaterThan(20);
    expect(alert.runbook.look.join(" ").length).toBeGreaterThan(20);
    expect(alert.runbook.act.join(" ").length).toBeGreaterThan(10);
  });

  it.each(rules)("$alert.name watches a metric that AWS tells: $rule.metric", ({ rule }) => {
    if (rule.namespace === undefined || !rule.namespace.startsWith("AWS/")) return;
    const known = KNOWN_METRICS[rule.namespace]?.metrics ?? new Set();
    for (const metric of [rule.metric, ...Object.values(rule.others ?? {}).map((other) => other.metric)])
      expect([...known]).toContain(metric);
  });

  it.each(rules)("$alert.name looks back no further than CloudWatch can", ({ rule }) => {
    const span = rule.periodSeconds * rule.periods;
    expect(span).toBeLessThanOrEqual(rule.periodSeconds < 3600 ? 86_400 : 604_800);
    expect(rule.breaching ?? rule.periods).toBeLessThanOrEqual(rule.periods);
    expect(rule.periodSeconds % 60).toBe(0);
  });

  it("fires on silence where silence is the fault", () => {
    const silent = rules.filter(({ rule }) => rule.missing === "breaching").map(({ alert }) => alert.name);
    expect([...new Set(silent)].sort()).toEqual([
      "availability-fast-burn",
      "availability-slow-burn",
      "availability-steady-burn",
      "backup-old",
      "cache-down",
      "database-down",
      "dump-old",
    ]);
  });

  it("has thresholds that are numbers, whatever the machine is", () => {
    const facts = record({
      memoryGiB: integer({ min: 1, max: 1024 }),
      vcpus: integer({ min: 1, max: 128 }),
      maxConnections: integer({ min: 20, max: 10_000 }),
      storageGiB: double({ min: 20, max: 65_536, noNaN: true }),
      tierMaxUsers: integer({ min: 1000, max: 10_000_000 }),
    });
    assert(
      property(facts, (some) => {
        for (const alert of CATALOGUE) {
          const value = alert.threshold(some);
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
        expect(named("database-connections-exhausted").threshold(some)).toBeGreaterThan(
          named("database-connections-high").threshold(some),
        );
      }),
    );
  });

  it("can be taken by part", () => {
    expect(alertsOf(["replica"]).map(({ name }) => name)).toEqual(["replica-lag", "replica-lag-critical"]);
    expect(alertsOf(PARTS)).toEqual(CATALOGUE);
  });
});
