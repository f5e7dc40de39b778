import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { AlertTopics } from "../../components/alerting/alertTopics";
import { CloudWatchAlerts } from "../../components/alerting/cloudWatchAlerts";
import { AwsBackup } from "../../components/backup/awsBackup";
import {
  DUMP_SERVICE_ACCOUNT,
  DumpJobs,
  type DumpJobsArgs,
  type NewDumpBucket,
} from "../../components/backup/dumpJobs";
import { DRILL_SERVICE_ACCOUNT, RestoreDrills } from "../../components/backup/restoreDrills";
import type { MadeBucket, S3Store } from "../../components/backup/store";
import { Budget } from "../../components/budget/budget";
import type { RedisCache } from "../../components/cache/redisCache";
import type { Cluster } from "../../components/cluster/cluster";
import type { JobIdentity } from "../../components/cluster/jobPrincipal";
import type { RdsDatabase } from "../../components/database/rdsDatabase";
import type { S3Files } from "../../components/files/s3Files";
import { REPLICATION_RULE } from "../../components/files/s3Replication";
import { type Namespace, PLATFORM_NAMESPACE } from "../../components/kubernetes/namespace";
import { type EnterpriseSettings, type SmbSettings, tierByName } from "../../settings";
import { type Cloud, sizeOf } from "../cloud";

type SafetySettings = SmbSettings | EnterpriseSettings;

/** Where alerts go. */
export function topicsOf({ accountId }: Cloud, settings: SafetySettings, opts: ComponentResourceOptions): AlertTopics {
  const { alerts, region, deletionProtection, database } = settings;
  const cacheEvents = database.host === "aws";
  return new AlertTopics("alerts", { ...alerts, cacheEvents, accountId, region, deletionProtection }, opts);
}

/** Snapshots of database and files outside the services that made them (S0-33, C-39). */
export function backupOf(
  { accountId }: Cloud,
  data: { readonly database: RdsDatabase; readonly files: S3Files },
  topics: AlertTopics,
  settings: SafetySettings,
  tier: { readonly secondaryRegion?: string },
  opts: ComponentResourceOptions,
): AwsBackup {
  const { backup, region, deletionProtection } = settings;
  return new AwsBackup(
    "backup",
    {
      retention: backup,
      lock: backup.lock,
      ...tier,
      databaseArns: [data.database.primaryArn],
      bucketArns: [data.files.bucketArn],
      topicArn: topics.criticalArn,
      accountId,
      region,
      deletionProtection,
    },
    opts,
  );
}

/** The logical databases that are dumped: all of the stack's. */
export const catalogueOf = ({ database }: SafetySettings) => database.catalogue ?? [database.name];

/** The identity of a job's pods, on an EKS cluster that is made here. */
export function identityIn(cluster: Cluster, serviceAccount: string): { readonly identity?: JobIdentity } {
  const { clusterName } = cluster;
  const trust = cluster.workloadTrust(PLATFORM_NAMESPACE, serviceAccount);
  return clusterName === undefined || trust === undefined ? {} : { identity: { clusterName, trust } };
}

/** The bucket that dumps go to in AWS. */
export const newDumpBucket = (
  { accountId }: Cloud,
  cluster: Cluster,
  { backup, region, deletionProtection }: SafetySettings,
): NewDumpBucket => ({
  kind: "aws",
  retention: backup,
  lock: backup.lock,
  ...identityIn(cluster, DUMP_SERVICE_ACCOUNT),
  accountId,
  region,
  deletionProtection,
});

/** Who owns each database. */
export type Owners = NonNullable<DumpJobsArgs["owners"]>;

/** The documented dumps, by jobs in the cluster (S4-47, S4-48). */
export function dumpsOf(
  cloud: Cloud,
  cluster: Cluster,
  namespace: Namespace,
  { database, owners }: { readonly database: RdsDatabase; readonly owners: Owners },
  settings: SafetySettings,
  opts: ComponentResourceOptions,
): DumpJobs {
  const { backup } = settings;
  return new DumpJobs(
    "dumps",
    {
      namespace: namespace.namespace,
      // Past the proxy: a dump holds its connection for as long as it takes.
      database: { ...database.endpoint, host: database.writerAddress },
      // On RDS no role may read all rows of all: each database is dumped by its owner.
      owners,
      catalogue: catalogueOf(settings),
      postgresVersion: settings.database.version,
      store: newDumpBucket(cloud, cluster, settings),
      clientImage: backup.clientImage,
      uploaderImage: backup.uploaderImage,
    },
    opts,
  );
}

/** Restores of the dumps for a test, in the cluster, by an identity that may only read them (C-39). */
export function drillsOf(
  cluster: Cluster,
  namespace: Namespace,
  store: MadeBucket | S3Store,
  settings: SafetySettings,
  opts: ComponentResourceOptions,
): RestoreDrills {
  return new RestoreDrills(
    "drills",
    {
      namespace: namespace.namespace,
      catalogue: catalogueOf(settings),
      postgresVersion: settings.database.version,
      store: store.kind === "aws" ? { ...store, ...identityIn(cluster, DRILL_SERVICE_ACCOUNT) } : store,
      serverImage: settings.backup.serverImage,
      fetcherImage: settings.backup.uploaderImage,
    },
    opts,
  );
}

/** Alarms and dashboard over all parts. */
export function alertsOf(
  { accountId }: Cloud,
  topics: AlertTopics,
  parts: {
    readonly database: RdsDatabase;
    readonly cache: RedisCache;
    readonly files: S3Files;
    readonly backup: AwsBackup;
  },
  settings: SafetySettings,
  opts: ComponentResourceOptions,
): CloudWatchAlerts {
  const { database, cache, files, backup } = parts;
  const { max } = tierByName(settings.tier).users;
  return new CloudWatchAlerts(
    "watch",
    {
      topics: { critical: topics.criticalArn, warning: topics.warningArn },
      accountId,
      region: settings.region,
      facts: {
        ...database.machine,
        maxConnections: database.maxConnections,
        storageGiB: settings.database.storageGiB ?? sizeOf(settings).storageGiB,
        ...(Number.isFinite(max) ? { tierMaxUsers: max } : {}),
      },
      database,
      cache: { memberIds: cache.memberIds },
      files: {
        bucketName: files.bucketName,
        ...(files.replicaBucketName === undefined
          ? {}
          : { replication: { replicaBucketName: files.replicaBucketName, ruleId: REPLICATION_RULE } }),
      },
      backup: { vaultName: backup.vaultName, copyVaultName: backup.copyVaultName, dumps: catalogueOf(settings) },
    },
    opts,
  );
}

/** The month's budget: by default the upper end of the tier's band (C-04). */
export function budgetOf(topics: AlertTopics, settings: SafetySettings, opts: ComponentResourceOptions): Budget {
  const monthlyUsd = settings.budget.monthlyUsd ?? tierByName(settings.tier).cost.max;
  return new Budget("budget", { monthlyUsd, topicArn: topics.criticalArn }, opts);
}
