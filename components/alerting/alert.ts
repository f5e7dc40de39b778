/** The words of the catalogue: what an alert is, wherever it is rendered. Pure: no cloud SDK. */

export type Severity = "warning" | "critical";

export const PARTS = [
  "availability",
  "database",
  "queries",
  "replica",
  "proxy",
  "pooler",
  "sqlite",
  "cache",
  "files",
  "volumes",
  "app",
  "usage",
  "backup",
  "archive",
  "dump",
  "drill",
  "cost",
] as const;
export type Part = (typeof PARTS)[number];

/** What thresholds depend on: figures of one stack. */
export interface Facts {
  /** Memory of a database instance. */
  readonly memoryGiB: number;
  /** vCPUs of a database instance. */
  readonly vcpus: number;
  /** `max_connections` of the database. */
  readonly maxConnections: number;
  /** First size of the database's volume; autoscaling starts from here. */
  readonly storageGiB: number;
  /** Users at which the tier ends; undefined for the last one. */
  readonly tierMaxUsers?: number;
}

/** Which things get an alarm of their own. */
export type Scope =
  | "primary"
  | "replica"
  /** Primary and replicas. */
  | "instance"
  | "proxy"
  /** The writer behind its proxy; only where there is one. */
  | "proxied-writer"
  /** The writer that is reached directly; only where there is no proxy. */
  | "direct-writer"
  /** Metrics that filters of the database's logs make. */
  | "logs"
  | "cache-node"
  /** The bucket of files, by its request metrics. */
  | "bucket"
  | "replication"
  | "vault"
  /** The vault of the second region, by which AWS Backup counts the jobs that copy to it. */
  | "copy-vault"
  /** Each database that is dumped daily. */
  | "dump";

export type Statistic = "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum" | "p90" | "p95";

/** One metric of a rule with more than one. */
export interface MetricUse {
  readonly metric: string;
  readonly statistic: Statistic;
}

export interface CloudWatchRule {
  readonly scope: Scope;
  /** Left out where the metric is made by a filter of this stack's logs. */
  readonly namespace?: string;
  readonly metric: string;
  readonly statistic: Statistic;
  /** Metric math over `m1`, which is the metric, and over the ids of `others`. Default: the metric as it is. */
  readonly expression?: string;
  readonly others?: Readonly<Record<string, MetricUse>>;
  readonly periodSeconds: number;
  readonly periods: number;
  /** How many of the periods must breach. Default: all of them. */
  readonly breaching?: number;
  readonly comparison: ">" | ">=" | "<" | "<=";
  readonly missing: "breaching" | "notBreaching" | "ignore";
}

/** Names a metric in an expression, with its matchers (`state="idle"`); only series of the stack's own namespace are meant. */
export type MetricOf = (metric: string, ...matchers: readonly string[]) => string;

/** Fires while `value` compares so with the threshold; a graph shows the same value with the threshold as a line. */
export interface PrometheusRule {
  /** What is measured, in PromQL; stands in brackets of its own where it is joined by `and`, `or` or `unless`. */
  readonly value: (of: MetricOf) => string;
  readonly comparison: ">" | ">=" | "<" | "<=";
  /** Threshold and unit of `value`, where CloudWatch measures the same in another unit. */
  readonly measured?: { readonly threshold: (facts: Facts) => number; readonly unit: string };
  /** Minutes, where the value is a time itself and CloudWatch counts periods instead. Default: the alert's. */
  readonly forMinutes?: number;
  /** What must be so, too, such as a floor of traffic: begins with `and on (…)` or `unless on (…)`. */
  readonly when?: (of: MetricOf) => string;
  /** Metrics that are always there while the part runs; their absence is an alert of its own. */
  readonly always?: readonly string[];
  /** Why there is no such metric: what it tells of is not always there. */
  readonly sometimes?: string;
}

/** What a person who is woken up needs to read. */
export interface Runbook {
  readonly means: string;
  readonly look: readonly string[];
  readonly act: readonly string[];
}

export interface Alert {
  /** Lower-case words with hyphens; the anchor of its runbook. */
  readonly name: string;
  readonly part: Part;
  /** What is watched, in a few words. */
  readonly signal: string;
  readonly threshold: (facts: Facts) => number;
  /** The threshold as a person reads it. */
  readonly limit: string;
  /** Unit of the threshold, as CloudWatch and Prometheus see it. */
  readonly unit: string;
  /** Minutes that the threshold must be passed before anybody is told. */
  readonly forMinutes: number;
  readonly severity: Severity;
  /** Requirement ids, or where the figure comes from. */
  readonly source: string;
  readonly runbook: Runbook;
  readonly cloudwatch?: readonly CloudWatchRule[];
  readonly prometheus?: PrometheusRule;
  /** Another service tells of it by itself: which one. */
  readonly notice?: string;
}

/** Where the page of all runbooks stands, from the project folder. */
export const RUNBOOKS = "docs/alerts.md";

/** Where the runbook of an alert stands: on that page, or on the same one under another address. */
export const runbookOf = ({ name }: Pick<Alert, "name">, page = RUNBOOKS): string => `${page}#${name}`;

/** Threshold and unit of an alert as Prometheus measures it. */
export const measuredBy = ({ threshold, unit, prometheus }: Alert) => prometheus?.measured ?? { threshold, unit };

/** A threshold that is the same for every stack. */
export const fixed = (value: number) => (): number => value;

export const GIB = 1024 ** 3;
