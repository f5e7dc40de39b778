import { DUMP_METRIC } from "../../backup/dumpMetric";
import { cronJobName } from "../../backup/dumpSchedule";
import { type Alert, fixed, type MetricOf } from "../alert";
import { FRESHNESS, freshBackups, MAX_AGE } from "./freshness";

/**
 * The CronJobs that dump the databases and prove that a dump can be restored. In the cluster their own state is the sign of life,
 * as kube-state-metrics tell it (prometheus/sources.ts); one that never succeeded is as old as the CronJob.
 */

const DAY = 24 * 3600;

/** Age of what was done last, of the kind that is done most often; a failure of the others is told by itself. */
const ageOf = (work: "dump" | "drill") => ({
  value: (of: MetricOf) => `time() - ${of(`${work}_last_success`, `cronjob=~"${cronJobName(work, "daily", "")}.+"`)}`,
  comparison: ">" as const,
  // Kubernetes starts late, and a slow job is no fault.
  forMinutes: 15,
  always: [`${work}_last_success`],
});

/** By how much the last failure is newer than the last success; gone with the next success. */
const failureOf = (work: "dump" | "drill") => ({
  value: (of: MetricOf) => `${of(`${work}_last_failure`)} - ${of(`${work}_last_success`)}`,
  comparison: ">" as const,
  measured: { threshold: fixed(0), unit: "seconds" },
  sometimes: "jobs that never failed tell of no failure",
});

export const jobs: readonly Alert[] = [
  {
    ...FRESHNESS,
    name: "dump-old",
    part: "dump",
    signal: "daily dumps of a database that succeeded",
    source: "S0-31, S4-47, C-39; a day and two hours",
    runbook: {
      means: "The daily dump of a database did not succeed.",
      look: ["`kubectl get jobs --selector app=database-dump --all-namespaces`; the log of the last dump's pod."],
      act: ["Run it now: `kubectl create job --from=cronjob/<name> <name>-now`."],
    },
    cloudwatch: freshBackups({ scope: "dump", namespace: DUMP_METRIC.namespace, metric: DUMP_METRIC.name }),
    prometheus: { ...ageOf("dump"), measured: MAX_AGE },
  },
  {
    name: "dump-failed",
    part: "dump",
    signal: "dumps that failed",
    threshold: fixed(0),
    limit: "the last one failed",
    unit: "dumps",
    forMinutes: 0,
    severity: "warning",
    source: "S4-47, C-39",
    runbook: {
      means: "A dump failed, after all its attempts. When no other one succeeds, dump-old follows.",
      look: ["The pod's log ends with one line that says why: password, address, bucket, or space."],
      act: ["Mend it, then run the job by hand as in dump-old."],
    },
    prometheus: failureOf("dump"),
  },
  {
    name: "restore-drill-old",
    part: "drill",
    signal: "age of the last restore drill that succeeded",
    threshold: fixed(8 * DAY),
    limit: "older than 8 days, or never",
    unit: "seconds",
    forMinutes: 60,
    severity: "warning",
    source: "C-39; ours: weekly (DRILL_SCHEDULES), and a day",
    runbook: {
      means: "Nobody has proved for more than a week that a dump can be restored.",
      look: ["The drill's jobs: `kubectl get cronjobs,jobs -n <namespace>`; the log of the last one."],
      act: ["Run the drill now: `kubectl create job --from=cronjob/<name> <name>-now`."],
    },
    prometheus: ageOf("drill"),
  },
  {
    name: "restore-drill-failed",
    part: "drill",
    signal: "restore drills that failed",
    threshold: fixed(0),
    limit: "the last one failed",
    unit: "drills",
    forMinutes: 0,
    severity: "critical",
    source: "C-39",
    runbook: {
      means:
        "A dump could not be restored, or holds other rows than the database had. Until it can, there is no backup.",
      look: ["The drill's log ends with one line that says what differs."],
      act: ["Take a dump now and drill it; keep the damaged object until the cause is known."],
    },
    prometheus: failureOf("drill"),
  },
];
