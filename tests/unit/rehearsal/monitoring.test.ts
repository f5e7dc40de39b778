import { beforeEach, describe, expect, it } from "vitest";
import { kubernetes } from "../../../rehearsal/kubernetes";
import { UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
const MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor";

const apiVersion = "monitoring.coreos.com/v1";
const metadata = { name: "alerts", namespace: "n" };
const withSpec = (spec: unknown) => ({ apiVersion, kind: "PrometheusRule", metadata, spec });
const rulesOf = (...rules: readonly object[]) => withSpec({ groups: [{ name: "app", rules }] });
const ALERT = { alert: "down", expr: 'up{pod=~"a(b"} == 0', for: "1h30m", labels: { severity: "critical" } };
const monitorOf = (endpoint: object) => ({
  apiVersion,
  kind: "PodMonitor",
  metadata,
  spec: {
    selector: { matchLabels: { app: "a" } },
    podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "30s", scrapeTimeout: "10s", ...endpoint }],
  },
});

let cloud: ReturnType<typeof oneCloud>;
beforeEach(async () => {
  cloud = oneCloud([...kubernetes.resources.values()]);
  await cloud.create("kubernetes:core/v1:Namespace", { metadata: { name: "n" } });
});

describe("the rules of the Prometheus operator", () => {
  it("are taken with alerts, recorded metrics, and what nobody knows yet", async () => {
    const spec = rulesOf(ALERT, { record: "a:b", expr: "sum(up)", labels: { namespace: "n" } });
    expect(cloud.check(RULE, spec)).toEqual([]);
    expect(cloud.check(RULE, withSpec(UNKNOWN))).toEqual([]);
    expect(await cloud.create(RULE, spec)).toMatchObject({ id: "n/alerts" });
  });

  it.each([
    [{ ...ALERT, expr: undefined }, "could not parse"],
    [{ ...ALERT, expr: "sum(up" }, "could not parse"],
    [{ ...ALERT, expr: "sum(up]" }, "could not parse"],
    [{ ...ALERT, for: "90" }, "duration"],
    [{ ...ALERT, record: "up" }, "one of record and alert"],
    [{ expr: "up" }, "one of record and alert"],
    [{ record: "a-b", expr: "up" }, "invalid recording rule name"],
    [{ record: "a", expr: "up", for: "1m" }, "invalid field 'for'"],
    [{ record: "a", expr: "up", annotations: {} }, "invalid field 'annotations'"],
    [{ ...ALERT, labels: { "a-b": "c" } }, "invalid name a-b"],
    [{ ...ALERT, annotations: { summary: 5 } }, "must be text"],
  ])("are refused with %j", (rule, says) => {
    expect(cloud.check(RULE, rulesOf(rule)).join()).toContain(says);
  });

  it("are refused with two groups of one name, without a name, and without groups' home", () => {
    const group = { name: "app", rules: [ALERT] };
    expect(cloud.check(RULE, withSpec({ groups: [group, group] })).join()).toContain("Duplicate value");
    expect(cloud.check(RULE, withSpec({ groups: [{ rules: [] }] })).join()).toContain("Required value");
    expect(cloud.check(RULE, withSpec(undefined)).join()).toContain("Required value");
  });
});

describe("a monitor of pods", () => {
  it("is taken with the name of a port, and with intervals that fit", () => {
    expect(cloud.check(MONITOR, monitorOf({}))).toEqual([]);
    expect(cloud.check(MONITOR, monitorOf({ interval: UNKNOWN, scrapeTimeout: "1m" }))).toEqual([]);
  });

  it.each([
    [{ port: "Metrics" }, "no name of a container's port"],
    [{ port: "a-name-that-is-too-long" }, "no name of a container's port"],
    [{ interval: "30" }, "must be durations"],
    [{ scrapeTimeout: "40s" }, "must not be longer"],
  ])("is refused with %j", (endpoint, says) => {
    expect(cloud.check(MONITOR, monitorOf(endpoint)).join()).toContain(says);
  });

  it("needs a selector", () => {
    expect(cloud.check(MONITOR, { ...monitorOf({}), spec: { podMetricsEndpoints: [] } }).join()).toContain(
      "Required value",
    );
  });

  it("is made anew under another name, and changed in place otherwise", () => {
    expect(cloud.replaces(MONITOR, monitorOf({}), monitorOf({ path: "/m" }))).toEqual([]);
  });
});
