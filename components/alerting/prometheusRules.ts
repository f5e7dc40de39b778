import { type Alert, type Facts, type MetricOf, measuredBy, RUNBOOKS, runbookOf } from "./alert";

/** One alerting rule of a Prometheus rule file. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A metric that is made of others. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type Rule = AlertingRule | RecordingRule;

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export interface RuleOptions {
  /**
   * Namespace of the stack. With it each rule looks at this namespace only, as one Prometheus may watch several stacks; each
   * alert has it as a label. Default: everything that Prometheus sees.
   */
  readonly namespace?: string;
  /** Address of the page of runbooks, such as `https://…/docs/alerts.md`. Default: its place in the project. */
  readonly runbooks?: string;
  /** Rules that make the catalogue's metrics of what the exporters tell. Default: none. */
  readonly recordings?: readonly RecordingRule[];
}

/** The group of the recorded metrics, which comes first. */
export const RECORDED = "recorded";

/** How long a metric may be away before that is an alert itself: longer than a restart of its exporter. */
const ABSENT_FOR = "10m";

/** Names metrics within a namespace. */
export const metricsOf =
  (namespace?: string): MetricOf =>
  (metric, ...matchers) => {
    const all = [...(namespace === undefined ? [] : [`namespace="${namespace}"`]), ...matchers];
    return all.length === 0 ? metric : `${metric}{${all.join(",")}}`;
  };

/** The alerts that Prometheus sees: those with a rule and with a threshold that can be passed. */
export const seenByPrometheus = (alerts: readonly Alert[], facts: Facts): readonly Alert[] =>
  alerts.filter((alert) => alert.prometheus !== undefined && Number.isFinite(measuredBy(alert).threshold(facts)));

/**
 * The rules of these alerts as a Prometheus rule file: the recorded metrics, a group for each part, and a last one that tells when
 * a metric that another rule needs is not there at all, because such a rule would stay silent for ever.
 */
export function renderPrometheusRules(alerts: readonly Alert[], facts: Facts, options: RuleOptions = {}): RuleFile {
  const rendered = seenByPrometheus(alerts, facts);
  const parts = [...new Set(rendered.map(({ part }) => part))];
  const needed = [...new Set(rendered.flatMap(({ prometheus }) => prometheus?.always ?? []))];
  return {
    groups: [
      { name: RECORDED, rules: (options.recordings ?? []).map((rule) => recordingRule(rule, options)) },
      ...parts.map((part) => ({
        name: part,
        rules: rendered.filter((alert) => alert.part === part).flatMap((alert) => ruleOf(alert, facts, options)),
      })),
      { name: "absent", rules: needed.map((metric) => absentRule(metric, options)) },
    ].filter(({ rules }) => rules.length > 0),
  };
}

/** What sums over everything has lost the label of the namespace. */
const recordingRule = (rule: RecordingRule, { namespace }: RuleOptions): RecordingRule =>
  namespace === undefined ? rule : { ...rule, labels: { namespace } };

function ruleOf(alert: Alert, facts: Facts, { namespace, runbooks }: RuleOptions): AlertingRule[] {
  const { prometheus } = alert;
  if (prometheus === undefined) return [];
  const of = metricsOf(namespace);
  const minutes = prometheus.forMinutes ?? alert.forMinutes;
  const breach = `${prometheus.value(of)} ${prometheus.comparison} ${measuredBy(alert).threshold(facts)}`;
  return [
    {
      alert: alert.name,
      expr: prometheus.when === undefined ? breach : `${breach} ${prometheus.when(of)}`,
      ...(minutes > 0 ? { for: `${minutes}m` } : {}),
      labels: { ...labelsOf(namespace), severity: alert.severity, part: alert.part },
      annotations: {
        summary: `${alert.signal}: ${alert.limit}`,
        description: alert.runbook.means,
        runbook_url: runbookOf(alert, runbooks),
      },
    },
  ];
}

const labelsOf = (namespace?: string): Readonly<Record<string, string>> =>
  namespace === undefined ? {} : { namespace };

const absentRule = (metric: string, { namespace, runbooks = RUNBOOKS }: RuleOptions): AlertingRule => ({
  alert: "metric-absent",
  expr: `absent(${metricsOf(namespace)(metric)})`,
  for: ABSENT_FOR,
  labels: { ...labelsOf(namespace), severity: "warning", metric },
  annotations: {
    summary: `${metric} is not there`,
    description: "A rule needs this metric and would stay silent without it: its exporter is gone, or not scraped.",
    runbook_url: runbookOf({ name: "metric-absent" }, runbooks),
  },
});
