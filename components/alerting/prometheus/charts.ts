import { type Alert, type Facts, type MetricOf, measuredBy, PARTS, type Part } from "../alert";
import { seenByPrometheus } from "../prometheusRules";

/** One graph: a value over time, with a line for each threshold. */
export interface Chart {
  readonly part: Part;
  readonly title: string;
  /** What it means, and where the runbook is. */
  readonly text: string;
  readonly value: (of: MetricOf) => string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly at: number;
  readonly severity: Alert["severity"];
  /** Which side of the line is the wrong one. */
  readonly wrong: "above" | "below";
}

/** What the documents want to be seen and give no threshold for. */
const UNLIMITED: readonly Omit<Chart, "lines">[] = [
  {
    part: "database",
    title: "sessions and processes of the server",
    text: "The documented metric, with the server's own processes (S4-37).",
    value: (of) => of("postgres_connections"),
    unit: "sessions",
  },
  {
    part: "database",
    title: "largest tables with their indexes",
    text: "Sizes, and by their slope their growth (S3-35).",
    value: (of) => `topk(10, ${of("pg_stat_user_tables_total_bytes")})`,
    unit: "bytes",
  },
  {
    part: "database",
    title: "share of table reads that use an index, the 10 lowest",
    text: "Index usage (S3-36). Small tables are read as a whole, and should be.",
    value: (of) => {
      const [index, whole] = ["idx_scan", "seq_scan"].map(
        (column) => `rate(${of(`pg_stat_user_tables_${column}`)}[15m])`,
      );
      return `bottomk(10, ${index} / (${index} + ${whole} > 0))`;
    },
    unit: "share",
  },
];

/** The graphs of these parts: one for each value that an alert watches, and those without a threshold. */
export function chartsOf(alerts: readonly Alert[], facts: Facts, pageOf: (alert: Alert) => string): Chart[] {
  const charts = new Map<string, Chart>();
  for (const alert of seenByPrometheus(alerts, facts)) {
    const { prometheus, part, signal, severity, runbook } = alert;
    if (prometheus === undefined) continue;
    const { threshold, unit } = measuredBy(alert);
    const { value } = prometheus;
    // Alerts of one value differ in their thresholds only; they share a graph.
    const key = `${part} ${value((metric, ...matchers) => [metric, ...matchers].join())}`;
    const lines: Line[] = [
      { at: threshold(facts), severity, wrong: prometheus.comparison.startsWith(">") ? "above" : "below" },
    ];
    const chart = charts.get(key) ?? { part, title: signal, text: "", value, unit, lines: [] };
    charts.set(key, {
      ...chart,
      text: `${chart.text}${alert.name}: ${alert.limit}. ${runbook.means} ${pageOf(alert)}\n\n`,
      lines: [...chart.lines, ...lines],
    });
  }
  const parts = new Set(alerts.map(({ part }) => part));
  const all = [
    ...charts.values(),
    ...UNLIMITED.filter(({ part }) => parts.has(part)).map((chart) => ({ ...chart, lines: [] })),
  ];
  return PARTS.flatMap((part) => all.filter((chart) => chart.part === part));
}
