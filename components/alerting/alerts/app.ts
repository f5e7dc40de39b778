import { type Alert, fixed } from "../alert";

/** The application on Kubernetes, by kube-state-metrics, cAdvisor and its own metrics (S4-40, S4-41). */

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
      look: ["`kubectl describe deployment aibase`; the log of a pod that does not become ready."],
      act: ["A new release? `kubectl rollout undo deployment/aibase`.", "Otherwise see database-down and cache-down."],
    },
    prometheus: {
      expr: (pods) => `kube_deployment_status_replicas_available{deployment="aibase"} < ${pods}`,
      always: ["kube_deployment_status_replicas_available"],
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
      expr: (pods) =>
        `kube_deployment_spec_replicas{deployment="aibase"} - kube_deployment_status_replicas_available{deployment="aibase"} > ${pods}`,
      always: ["kube_deployment_spec_replicas"],
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
      expr: (restarts) => `increase(kube_pod_container_status_restarts_total{container="aibase"}[15m]) > ${restarts}`,
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
      expr: (share) =>
        `max by (namespace, pod) (container_memory_working_set_bytes{container="aibase"}) / max by (namespace, pod) (kube_pod_container_resource_limits{container="aibase", resource="memory"}) > ${share}`,
      always: ["container_memory_working_set_bytes"],
    },
  },
  {
    name: "app-query-slow",
    part: "app",
    signal: "database calls as the application measures them",
    threshold: fixed(1000),
    limit: "the slowest twentieth above 1 second",
    unit: "milliseconds",
    forMinutes: 5,
    severity: "warning",
    source: "S3-39, S4-40",
    runbook: {
      means: "Calls to the database are slow where users feel it, the wait for a connection included.",
      look: ["The label query: which one. Then slow-query and proxy-borrow-latency."],
      act: ["As for slow-query; a pool that is too small looks the same."],
    },
    prometheus: {
      expr: (ms) => `histogram_quantile(0.95, sum by (le, query) (rate(query_duration_bucket[5m]))) > ${ms}`,
      always: ["query_duration_count"],
    },
  },
  {
    name: "users-near-tier-end",
    part: "app",
    signal: "registered users",
    threshold: ({ tierMaxUsers }) => (tierMaxUsers === undefined ? Number.POSITIVE_INFINITY : 0.9 * tierMaxUsers),
    limit: "above 90 % of what the tier is made for",
    unit: "users",
    forMinutes: 60,
    severity: "warning",
    source: "S4-41, C-01; 90 % leaves time for the promotion",
    runbook: {
      means: "The platform outgrows its tier.",
      look: ["The tier table in settings.md: what the next one is made of, and what it costs."],
      act: ["Plan the promotion to the next tier."],
    },
    prometheus: { expr: (users) => `max(total_users) > ${users}`, always: ["total_users"] },
  },
];
