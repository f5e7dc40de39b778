import { cronJobName, DUMP_KINDS } from "../../backup/dumpSchedule";
import type { MetricOf } from "../alert";
import type { RecordingRule } from "../prometheusRules";

/** The catalogue's metrics of the application, of jobs and of MinIO, made of what kube-state-metrics and Prometheus itself tell. */

/** The kind of object that keeps the pods of the application. */
export type Workload = "deployment" | "statefulset";

const PODS: Readonly<Record<Workload, { readonly ready: string; readonly wanted: string }>> = {
  deployment: { ready: "kube_deployment_status_replicas_available", wanted: "kube_deployment_spec_replicas" },
  statefulset: { ready: "kube_statefulset_status_replicas_ready", wanted: "kube_statefulset_replicas" },
};

export const appRecordings = (of: MetricOf, workload: Workload, name: string): RecordingRule[] =>
  Object.entries(PODS[workload]).map(([what, metric]) => ({
    record: `app_pods_${what}`,
    expr: `max by (namespace) (${of(metric, `${workload}="${name}"`)})`,
  }));

/** Names of jobs end with the minute in which their CronJob started them; those that somebody started by hand do not. */
const SCHEDULED = "(.+)-[0-9]+";

/**
 * When the CronJobs of these databases last succeeded, by default when they were made, and when a job that failed was started; both
 * as Unix time.
 */
export function jobRecordings(of: MetricOf, work: "dump" | "drill", databases: readonly string[]): RecordingRule[] {
  const names = databases.flatMap((database) => DUMP_KINDS.map((kind) => cronJobName(work, kind, database))).join("|");
  const cronJob = `cronjob=~"${names}"`;
  const job = `job_name=~"(${names})-[0-9]+"`;
  const started = `max by (namespace, job_name) (${of("kube_job_status_start_time", job)})`;
  const failed = `max by (namespace, job_name) (${of("kube_job_failed", job, 'condition="true"')}) == 1`;
  return [
    {
      record: `${work}_last_success`,
      expr: `max by (namespace, cronjob) (${of("kube_cronjob_status_last_successful_time", cronJob)}) or max by (namespace, cronjob) (${of("kube_cronjob_created", cronJob)})`,
    },
    {
      record: `${work}_last_failure`,
      expr: `max by (namespace, cronjob) (label_replace(${started} and ${failed}, "cronjob", "$1", "job_name", "${SCHEDULED}"))`,
    },
  ];
}

export const minioRecordings = (of: MetricOf, statefulSet: string): RecordingRule[] => [
  { record: "minio_up", expr: `max by (namespace, pod) (${of("up", `pod=~"${statefulSet}-[0-9]+"`)})` },
];
