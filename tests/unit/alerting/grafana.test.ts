import { describe, expect, it } from "vitest";
import { PARTS } from "../../../components/alerting/alert";
import { alertsOf, CATALOGUE } from "../../../components/alerting/catalogue";
import { chartsOf } from "../../../components/alerting/prometheus/charts";
import { grafanaDashboard } from "../../../components/alerting/prometheus/grafana";
import { metricsOf, seenByPrometheus } from "../../../components/alerting/prometheusRules";
import { PART_TITLES } from "../../../components/alerting/runbooks";
import { FACTS } from "./sample";

const alerts = seenByPrometheus(CATALOGUE, FACTS);
const dashboardOf = (shown = alerts) =>
  grafanaDashboard({ title: "shop (test)", namespace: "shop", alerts: shown, facts: FACTS });
const dashboard = dashboardOf();
const graphs = dashboard.panels.filter(({ type }) => type === "timeseries");

/** The steps of the graph with this title. */
function stepsOf(title: string): unknown {
  const panel = graphs.find((each) => each.title === title);
  return panel?.fieldConfig?.defaults.thresholds.steps;
}

describe("the Grafana dashboard", () => {
  it("has a row for each part, in the order of the parts", () => {
    const rows = dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    const titles = PARTS.filter((part) => alerts.some((alert) => alert.part === part)).map((part) => PART_TITLES[part]);
    expect(rows).toEqual(titles);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it("shows the value of every alert, within the namespace", () => {
    const shown = graphs.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));
    for (const { name, prometheus } of alerts) expect(shown, name).toContain(prometheus?.value(metricsOf("shop")));
  });

  it("S3-33, S3-34, S3-35, S3-36, S3-37: shows connections, times of queries, sizes of tables, use of indexes, memory and CPU", () => {
    const shown = JSON.stringify(graphs);
    for (const metric of [
      "pg_settings_max_connections",
      "postgres_longest_query_seconds",
      "pg_stat_user_tables_total_bytes",
      "pg_stat_user_tables_idx_scan",
      "pg_memory_used_percent",
      "pg_cpu_used_percent",
    ])
      expect(shown).toContain(metric);
  });

  it("draws a line at each threshold, with the colour of its severity on the wrong side", () => {
    expect(stepsOf("share of max_connections in use")).toEqual([
      { color: "green", value: null },
      { color: "orange", value: 80 },
    ]);
    expect(stepsOf("free space of a volume")).toEqual([
      { color: "red", value: null },
      { color: "green", value: 15 },
    ]);
  });

  it("shares one graph between alerts of one value", () => {
    expect(stepsOf("time that a replica is behind")).toEqual([
      { color: "green", value: null },
      { color: "orange", value: 30 },
      { color: "red", value: 300 },
    ]);
  });

  it("places nothing over anything else, and nothing beside the grid", () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it("names no data source, keeps its address, and fits into a ConfigMap", () => {
    for (const panel of dashboard.panels.filter(({ type }) => type !== "row"))
      expect(panel.datasource).toEqual({ type: "prometheus", uid: "$".concat("{datasource}") });
    expect(dashboardOf().uid).toBe(dashboard.uid);
    expect(dashboard.uid).toMatch(/^[a-f0-9]{16}$/);
    expect(JSON.stringify(dashboard).length).toBeLessThan(2 ** 20 / 2);
  });

  it("has no graph of a part that is not there", () => {
    const few = seenByPrometheus(alertsOf(["cache"]), FACTS);
    expect(new Set(chartsOf(few, FACTS, () => "").map(({ part }) => part))).toEqual(new Set(["cache"]));
  });
});
