import type { Resource } from "@pulumi/pulumi";
import { KubernetesApp } from "../../components/app/kubernetesApp";
import { DumpJobs } from "../../components/backup/dumpJobs";
import type { KubernetesRedis } from "../../components/cache/kubernetes/kubernetesRedis";
import { CloudNativePg } from "../../components/database/cnpg/cloudNativePg";
import { DATABASE_APP } from "../../components/database/cnpg/place";
import { S3Files } from "../../components/files/s3Files";
import type { Namespace } from "../../components/kubernetes/namespace";
import type { SmbSettings } from "../../settings";
import { sizeOf } from "../cloud";
import { accountOf, type Ground } from "./hosted";
import type { HostedDatabase, HostedFiles } from "./hostedData";
import { catalogueOf, drillsOf, newDumpBucket } from "./safety";
import { storeOf } from "./store";

/** The application, with what it connects to, after the tables. */
export function hostedAppOf(
  { cluster, inCluster }: Ground,
  namespace: Namespace,
  data: { readonly database: HostedDatabase; readonly files: HostedFiles; readonly cache: KubernetesRedis },
  settings: SmbSettings,
  schema: readonly Resource[],
): KubernetesApp {
  const { clusterName } = cluster;
  const roleArn = data.files instanceof S3Files ? data.files.roleArn : undefined;
  return new KubernetesApp(
    "app",
    {
      ...settings.app,
      digestRequired: false,
      namespace: namespace.namespace,
      tier: settings.tier,
      users: settings.users,
      size: sizeOf(settings).name,
      database: data.database.endpoint,
      files: data.files.endpoint,
      cache: data.cache.endpoint,
      ...(clusterName === undefined || roleArn === undefined ? {} : { identity: { clusterName, roleArn } }),
    },
    { ...inCluster, dependsOn: [...schema] },
  );
}

/** The documented dumps, and their restores for a test. */
export function hostedDumpsOf(
  ground: Ground,
  namespace: Namespace,
  database: HostedDatabase,
  settings: SmbSettings,
): DumpJobs {
  const { backup } = settings;
  const { cluster, inCluster } = ground;
  const own = backup.store && storeOf(backup.store);
  const isOurs = database instanceof CloudNativePg;
  const dumps = new DumpJobs(
    "dumps",
    {
      namespace: namespace.namespace,
      catalogue: catalogueOf(settings),
      postgresVersion: settings.database.version,
      // Past the pooler, as a role that reads every row: a dump holds its connection for as long as it takes.
      database: isOurs ? database.dumpEndpoint : database.endpoint,
      ...(isOurs ? { databaseApp: DATABASE_APP } : {}),
      store: own ?? newDumpBucket(accountOf(ground), cluster, settings),
      clientImage: backup.clientImage,
      uploaderImage: backup.uploaderImage,
    },
    inCluster,
  );
  const store = own ?? dumps.made;
  if (store !== undefined) drillsOf(cluster, namespace, store, settings, inCluster);
  return dumps;
}
