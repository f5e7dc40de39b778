import { createHash } from "node:crypto";
import { type Alert, type Facts, runbookOf } from "../alert";
import { metricsOf } from "../prometheusRules";
import { PART_TITLES } from "../runbooks";
import { type Chart, chartsOf, type Line } from "./charts";

/** A Grafana dashboard, as its JSON model has it (schema 39: Grafana 10 and later). */

export interface DashboardOptions {
  readonly title: string;
  readonly namespace: string;
  readonly alerts: readonly Alert[];
  readonly facts: Facts;
  /** Address of the page of runbooks. Default: its place in the project. */
  readonly runbooks?: string | undefined;
}

/** Chosen by the reader, so that no name of a data source stands in it. */
const DATASOURCE = { type: "prometheus", uid: "$" + "{datasource}" };

interface Panel {
  readonly type: "row" | "timeseries" | "table";
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly collapsed?: boolean;
  readonly description?: string;
  readonly datasource?: typeof DATASOURCE;
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit: string;
      readonly custom: { readonly thresholdsStyle: { readonly mode: "line" | "off" } };
      readonly thresholds: { readonly mode: "absolute"; readonly steps: readonly Step[] };
    };
    readonly overrides: readonly never[];
  };
}

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly format?: string;
}

interface Step {
  readonly color: string;
  /** What it begins at; the first one has no beginning. */
  readonly value: number | null;
}

const COLUMNS = 24;
/** Three graphs stand side by side. */
const WIDTH = 8;
const HEIGHT = 7;
const TABLE = 6;

/** A row for each part, with a graph for each value that its alerts watch, and the thresholds as lines; above them what fires now. */
export function grafanaDashboard(options: DashboardOptions) {
  const { title, namespace, alerts, facts, runbooks } = options;
  const charts = chartsOf(alerts, facts, (alert) => runbookOf(alert, runbooks));
  const panels: Panel[] = [firing(namespace)];
  let y = TABLE;
  for (const part of new Set(charts.map((chart) => chart.part))) {
    panels.push({ type: "row", title: PART_TITLES[part], gridPos: { x: 0, y, w: COLUMNS, h: 1 }, collapsed: false });
    y += 1;
    const own = charts.filter((chart) => chart.part === part);
    panels.push(...own.map((chart, index) => graph(chart, namespace, index, y)));
    y += Math.ceil(own.length / (COLUMNS / WIDTH)) * HEIGHT;
  }
  return {
    uid: createHash("sha256").update(`${title} ${namespace}`).digest("hex").slice(0, 16),
    title,
    tags: ["scaling-ladder"],
    schemaVersion: 39,
    editable: false,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    templating: { list: [{ name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" }] },
    panels: panels.map((panel, index) => ({ ...panel, id: index + 1 })),
  };
}

const firing = (namespace: string): Panel => ({
  type: "table",
  title: "Alerts that fire",
  gridPos: { x: 0, y: 0, w: COLUMNS, h: TABLE },
  datasource: DATASOURCE,
  targets: [
    {
      refId: "A",
      expr: `sum by (severity, alertname, part) (${metricsOf(namespace)("ALERTS", 'alertstate="firing"')})`,
      instant: true,
      format: "table",
    },
  ],
});

const graph = (chart: Chart, namespace: string, index: number, top: number): Panel => ({
  type: "timeseries",
  title: chart.title,
  description: chart.text.trim(),
  gridPos: {
    x: (index % (COLUMNS / WIDTH)) * WIDTH,
    y: top + Math.floor(index / (COLUMNS / WIDTH)) * HEIGHT,
    w: WIDTH,
    h: HEIGHT,
  },
  datasource: DATASOURCE,
  targets: [{ refId: "A", expr: chart.value(metricsOf(namespace)) }],
  fieldConfig: {
    defaults: {
      unit: UNITS[chart.unit] ?? "short",
      custom: { thresholdsStyle: { mode: chart.lines.length === 0 ? "off" : "line" } },
      thresholds: { mode: "absolute", steps: stepsOf(chart.lines) },
    },
    overrides: [],
  },
});

/** Units of the catalogue, as Grafana names them; all others are plain numbers. */
const UNITS: Readonly<Record<string, string>> = {
  percent: "percent",
  share: "percentunit",
  bytes: "bytes",
  "bytes a day": "bytes",
  seconds: "s",
  milliseconds: "ms",
};

const COLOURS = { warning: "orange", critical: "red" } as const;

/** Steps go upwards, each with the colour of what is above it. */
function stepsOf(lines: readonly Line[]): readonly Step[] {
  const rising = [...lines].sort((one, other) => one.at - other.at);
  const below = rising.filter(({ wrong }) => wrong === "below");
  const above = rising.filter(({ wrong }) => wrong === "above");
  return [
    { color: colourOf(below[0]), value: null },
    ...below.map(({ at }, index) => ({ color: colourOf(below[index + 1]), value: at })),
    ...above.map((line) => ({ color: colourOf(line), value: line.at })),
  ];
}

const colourOf = (line: Line | undefined): string => (line === undefined ? "green" : COLOURS[line.severity]);
