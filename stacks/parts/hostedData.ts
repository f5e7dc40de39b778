import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { ClusterEstate } from "../../components/alerting/prometheus/estate";
import { DUMP_SERVICE_ACCOUNT } from "../../components/backup/dumpJobs";
import { CloudNativePg } from "../../components/database/cnpg/cloudNativePg";
import { ExternalDatabase } from "../../components/database/externalDatabase";
import { ExternalS3Files } from "../../components/files/externalS3";
import { MinioFiles } from "../../components/files/minio/minioFiles";
import type { S3Files } from "../../components/files/s3Files";
import type { Namespace } from "../../components/kubernetes/namespace";
import { MIGRATION_APP } from "../../components/schema/names";
import type { SmbSettings } from "../../settings";
import { filesHost, lookup } from "../../settings/hosting";
import { sizeOf } from "../cloud";
import { filesOf } from "./data";
import { accountOf, type Ground, instancesOf, storageOf } from "./hosted";
import { catalogueOf } from "./safety";
import { archiveOf, storeOf } from "./store";

export type HostedDatabase = CloudNativePg | ExternalDatabase;
export type HostedFiles = S3Files | MinioFiles | ExternalS3Files;

/** Labels `app` of the pods that connect to the database. */
const CLIENTS = ["aibase", DUMP_SERVICE_ACCOUNT, MIGRATION_APP];
/** Days of point-in-time recovery at smb (C-39). */
const PITR_DAYS = 7;

/** PostgreSQL in the cluster, or the one that the settings name. */
export function hostedDatabaseOf(
  ground: Ground,
  namespace: Namespace,
  settings: SmbSettings,
  opts: ComponentResourceOptions,
): HostedDatabase {
  const { database, cluster, backup, deletionProtection } = settings;
  const { poolMax, url } = database;
  // The settings have made sure that an external one has its address.
  if (url !== undefined) return new ExternalDatabase("database", { url, poolMax }, opts);
  const { restore } = database;
  return new CloudNativePg(
    "database",
    {
      namespace: namespace.namespace,
      databaseName: database.name,
      databases: catalogueOf(settings),
      version: database.version,
      instances: instancesOf(settings),
      size: sizeOf(settings),
      storageGiB: storageOf(settings),
      storageClass: cluster.storageClass,
      tuning: database.tuning,
      pooler: database.pooler,
      poolMax,
      backup: backupStoreOf(ground, settings),
      pitrDays: backup.pitrDays ?? PITR_DAYS,
      ...(restore?.sourceInstance === undefined
        ? {}
        : { restore: { serverName: restore.sourceInstance, time: restore.time } }),
      clients: CLIENTS,
      deletionProtection,
    },
    opts,
  );
}

/** Base backups and WAL: in the bucket of the settings, or in one of AWS that is made here. */
function backupStoreOf(ground: Ground, settings: SmbSettings) {
  const { store } = settings.backup;
  return store === undefined ? archiveOf(accountOf(ground), settings, ground.inAws) : storeOf(store);
}

/** Files where the settings want them. */
export function hostedFilesOf(
  { cloud, cluster, inAws, inCluster }: Ground,
  namespace: Namespace,
  settings: SmbSettings,
) {
  const { files, region, deletionProtection } = settings;
  const { endpoint, bucket, accessKey, secretKey } = files;
  if (endpoint !== undefined && bucket !== undefined && accessKey !== undefined && secretKey !== undefined)
    return new ExternalS3Files("files", { endpoint, bucket, region, accessKey, secretKey }, inCluster);
  if (cloud !== undefined && filesHost(lookup(settings)) === "aws")
    return filesOf(cloud, cluster, settings, { cdn: false }, inAws);
  const { storageClass } = settings.cluster;
  return new MinioFiles(
    "files",
    {
      namespace: namespace.namespace,
      ...(bucket === undefined ? {} : { bucket }),
      storageGiB: files.volumeGiB,
      ...(storageClass === undefined ? {} : { storageClass }),
      size: sizeOf(settings).name,
      noncurrentDays: files.noncurrentDays,
      deletionProtection,
    },
    inCluster,
  );
}

/** What Prometheus can watch of such a stack. */
export function estateOf(
  settings: SmbSettings,
  { database, files }: { readonly database: HostedDatabase; readonly files: HostedFiles },
): ClusterEstate {
  return {
    app: { workload: "deployment", port: settings.app.port },
    ...(database instanceof CloudNativePg ? { database: databaseEstate(database, instancesOf(settings)) } : {}),
    cache: {},
    ...(files instanceof MinioFiles ? { files: {} } : {}),
    dumps: catalogueOf(settings),
    drills: catalogueOf(settings),
  };
}

const databaseEstate = ({ clusterName, poolerName, facts }: CloudNativePg, instances: number) => ({
  clusterName,
  instances,
  ...(poolerName === undefined ? {} : { poolerName }),
  facts,
  archive: true,
});
