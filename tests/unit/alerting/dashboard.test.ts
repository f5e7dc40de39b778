import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { dashboardBody, type Widget } from "../../../components/alerting/dashboard";
import { KNOWN_METRICS } from "../../../rehearsal/aws/knownMetrics";
import { ESTATE, FACTS, LEAST } from "./sample";

const body = (estate = ESTATE, alarms = 10) =>
  dashboardBody({
    region: "us-east-1",
    estate,
    facts: FACTS,
    alarms: Array.from({ length: alarms }, (_, index) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm:a${index}`),
  }).widgets;

const overlap = (one: Widget, other: Widget): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const titles = (widgets: readonly Widget[]) => widgets.map(({ properties }) => properties.title);

describe("the dashboard", () => {
  it("has widgets that fit the grid and never lie on each other, however many alarms there are", () => {
    assert(
      property(integer({ min: 0, max: 350 }), (alarms) => {
        const widgets = body(ESTATE, alarms);
        expect(widgets.length).toBeLessThanOrEqual(500);
        for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
        for (const [index, widget] of widgets.entries())
          for (const other of widgets.slice(index + 1)) expect(overlap(widget, other)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it("shows every alarm, a hundred in a widget", () => {
    const shown = body(ESTATE, 230).filter(({ type }) => type === "alarm");
    expect(shown.map(({ properties }) => (properties.alarms as string[]).length)).toEqual([100, 100, 30]);
  });

  it("begins with the objective and its minutes", () => {
    expect(body()[0]?.properties.markdown).toContain("99.9 % of 30 days, 43.2 minutes");
    const availability = body().find(({ properties }) => String(properties.title).startsWith("Availability"));
    expect(availability?.properties).toMatchObject({ view: "singleValue", setPeriodToTimeRange: true, start: "-P30D" });
  });

  it("draws the alarm's line where the alarm's threshold is", () => {
    const connections = body().find(({ properties }) => properties.title === "Connections");
    expect(connections?.properties.annotations).toEqual({ horizontal: [{ label: "alarm", value: 160 }] });
  });

  it("S3-33, S3-37: shows how far connections are used, and CPU and memory of database and cache, each with its limit", () => {
    const widgets = new Map(body().map(({ properties }) => [properties.title, properties]));
    for (const [title, metric] of [
      ["Connections", "DatabaseConnections"],
      ["CPU (%)", "CPUUtilization"],
      ["Freeable memory (bytes)", "FreeableMemory"],
      ["Cache: engine CPU (%)", "EngineCPUUtilization"],
      ["Cache: memory (%)", "DatabaseMemoryUsagePercentage"],
    ] as const) {
      const { metrics, annotations } = widgets.get(title) ?? {};
      expect(JSON.stringify(metrics), title).toContain(`"${metric}"`);
      expect(annotations, title).toMatchObject({ horizontal: [{ value: expect.any(Number) }] });
    }
  });

  it("asks only for metrics that AWS tells", () => {
    for (const { properties } of body())
      for (const [namespace, metric] of (properties.metrics ?? []) as [string, string][])
        if (namespace.startsWith("AWS/")) expect([...(KNOWN_METRICS[namespace]?.metrics ?? [])]).toContain(metric);
  });

  it("leaves out what a stack does not have", () => {
    expect(titles(body(LEAST)).filter((title) => /Proxy|Cache|Files|Backups|Replica/.test(String(title)))).toEqual([]);
    expect(titles(body()).filter((title) => /Proxy|Cache|Files|Backups|Replica/.test(String(title)))).toHaveLength(8);
  });
});
