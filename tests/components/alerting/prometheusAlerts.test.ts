import { describe, expect, it } from "vitest";
import type { ClusterEstate } from "../../../components/alerting/prometheus/estate";
import { PrometheusAlerts, type PrometheusAlertsArgs } from "../../../components/alerting/prometheus/prometheusAlerts";
import type { RuleFile } from "../../../components/alerting/prometheusRules";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { at, items } from "../../../rehearsal/values";
import { recording } from "../../support/recording";
import { holding } from "./watched";

const EVERYTHING: ClusterEstate = {
  app: { workload: "deployment", port: 3000 },
  database: {
    clusterName: "aibase-db",
    instances: 3,
    poolerName: "aibase-pooler",
    archive: true,
    facts: { memoryGiB: 8, vcpus: 2, maxConnections: 200, storageGiB: 100 },
  },
  cache: {},
  files: {},
  dumps: ["aibase"],
  drills: ["aibase"],
  tierMaxUsers: 100_000,
};

async function makeAlerts(estate: ClusterEstate, more: Partial<PrometheusAlertsArgs> = {}) {
  const cloud = rehearsedMocks();
  holding(cloud, "kubernetes:core/v1:Namespace", "aibase");
  const records = recording();
  const alerts = new PrometheusAlerts("watch", { namespace: "aibase", estate, ...more }, records.opts);
  await records.made();
  const rules = () => at(cloud.one(":PrometheusRule").inputs, "spec") as RuleFile;
  return { ...cloud, ...records, alerts, rules };
}

const namesOf = (file: RuleFile): string[] =>
  file.groups.flatMap((group) => group.rules).flatMap((rule) => ("alert" in rule ? [rule.alert] : []));

describe("the alerts of a cluster", () => {
  it("are one object of rules in the stack's namespace, under the labels that Prometheus chooses by", async () => {
    const { one, rules, alerts } = await makeAlerts(EVERYTHING, { labels: { release: "prometheus" } });
    const { inputs, type } = one(":PrometheusRule");
    expect(type).toBe("kubernetes:monitoring.coreos.com/v1:PrometheusRule");
    expect(inputs.metadata).toMatchObject({
      name: "aibase-alerts",
      namespace: "aibase",
      labels: { release: "prometheus", "app.kubernetes.io/part-of": "aibase" },
    });
    expect(namesOf(rules())).toEqual(expect.arrayContaining([...alerts.alertNames]));
    expect(alerts.alertNames).toContain("wal-archiving-failed");
  });

  it("look at the stack's namespace, and lead to the runbooks where these are", async () => {
    const { rules } = await makeAlerts(EVERYTHING, { runbooks: "https://example.com/alerts.html" });
    const text = JSON.stringify(rules());
    expect(text).toContain('namespace=\\"aibase\\"');
    expect(text).toContain("https://example.com/alerts.html#slow-query");
  });

  it("S3-38: connections above 80 % of what the server allows, for ten minutes", async () => {
    const { rules } = await makeAlerts(EVERYTHING);
    const rule = rules()
      .groups.flatMap((group) => group.rules)
      .find((each) => "alert" in each && each.alert === "database-connections-high");
    expect(rule).toMatchObject({ for: "10m", expr: expect.stringMatching(/max_connections.* > 80$/) });
  });

  it("ask the pods that tell metrics, each at its own port and path", async () => {
    const { all } = await makeAlerts(EVERYTHING);
    const monitors = all(":PodMonitor").map(({ inputs }) => [
      at(inputs, "metadata.name"),
      at(inputs, "spec.selector.matchLabels"),
      items(at(inputs, "spec.podMetricsEndpoints")).map((endpoint) => `${at(endpoint, "port")}${at(endpoint, "path")}`),
    ]);
    expect(monitors).toEqual([
      ["aibase", { app: "aibase" }, ["http/metrics"]],
      ["redis", { app: "redis" }, ["metrics/metrics"]],
      ["minio", { app: "minio" }, ["s3/minio/v2/metrics/cluster"]],
      ["aibase-db-instances", { "cnpg.io/cluster": "aibase-db", "cnpg.io/podRole": "instance" }, ["metrics/metrics"]],
      ["aibase-pooler", { "cnpg.io/poolerName": "aibase-pooler", "cnpg.io/podRole": "pooler" }, ["metrics/metrics"]],
    ]);
  });

  it("let Prometheus in at these ports, and nobody else", async () => {
    const { all } = await makeAlerts(EVERYTHING, { prometheusNamespace: "observability" });
    const ways = all(":NetworkPolicy").flatMap(({ inputs }) => items(at(inputs, "spec.ingress")));
    for (const way of ways)
      expect(at(way, "from")).toEqual([
        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "observability" } } },
      ]);
    const ports = ways.flatMap((way) => items(at(way, "ports")).map((port) => at(port, "port")));
    expect(ports).toEqual([3000, 9121, 9000, 9187, 9127]);
  });

  it("show a dashboard that Grafana's sidecar finds", async () => {
    const { one } = await makeAlerts(EVERYTHING);
    const { inputs } = one(":ConfigMap");
    expect(at(inputs, "metadata.labels")).toMatchObject({ grafana_dashboard: "1" });
    const [[file = "", text = ""] = []] = Object.entries(inputs.data as Record<string, string>);
    expect(file).toBe("aibase.json");
    expect(JSON.parse(text)).toMatchObject({ title: "aibase (test)", tags: ["scaling-ladder"] });
  });

  it("hang below their component", async () => {
    const { alerts, find } = await makeAlerts(EVERYTHING);
    for (const name of ["watch-rules", "watch-dashboard", "watch-redis", "watch-redis-metrics"])
      expect(find(name).opts.parent).toBe(alerts);
  });

  it("are those of SQLite where there is no PostgreSQL", async () => {
    const { all, alerts, rules } = await makeAlerts({
      app: { workload: "statefulset", port: 3000 },
      sqlite: {},
      cache: {},
      dumps: ["aibase", "aibase-files"],
      tierMaxUsers: 10_000,
    });
    expect(alerts.alertNames).toEqual(expect.arrayContaining(["litestream-behind", "volume-space-low", "dump-old"]));
    expect(alerts.alertNames.filter((name) => /^(database|replica|wal|pooler|restore-drill)-/.test(name))).toEqual([]);
    expect(all(":PodMonitor").map(({ inputs }) => at(inputs, "metadata.name"))).toEqual([
      "aibase",
      "aibase-litestream",
      "redis",
    ]);
    expect(JSON.stringify(rules())).toContain('kube_statefulset_replicas{namespace=\\"aibase\\",statefulset=');
  });

  it("ask no application that tells nothing, and miss no metric of it", async () => {
    const { all, alerts } = await makeAlerts({ app: { workload: "deployment", port: 3000, metrics: false } });
    expect(all(":PodMonitor")).toEqual([]);
    expect(all(":NetworkPolicy")).toEqual([]);
    expect(alerts.alertNames).toEqual(["app-down", "app-pods-missing", "app-restarting", "app-memory-high"]);
  });

  it("give their rules to a transform before they are made", async () => {
    const { rules } = await makeAlerts(EVERYTHING, {
      transform: { rules: (file) => ({ groups: file.groups.filter(({ name }) => name === "cache") }) },
    });
    expect(rules().groups.map(({ name }) => name)).toEqual(["cache"]);
  });
});
