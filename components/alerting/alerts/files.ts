import { type Alert, type CloudWatchRule, fixed } from "../alert";

/** The bucket of files, and its copy in the second region; or MinIO in the cluster. */

/** Requests of MinIO by their answer, as its cluster metrics count them. */
const MINIO_ALL = "minio_s3_requests_total";

const errorRate = (
  name: string,
  metric: string,
  minioMetric: string,
  whose: string,
  look: string,
  act: string,
): Alert => ({
  name,
  part: "files",
  signal: `share of requests that end in a ${whose} error`,
  threshold: fixed(0.05),
  limit: "above 5 %",
  unit: "share",
  forMinutes: 15,
  severity: "warning",
  source: "ours; the statistic Average of the metric is the error rate (S3 documentation, «Metrics and dimensions»)",
  runbook: { means: `S3 answers requests with ${whose} errors.`, look: [look], act: [act] },
  cloudwatch: [
    {
      scope: "bucket",
      namespace: "AWS/S3",
      metric,
      statistic: "Average",
      periodSeconds: 300,
      periods: 3,
      comparison: ">",
      missing: "notBreaching",
    } satisfies CloudWatchRule,
  ],
  prometheus: {
    // Below six requests a minute a share says nothing.
    value: (of) =>
      `sum by (namespace) (rate(${of(minioMetric)}[15m])) / (sum by (namespace) (rate(${of(MINIO_ALL)}[15m])) > 0.1)`,
    comparison: ">",
    sometimes: "MinIO counts a kind of answer from its first one on; files-down tells when it is away",
  },
});

export const files: readonly Alert[] = [
  {
    name: "files-down",
    part: "files",
    signal: "whether MinIO answers",
    threshold: fixed(0),
    limit: "down for 2 minutes",
    unit: "1 when it does",
    forMinutes: 2,
    severity: "critical",
    source: "ours",
    runbook: {
      means: "Files can neither be read nor stored.",
      look: ["`kubectl get pods -l app=minio -n <namespace>`; its log; is its volume full?"],
      act: ["Free or enlarge the volume; a node that is gone gives the volume free after some minutes."],
    },
    prometheus: {
      value: (of) => `(${of("minio_up")} or 0 * absent(${of("minio_up")}))`,
      comparison: "<=",
      always: ["minio_up"],
    },
  },
  errorRate(
    "files-client-errors",
    "4xxErrors",
    "minio_s3_requests_4xx_errors_total",
    "client (4xx)",
    "403: keys or policy; 404: keys of objects that are not there.",
    "Renew the application's credentials; compare the stored paths with the bucket.",
  ),
  errorRate(
    "files-server-errors",
    "5xxErrors",
    "minio_s3_requests_5xx_errors_total",
    "server (5xx)",
    "503 SlowDown: more than 3,500 writes or 5,500 reads a second below one prefix.",
    "Let clients wait and try again; spread keys over prefixes.",
  ),
  {
    name: "files-replication-failed",
    part: "files",
    signal: "objects that were not copied to the second region",
    threshold: fixed(0),
    limit: "any within 15 minutes",
    unit: "operations",
    forMinutes: 15,
    severity: "critical",
    source: "S0-34; S3 documentation, metric OperationsFailedReplication (told in the region of the source)",
    runbook: {
      means: "The copy in the second region has gaps.",
      look: ["The replication's role and the bucket policy of the copy; objects with the status FAILED."],
      act: ["Mend the cause; then S3 Batch Replication copies what failed: it is not tried again by itself."],
    },
    cloudwatch: [
      {
        scope: "replication",
        namespace: "AWS/S3",
        metric: "OperationsFailedReplication",
        statistic: "Sum",
        periodSeconds: 900,
        periods: 1,
        comparison: ">",
        // Told only while something is replicated.
        missing: "ignore",
      },
    ],
  },
];
