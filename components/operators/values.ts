import type { OperatorName } from "./charts";

/**
 * Values of the charts, beside their defaults: requests and limits, and what keeps every pod within the Pod Security level
 * `restricted` that the namespaces enforce. By their documentation the charts' own security contexts hold to it; none was rendered here.
 */

/** A pod that is asked for so much; memory is bounded by what it requests, so that a node never runs short of what it promised. */
const resources = (cpu: string, memory: string) => ({
  requests: { cpu, memory, "ephemeral-storage": "128Mi" },
  limits: { memory, "ephemeral-storage": "1Gi" },
});

/** What the values of one installation depend on. */
export interface ValuesOf {
  /** StorageClass of what Prometheus keeps. Default: the cluster's own. */
  readonly storageClass?: string;
  /** Secret with the login of Grafana, in the namespace of Prometheus. */
  readonly grafanaSecret: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Keys of the Secret with the login of Grafana. */
export const GRAFANA_KEYS = { user: "admin-user", password: "admin-password" } as const;

const certManager: Values = {
  // Kept when the release goes: with them every certificate in the cluster would go.
  crds: { enabled: true, keep: true },
  // Managed clusters let nobody write into kube-system, which is the chart's default.
  global: { leaderElection: { namespace: "cert-manager" } },
  resources: resources("50m", "128Mi"),
  webhook: { resources: resources("50m", "64Mi") },
  cainjector: { resources: resources("50m", "256Mi") },
  startupapicheck: { resources: resources("50m", "64Mi") },
};

const cloudNativePg: Values = { resources: resources("100m", "256Mi") };

const barmanCloud: Values = { resources: resources("100m", "128Mi") };

/** Space for 15 days of the metrics of a small cluster, and 20 % of room (ours). */
const PROMETHEUS_GIB = 20;

const prometheus = ({ storageClass, grafanaSecret }: ValuesOf): Values => ({
  // It wants the node's own network, processes and disk, which the level `restricted` forbids.
  nodeExporter: { enabled: false },
  // A managed cluster shows none of them, and an alert on each that is missing would fire for ever.
  kubeControllerManager: { enabled: false },
  kubeScheduler: { enabled: false },
  kubeEtcd: { enabled: false },
  kubeProxy: { enabled: false },
  prometheusOperator: {
    resources: resources("100m", "256Mi"),
    prometheusConfigReloader: { resources: resources("20m", "64Mi") },
    admissionWebhooks: { patch: { resources: resources("20m", "64Mi") } },
  },
  prometheus: {
    prometheusSpec: {
      // The chart's default would see only rules and monitors that carry the label of its own release.
      ruleSelectorNilUsesHelmValues: false,
      serviceMonitorSelectorNilUsesHelmValues: false,
      podMonitorSelectorNilUsesHelmValues: false,
      retention: "15d",
      retentionSize: `${PROMETHEUS_GIB * 0.8}GiB`,
      resources: resources("200m", "1Gi"),
      storageSpec: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: `${PROMETHEUS_GIB}Gi` } },
            ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          },
        },
      },
    },
  },
  alertmanager: { alertmanagerSpec: { resources: resources("20m", "64Mi") } },
  "kube-state-metrics": { resources: resources("20m", "128Mi") },
  grafana: {
    admin: { existingSecret: grafanaSecret, userKey: GRAFANA_KEYS.user, passwordKey: GRAFANA_KEYS.password },
    resources: resources("50m", "256Mi"),
    // Our dashboards are ConfigMaps in the namespace of the platform.
    sidecar: { resources: resources("20m", "128Mi"), dashboards: { enabled: true, searchNamespace: "ALL" } },
  },
});

/** Values of the chart of an operator. */
export function chartValues(name: OperatorName, args: ValuesOf): Values {
  return { certManager, cloudNativePg, barmanCloud, prometheus: prometheus(args) }[name];
}
