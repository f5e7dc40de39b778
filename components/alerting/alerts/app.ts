import { type Alert, fixed } from "../alert";

/** The application on Kubernetes, by kube-state-metrics and cAdvisor. Its pods are a Deployment's or a StatefulSet's (prometheus/sources.ts). */

const APP = 'container="aibase"';

export const app: readonly Alert[] = [
  {
    name: "app-down",
    part: "app",
    signal: "pods of the application that can serve",
    threshold: fixed(1),
    limit: "none for 1 minute",
    unit: "pods",
    forMinutes: 1,
    severity: "critical",
    source: "S0-35, C-06",
    runbook: {
      means: "Nobody can use the application.",
      look: [
        "`kubectl describe deployment aibase` (small-team: `statefulset`); the log of a pod that does not become ready.",
      ],
      act: ["A new release? `kubectl rollout undo deployment/aibase`.", "Otherwise see database-down and cache-down."],
    },
    prometheus: {
      value: (of) => of("app_pods_ready"),
      comparison: "<",
      always: ["app_pods_ready"],
    },
  },
  {
    name: "app-pods-missing",
    part: "app",
    signal: "pods that are wanted and not there",
    threshold: fixed(0),
    limit: "any for 15 minutes",
    unit: "pods",
    forMinutes: 15,
    severity: "warning",
    source: "ours",
    runbook: {
      means: "The cluster has no room, or a pod does not become ready.",
      look: ["`kubectl get events --sort-by=.lastTimestamp`: FailedScheduling, Unhealthy, BackOff."],
      act: ["More nodes, or smaller requests; the log of the pod that fails."],
    },
    prometheus: {
      value: (of) => `${of("app_pods_wanted")} - ${of("app_pods_ready")}`,
      comparison: ">",
      always: ["app_pods_wanted", "app_pods_ready"],
    },
  },
  {
    name: "app-restarting",
    part: "app",
    signal: "restarts of a container",
    threshold: fixed(3),
    limit: "more than 3 within 15 minutes",
    unit: "restarts",
    forMinutes: 0,
    severity: "warning",
    source: "ours",
    runbook: {
      means: "A container ends again and again.",
      look: ["`kubectl logs --previous`; OOMKilled in `kubectl describe pod`."],
      act: ["More memory for OOMKilled; otherwise undo the release."],
    },
    prometheus: {
      value: (of) => `increase(${of("kube_pod_container_status_restarts_total", APP)}[15m])`,
      comparison: ">",
      always: ["kube_pod_container_status_restarts_total"],
    },
  },
  {
    name: "app-memory-high",
    part: "app",
    signal: "share of a container's memory limit in use",
    threshold: fixed(0.8),
    limit: "above 80 %",
    unit: "share",
    forMinutes: 10,
    severity: "warning",
    source: "S3-41",
    runbook: {
      means: "The container will be ended when it reaches its limit.",
      look: ["Does it grow steadily (a leak), or with the load?"],
      act: ["More pods for load; a restart and a repair for a leak."],
    },
    prometheus: {
      value: (of) =>
        `max by (namespace, pod) (${of("container_memory_working_set_bytes", APP)}) / max by (namespace, pod) (${of("kube_pod_container_resource_limits", APP, 'resource="memory"')})`,
      comparison: ">",
      always: ["container_memory_working_set_bytes"],
    },
  },
];
