import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { ClusterEstate } from "../../components/alerting/prometheus/estate";
import { PrometheusAlerts } from "../../components/alerting/prometheus/prometheusAlerts";
import type { Namespace } from "../../components/kubernetes/namespace";
import { Operators } from "../../components/operators/operators";
import { type SmallTeamSettings, type SmbSettings, tierByName } from "../../settings";

type ObservedSettings = SmallTeamSettings | SmbSettings;

/** The operators that the stack was asked to install; the others are in the cluster, which `ladder doctor` looks after. */
export function operatorsOf(settings: ObservedSettings, opts: ComponentResourceOptions): Operators {
  const { operators, monitoring, cluster } = settings;
  const cloudNativePg = "cloudNativePg" in operators ? operators.cloudNativePg : "existing";
  return new Operators(
    "operators",
    {
      // The plugin of backups needs both others.
      certManager: cloudNativePg,
      cloudNativePg,
      barmanCloud: cloudNativePg,
      prometheus: operators.prometheus === "install" ? "install" : "existing",
      prometheusNamespace: monitoring.namespace,
      ...(cluster.storageClass === undefined ? {} : { storageClass: cluster.storageClass }),
    },
    opts,
  );
}

/** Alerts by the cluster's Prometheus; undefined where the stack does without it. */
export function observedOf(
  namespace: Namespace,
  estate: ClusterEstate,
  settings: ObservedSettings,
  opts: ComponentResourceOptions,
): PrometheusAlerts | undefined {
  const { operators, monitoring, tier } = settings;
  if (operators.prometheus === "none") return undefined;
  const { max } = tierByName(tier).users;
  return new PrometheusAlerts(
    "watch",
    {
      namespace: namespace.namespace,
      estate: { ...estate, tierMaxUsers: max },
      prometheusNamespace: monitoring.namespace,
      labels: monitoring.labels,
      ...(monitoring.runbooks === undefined ? {} : { runbooks: `${monitoring.runbooks.replace(/\/$/, "")}/alerts.md` }),
    },
    opts,
  );
}
