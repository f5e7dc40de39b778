import { type Alert, fixed } from "../alert";

/** Volumes of the cluster: the database's, its WAL's, the cache's and the files', as the kubelets measure them. */

const AVAILABLE = "kubelet_volume_stats_available_bytes";
const ALWAYS = [AVAILABLE, "kubelet_volume_stats_capacity_bytes"];

const RUNBOOK = {
  look: [
    "Which one: the label persistentvolumeclaim. `database-growth` and `replication-slot-lag` for a database's.",
    "`kubectl describe pvc`: does its storage class allow growing (allowVolumeExpansion)?",
  ],
  act: [
    "Raise the size in the stack's settings; most storage classes grow a volume in place.",
    "Never delete WAL files by hand: the database would not start again.",
  ],
};

export const volumes: readonly Alert[] = [
  {
    name: "volume-space-low",
    part: "volumes",
    signal: "free space of a volume",
    threshold: fixed(15),
    limit: "below 15 %",
    unit: "percent",
    forMinutes: 15,
    severity: "critical",
    source:
      "ours; kubernetes-mixin (KubePersistentVolumeFillingUp) wakes somebody at 3 %, which leaves no time to grow it",
    runbook: { means: "The volume is nearly full; what stands on it will stop writing.", ...RUNBOOK },
    prometheus: {
      value: (of) =>
        `100 * max by (namespace, persistentvolumeclaim) (${of(AVAILABLE)}) / max by (namespace, persistentvolumeclaim) (${of("kubelet_volume_stats_capacity_bytes")})`,
      comparison: "<",
      always: ALWAYS,
    },
  },
  {
    name: "volume-full-soon",
    part: "volumes",
    signal: "free space of a volume in 4 hours, by the trend of the last one",
    threshold: fixed(0),
    limit: "none, for 30 minutes",
    unit: "bytes",
    forMinutes: 30,
    severity: "warning",
    source: "ours; the trend of kubernetes-mixin, with a shorter look ahead",
    runbook: { means: "As it goes on, the volume is full within 4 hours.", ...RUNBOOK },
    prometheus: {
      value: (of) => `predict_linear(max by (namespace, persistentvolumeclaim) (${of(AVAILABLE)})[1h:1m], 4 * 3600)`,
      comparison: "<=",
      always: ALWAYS,
    },
  },
];
