import type { Input } from "@pulumi/pulumi";
import { type Estate, WHOLE_BUCKET } from "./alarms";
import { type Facts, GIB } from "./alert";
import { LOG_METRICS, logNamespace } from "./logMetrics";
import { budgetMinutes, OBJECTIVE_PERCENT, WINDOW_DAYS } from "./objective";

/** A widget of a CloudWatch dashboard; its grid is 24 columns wide. */
export interface Widget {
  readonly type: "text" | "metric" | "alarm";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface DashboardBody {
  readonly widgets: readonly Widget[];
}

export interface DashboardOptions {
  readonly region: string;
  readonly estate: Estate;
  readonly facts: Facts;
  /** ARNs of all alarms. */
  readonly alarms: readonly Input<string>[];
}

const COLUMNS = 24;
/** Three graphs stand side by side. */
const WIDTH = 8;
const HEIGHT = 6;
const HEADER = 3;
/** An alarm widget shows so many at most; a line of it holds six. */
const ALARMS_IN_WIDGET = 100;
const ALARMS_IN_LINE = 6;

type Metric = readonly [string, string, ...unknown[]];

interface Graph {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly stat?: string;
  readonly period?: number;
  /** Where the alarm's threshold lies. */
  readonly line?: number;
  /** One number over the objective's window, instead of a curve. */
  readonly single?: true;
}

/** The dashboard of a stack: the objective, the state of all alarms, and a graph for each thing that goes wrong. */
export function dashboardBody(options: DashboardOptions): DashboardBody {
  const alarms = alarmWidgets(options.alarms);
  const top = HEADER + alarms.reduce((sum, { height }) => sum + height, 0);
  return {
    widgets: [
      { type: "text", x: 0, y: 0, width: COLUMNS, height: HEADER, properties: { markdown: headline(options) } },
      ...alarms,
      ...graphs(options).map((graph, index) => ({
        type: "metric" as const,
        x: (index % (COLUMNS / WIDTH)) * WIDTH,
        y: top + Math.floor(index / (COLUMNS / WIDTH)) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties: properties(graph, options.region),
      })),
    ],
  };
}

const headline = ({ estate }: DashboardOptions): string =>
  `# ${estate.stack}\nObjective: ${OBJECTIVE_PERCENT} % of ${WINDOW_DAYS} days, ${budgetMinutes()} minutes may be lost. Runbooks: docs/alerts.md`;

function alarmWidgets(alarms: readonly Input<string>[]): Widget[] {
  const widgets: Widget[] = [];
  let y = HEADER;
  for (let start = 0; start < alarms.length; start += ALARMS_IN_WIDGET) {
    const shown = alarms.slice(start, start + ALARMS_IN_WIDGET);
    const height = 1 + Math.ceil(shown.length / ALARMS_IN_LINE);
    widgets.push({ type: "alarm", x: 0, y, width: COLUMNS, height, properties: { title: "Alarms", alarms: shown } });
    y += height;
  }
  return widgets;
}

const properties = ({ title, metrics, stat, period, line, single }: Graph, region: string) => ({
  title,
  region,
  metrics,
  stat: stat ?? "Average",
  period: period ?? 60,
  view: single ? "singleValue" : "timeSeries",
  ...(single ? { setPeriodToTimeRange: true, start: `-P${WINDOW_DAYS}D`, end: "P0D" } : {}),
  ...(line === undefined ? {} : { annotations: { horizontal: [{ label: "alarm", value: line }] } }),
});

const graphs = (options: DashboardOptions): readonly Graph[] => [
  ...databaseGraphs(options),
  ...proxyGraphs(options),
  ...cacheGraphs(options),
  ...otherGraphs(options),
];

function databaseGraphs({ estate, facts }: DashboardOptions): Graph[] {
  const instances = [estate.primaryIdentifier, ...estate.replicaIdentifiers];
  const rds = (metric: string): Metric[] =>
    instances.map((identifier) => ["AWS/RDS", metric, "DBInstanceIdentifier", identifier]);
  const namespace = logNamespace(estate.stack);
  return [
    availabilityGraph(estate),
    { title: "Connections", metrics: rds("DatabaseConnections"), stat: "Maximum", line: 0.8 * facts.maxConnections },
    { title: "CPU (%)", metrics: rds("CPUUtilization"), line: 90 },
    { title: "Freeable memory (bytes)", metrics: rds("FreeableMemory"), line: 0.2 * facts.memoryGiB * GIB },
    { title: "Free storage (bytes)", metrics: rds("FreeStorageSpace"), line: 0.08 * facts.storageGiB * GIB },
    { title: "Sessions at work (DB load)", metrics: rds("DBLoad"), line: facts.vcpus },
    {
      title: "Disk latency, slowest tenth (s)",
      metrics: [...rds("ReadLatency"), ...rds("WriteLatency")],
      stat: "p90",
      line: 0.02,
    },
    {
      title: "Slow statements and errors",
      metrics: Object.values(LOG_METRICS).map((metric): Metric => [namespace, metric]),
      stat: "Sum",
      period: 300,
    },
    ...(estate.replicaIdentifiers.length === 0
      ? []
      : [
          {
            title: "Replica lag (s)",
            metrics: estate.replicaIdentifiers.map(
              (identifier): Metric => ["AWS/RDS", "ReplicaLag", "DBInstanceIdentifier", identifier],
            ),
            stat: "Maximum",
            line: 30,
          },
        ]),
  ];
}

const availabilityGraph = ({ proxyName, primaryIdentifier }: Estate): Graph =>
  proxyName === undefined
    ? {
        title: "Minutes with data",
        metrics: [["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", primaryIdentifier]],
        stat: "SampleCount",
        single: true,
      }
    : {
        title: `Availability (%), ${WINDOW_DAYS} days`,
        metrics: [
          [
            "AWS/RDS",
            "AvailabilityPercentage",
            "ProxyName",
            proxyName,
            "TargetGroup",
            "default",
            "TargetRole",
            "READ_WRITE",
          ],
        ],
        single: true,
      };

const proxyGraphs = ({ estate: { proxyName } }: DashboardOptions): Graph[] =>
  proxyName === undefined
    ? []
    : [
        {
          title: "Proxy: clients and database connections",
          metrics: [
            ["AWS/RDS", "ClientConnections", "ProxyName", proxyName],
            ["AWS/RDS", "DatabaseConnections", "ProxyName", proxyName],
            ["AWS/RDS", "DatabaseConnectionsCurrentlySessionPinned", "ProxyName", proxyName],
          ],
          stat: "Sum",
        },
        {
          title: "Proxy: wait for a connection, slowest twentieth (µs)",
          metrics: [["AWS/RDS", "DatabaseConnectionsBorrowLatency", "ProxyName", proxyName]],
          stat: "p95",
          line: 100_000,
        },
      ];

function cacheGraphs({ estate: { cacheMemberIds } }: DashboardOptions): Graph[] {
  if (cacheMemberIds.length === 0) return [];
  const nodes = (metric: string): Metric[] =>
    cacheMemberIds.map((id) => ["AWS/ElastiCache", metric, "CacheClusterId", id, "CacheNodeId", "0001"]);
  return [
    { title: "Cache: engine CPU (%)", metrics: nodes("EngineCPUUtilization"), line: 90 },
    { title: "Cache: memory (%)", metrics: nodes("DatabaseMemoryUsagePercentage"), line: 80 },
    { title: "Cache: evictions", metrics: nodes("Evictions"), stat: "Sum", period: 300, line: 100 },
  ];
}

const jobs = (metric: string, vault: Input<string>): Metric => ["AWS/Backup", metric, "BackupVaultName", vault];

const otherGraphs = ({ estate: { bucketName, vaultName, copyVaultName } }: DashboardOptions): Graph[] => [
  ...(bucketName === undefined
    ? []
    : [
        {
          title: "Files: share of errors",
          metrics: ["4xxErrors", "5xxErrors"].map(
            (metric): Metric => ["AWS/S3", metric, "BucketName", bucketName, "FilterId", WHOLE_BUCKET],
          ),
          period: 300,
          line: 0.05,
        },
      ]),
  ...(vaultName === undefined
    ? []
    : [
        {
          title: "Backups",
          metrics: [
            jobs("NumberOfBackupJobsCompleted", vaultName),
            jobs("NumberOfBackupJobsFailed", vaultName),
            ...(copyVaultName === undefined ? [] : [jobs("NumberOfCopyJobsFailed", copyVaultName)]),
          ],
          stat: "Sum",
          period: 3600,
        },
      ]),
];
