import { type Alert, type CloudWatchRule, fixed } from "../alert";

/** The bucket of files, and its copy in the second region. */

const errorRate = (name: string, metric: string, whose: string, look: string, act: string): Alert => ({
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
});

export const files: readonly Alert[] = [
  errorRate(
    "files-client-errors",
    "4xxErrors",
    "client (4xx)",
    "403: keys or policy; 404: keys of objects that are not there.",
    "Renew the application's credentials; compare the stored paths with the bucket.",
  ),
  errorRate(
    "files-server-errors",
    "5xxErrors",
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
