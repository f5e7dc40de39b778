import { alertsOf } from "../../components/alerting/catalogue";
import { type ClusterEstate, factsOf, partsOf, recordingsOf } from "../../components/alerting/prometheus/estate";
import { metricsOf, renderPrometheusRules, seenByPrometheus } from "../../components/alerting/prometheusRules";
import { ESTATE, NAMESPACE } from "./ruleSeries";

/** The rules of a stack that has everything. */
export const FACTS = factsOf(ESTATE);
export const ALERTS = seenByPrometheus(alertsOf(partsOf(ESTATE)), FACTS);
export const FILE = renderPrometheusRules(ALERTS, FACTS, {
  namespace: NAMESPACE,
  recordings: recordingsOf(ESTATE, metricsOf(NAMESPACE)),
});

/** What stacks have that have less. */
export const ESTATES: Readonly<Record<string, ClusterEstate>> = {
  everything: ESTATE,
  "a small team": {
    app: { workload: "statefulset", port: 3000 },
    sqlite: {},
    cache: {},
    dumps: ["aibase", "aibase-files"],
    tierMaxUsers: 10_000,
  },
  "a cluster beside AWS": {
    app: { workload: "deployment", port: 3000, metrics: false },
    dumps: ["aibase"],
    drills: ["aibase"],
  },
};
