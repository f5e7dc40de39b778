import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planAlarms } from "../../../components/alerting/alarms";
import type { Alert } from "../../../components/alerting/alert";
import { CATALOGUE } from "../../../components/alerting/catalogue";
import { renderPrometheusRules } from "../../../components/alerting/prometheusRules";
import { ESTATE, FACTS } from "./sample";

/** What a demand comes to: alerts with their thresholds as both sides render them, or a graph without one. */
interface Shown {
  readonly alert: string;
  /** Threshold of the alarm; undefined where CloudWatch has no such metric. */
  readonly cloudwatch?: number;
  /** How the rule ends; undefined where Prometheus has no such metric. */
  readonly prometheus?: string;
}

const GIB = 1024 ** 3;
const SHOWN: Readonly<Record<string, readonly Shown[]>> = {
  "S0-35": [
    { alert: "availability-fast-burn", cloudwatch: 98.56, prometheus: "< 98.56" },
    { alert: "availability-steady-burn", cloudwatch: 99.4, prometheus: "< 99.4" },
    { alert: "availability-slow-burn", cloudwatch: 99.9, prometheus: "< 99.9" },
  ],
  "S3-38": [{ alert: "database-connections-high", cloudwatch: 160, prometheus: "> 80" }],
  // CloudWatch counts the statements of more than a second that the log holds; Prometheus measures the longest one.
  "S3-39": [
    { alert: "slow-query", cloudwatch: 0, prometheus: "> 1" },
    { alert: "app-query-slow", prometheus: "> 1000" },
  ],
  "S3-40": [{ alert: "database-growth", cloudwatch: 333_333_333.33, prometheus: `> ${10e9 / 30}` }],
  "S3-41": [
    { alert: "database-memory-high", cloudwatch: Math.round(0.2 * 32 * GIB * 100) / 100, prometheus: "> 80" },
    { alert: "cache-memory-high", cloudwatch: 80, prometheus: "> 80" },
    { alert: "app-memory-high", prometheus: "> 0.8" },
  ],
  "S4-38": [{ alert: "very-slow-query", cloudwatch: 0, prometheus: "> 0" }],
  // The documents give no figure (C-35).
  "S4-39": [{ alert: "cache-hit-ratio-low", prometheus: "< 0.98" }],
  "S4-40": [{ alert: "app-query-slow", prometheus: "> 1000" }],
  "S4-41": [{ alert: "users-near-tier-end", prometheus: "> 900000" }],
};

/** Demands of the same area that ask for something to be seen, or to be fast, and name no limit. */
const WITHOUT_LIMIT = ["S3-33", "S3-34", "S3-35", "S3-36", "S3-37", "S4-32", "S4-37"];

const page = readFileSync(join(__dirname, "../../..", "docs", "requirements.md"), "utf8");
const rowsOf = (text: string) =>
  [...text.matchAll(/^\| (S\d-\d+) \| (.+?) \| /gm)].map(([, id = "", demand = ""]) => ({ id, demand }));
const area = page.split("\n## Monitoring and alerting\n")[1]?.split("\n## ")[0] ?? "";

const named = (name: string): Alert => {
  const alert = CATALOGUE.find((each) => each.name === name);
  if (alert === undefined) throw new Error(`no alert ${name}`);
  return alert;
};
const alarms = planAlarms(CATALOGUE, ESTATE, FACTS);
const rules = renderPrometheusRules(CATALOGUE, FACTS).groups.flatMap((group) => group.rules);

describe("the thresholds of the requirements", () => {
  it("are all looked at: every demand of the area, and every one that begins so or speaks of uptime", () => {
    const demanded = [...rowsOf(area), ...rowsOf(page).filter(({ demand }) => /^Alert:|uptime/.test(demand))];
    expect(rowsOf(area)).toHaveLength(15);
    expect(new Set(demanded.map(({ id }) => id))).toEqual(new Set([...Object.keys(SHOWN), ...WITHOUT_LIMIT]));
    // None that names a figure to compare with is without an alert.
    for (const { id, demand } of demanded)
      if (/^Alert:|above|more than|[<>]|\d ?%/.test(demand)) expect(SHOWN, id).toHaveProperty(id);
  });

  it.each(Object.entries(SHOWN).flatMap(([id, all]) => all.map((shown) => ({ id, ...shown }))))(
    "$id: $alert, the same for CloudWatch ($cloudwatch) and Prometheus ($prometheus)",
    (shown) => {
      const { source } = named(shown.alert);
      expect(source).toContain(shown.id);
      const thresholds = alarms.filter(({ alert }) => alert.name === shown.alert).map(({ threshold }) => threshold);
      expect([...new Set(thresholds)]).toEqual(shown.cloudwatch === undefined ? [] : [shown.cloudwatch]);
      const rule = rules.find((each) => "alert" in each && each.alert === shown.alert);
      // A floor of traffic may follow.
      expect(rule?.expr.split(" and on ")[0]).toMatch(new RegExp(`${shown.prometheus?.replace(".", "\\.")}$`));
    },
  );

  it("are all that alerts refer to: no alert names a requirement that does not exist", () => {
    const ids = new Set(rowsOf(page).map(({ id }) => id));
    for (const { name, source } of CATALOGUE)
      for (const [id] of source.matchAll(/\bS\d-\d+\b/g)) expect(ids.has(id), `${name}: ${id}`).toBe(true);
  });
});
