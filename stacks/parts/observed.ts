import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { ClusterEstate } from "../../components/alerting/prometheus/estate";
import { PrometheusAlerts } from "../../components/alerting/prometheus/prometheusAlerts";
import type { Namespace } from "../../components/kubernetes/namespace";
import { Operators } from "../../components/operators/operators";
import { type SmallTeamSettings, type SmbSettings, tierByName } from "../../settings";
import { operatorModes } from "../../settings/hosting";

type ObservedSettings = SmallTeamSettings | SmbSettings;

/** The operators that the stack was asked to install; the others are in the cluster, which `ladder doctor` looks after. */
export function operatorsOf(settings: ObservedSettings, opts: ComponentResourceOptions): Operators {
  const { monitoring, cluster } = settings;
  const { cloudNativePg, certManager, prometheus } = operatorModes(settings);
  return new Operators(
    "operators",
    {
      certManager,
      cloudNativePg,
      barmanCloud: cloudNativePg,
      prometheus: prometheus === "install" ? "install" : "existing",
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
  const { monitoring, tier } = settings;
  if (operatorModes(settings).prometheus === "none") return undefined;
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
