import type { Input } from "@pulumi/pulumi";
import type { AlertTopics } from "../components/alerting/alertTopics";
import type { CloudWatchAlerts } from "../components/alerting/cloudWatchAlerts";
import type { KubernetesApp } from "../components/app/kubernetesApp";
import type { AwsBackup } from "../components/backup/awsBackup";
import type { DumpJobs } from "../components/backup/dumpJobs";
import type { Budget } from "../components/budget/budget";
import type { RedisCache } from "../components/cache/redisCache";
import type { RdsDatabase } from "../components/database/rdsDatabase";
import type { S3Files } from "../components/files/s3Files";
import type { InternalNames } from "../components/network/internalNames";
import type { WalletKeys } from "../components/secrets/walletKeys";
import type { EnterpriseSettings, SmbSettings } from "../settings";
import { appOutputs, type StackOutputs } from "./outputs";

type Group = Readonly<Record<string, Input<string | number>>>;

/** What a stack in a cloud tells beside what every stack tells. */
export interface CloudOutputs extends StackOutputs {
  /** Topics, alarms and the dashboard's address. */
  readonly alerts: Group;
  readonly budget: Group;
  /** How to get the database back, in words. */
  readonly restore: string;
}

export interface CloudParts {
  readonly database: RdsDatabase;
  readonly walletKeys: WalletKeys | undefined;
  readonly cache: RedisCache;
  readonly files: S3Files;
  readonly names: InternalNames;
  readonly app: KubernetesApp;
  readonly dumps: DumpJobs;
  readonly backup: AwsBackup;
  readonly topics: AlertTopics;
  readonly alerts: CloudWatchAlerts;
  readonly budget: Budget;
}

/** The outputs of a stack in AWS. Names of secrets are told, what they hold only in `contract`, which is secret as a whole. */
export function cloudOutputs(settings: SmbSettings | EnterpriseSettings, parts: CloudParts): CloudOutputs {
  const { database, walletKeys, cache, files, names, app, dumps, backup, topics, alerts, budget } = parts;
  const { pitrDays, dailyDays, weeklyWeeks, monthlyMonths, lock } = settings.backup;
  return {
    tier: settings.tier,
    database: {
      kind: "postgresql",
      host: database.endpoint.host,
      port: database.endpoint.port,
      name: database.endpoint.name,
      internalName: names.postgres,
      readerName: names.postgresRead,
      replicas: database.replicaIdentifiers.length,
      instance: database.primaryIdentifier,
      masterSecret: database.masterSecretArn,
      appSecret: database.appSecretArn,
      ...(walletKeys === undefined ? {} : { walletKeysSecret: walletKeys.secretId }),
    },
    files: {
      kind: "s3",
      bucket: files.bucketName,
      region: settings.region,
      ...(files.replicaBucketName === undefined ? {} : { replicaBucket: files.replicaBucketName }),
      ...(files.cdnDomain === undefined ? {} : { cdn: files.cdnDomain }),
    },
    cache: {
      kind: cache.endpoint.kind,
      host: cache.endpoint.host,
      port: cache.endpoint.port,
      internalName: names.redis,
      secret: cache.secretArn,
    },
    app: appOutputs(app, settings),
    contract: app.contract,
    backups: {
      ...(pitrDays === undefined ? {} : { pitrDays }),
      dailyDays,
      weeklyWeeks,
      monthlyMonths,
      lock,
      vault: backup.vaultName,
      plan: backup.planId,
      dumps: dumps.bucket,
      ...(backup.copyVaultArn === undefined ? {} : { copyVault: backup.copyVaultArn }),
    },
    alerts: {
      criticalTopic: topics.criticalArn,
      warningTopic: topics.warningArn,
      alarms: alerts.alarmNames.length,
      dashboard: alerts.dashboardUrl,
    },
    budget: { name: budget.budgetName },
    restore: database.restoreInstructions,
  };
}
