/** The operators that stacks in Kubernetes need, the charts that bring them, and how to tell that they are there. */

/** A part of the Kubernetes API that an operator adds. */
export interface ServedApi {
  /** Such as `postgresql.cnpg.io/v1`. */
  readonly groupVersion: string;
  /** The kinds that the stacks make; an operator that is too old serves the group without some of them. */
  readonly kinds: readonly string[];
}

export interface OperatorChart {
  /** What it is called in messages. */
  readonly title: string;
  /** Name of the chart, and of its release. */
  readonly chart: string;
  /** Address of the chart repository. */
  readonly repository: string;
  /** Exact version of the chart. */
  readonly version: string;
  /** Namespace that it is installed in. */
  readonly namespace: string;
  readonly api: ServedApi;
}

export const OPERATOR_NAMES = ["certManager", "cloudNativePg", "barmanCloud", "prometheus"] as const;
export type OperatorName = (typeof OPERATOR_NAMES)[number];

const CNPG_CHARTS = "https://cloudnative-pg.github.io/charts";
/** The plugin must stand in the namespace of the operator (plugin-barman-cloud, "Installation"). */
const CNPG_NAMESPACE = "cnpg-system";

/** In the order of their installation: the plugin needs the two before it. */
export const OPERATORS: Readonly<Record<OperatorName, OperatorChart>> = {
  certManager: {
    title: "cert-manager",
    chart: "cert-manager",
    repository: "https://charts.jetstack.io",
    version: "v1.21.2",
    namespace: "cert-manager",
    api: { groupVersion: "cert-manager.io/v1", kinds: ["Certificate", "Issuer"] },
  },
  cloudNativePg: {
    title: "CloudNativePG",
    chart: "cloudnative-pg",
    repository: CNPG_CHARTS,
    version: "0.29.1",
    namespace: CNPG_NAMESPACE,
    api: { groupVersion: "postgresql.cnpg.io/v1", kinds: ["Cluster", "Database", "Pooler", "ScheduledBackup"] },
  },
  barmanCloud: {
    title: "Barman Cloud plugin of CloudNativePG",
    chart: "plugin-barman-cloud",
    repository: CNPG_CHARTS,
    version: "0.8.1",
    namespace: CNPG_NAMESPACE,
    api: { groupVersion: "barmancloud.cnpg.io/v1", kinds: ["ObjectStore"] },
  },
  prometheus: {
    title: "Prometheus operator",
    chart: "kube-prometheus-stack",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "92.15.0",
    namespace: "monitoring",
    api: { groupVersion: "monitoring.coreos.com/v1", kinds: ["PodMonitor", "PrometheusRule", "ServiceMonitor"] },
  },
};

/** Values without which the chart alone does not do what the stacks need. */
const NEEDED_VALUES: Readonly<Record<OperatorName, string>> = {
  certManager: " --set crds.enabled=true",
  cloudNativePg: "",
  barmanCloud: "",
  // Else it sees only rules and monitors that carry the label of its own release.
  prometheus: ["rule", "serviceMonitor", "podMonitor"]
    .map((kind) => ` --set prometheus.prometheusSpec.${kind}SelectorNilUsesHelmValues=false`)
    .join(""),
};

/** The command that installs an operator by hand. */
export function helmCommand(name: OperatorName): string {
  const { chart, repository, version, namespace } = OPERATORS[name];
  return `helm upgrade --install ${chart} ${chart} --repo ${repository} --version ${version} --namespace ${namespace} --create-namespace --wait${NEEDED_VALUES[name]}`;
}
