import { type Alert, type Facts, runbookOf } from "./alert";

/** One rule of a Prometheus rule file. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** How long a metric may be away before that is an alert itself: longer than a restart of its exporter. */
const ABSENT_FOR = "10m";

/**
 * The rules of these alerts as a Prometheus rule file: a group for each part, and a last one that tells when a metric that
 * another rule needs is not there at all, because such a rule would stay silent for ever.
 */
export function renderPrometheusRules(alerts: readonly Alert[], facts: Facts): RuleFile {
  const rendered = alerts.filter((alert) => alert.prometheus !== undefined && Number.isFinite(alert.threshold(facts)));
  const parts = [...new Set(rendered.map(({ part }) => part))];
  const needed = [...new Set(rendered.flatMap(({ prometheus }) => prometheus?.always ?? []))];
  return {
    groups: [
      ...parts.map((part) => ({
        name: part,
        rules: rendered.filter((alert) => alert.part === part).flatMap((alert) => ruleOf(alert, facts)),
      })),
      { name: "absent", rules: needed.map(absentRule) },
    ].filter(({ rules }) => rules.length > 0),
  };
}

function ruleOf(alert: Alert, facts: Facts): Rule[] {
  if (alert.prometheus === undefined) return [];
  return [
    {
      alert: alert.name,
      expr: alert.prometheus.expr(alert.threshold(facts)),
      ...(alert.forMinutes > 0 ? { for: `${alert.forMinutes}m` } : {}),
      labels: { severity: alert.severity, part: alert.part },
      annotations: {
        summary: `${alert.signal}: ${alert.limit}`,
        description: alert.runbook.means,
        runbook_url: runbookOf(alert),
      },
    },
  ];
}

const absentRule = (metric: string): Rule => ({
  alert: "metric-absent",
  expr: `absent(${metric})`,
  for: ABSENT_FOR,
  labels: { severity: "warning", metric },
  annotations: {
    summary: `${metric} is not there`,
    description: "A rule needs this metric and would stay silent without it: its exporter is gone, or not scraped.",
    runbook_url: "docs/alerts.md#metric-absent",
  },
});
