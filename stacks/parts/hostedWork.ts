import { KubernetesApp } from "../../components/app/kubernetesApp";
import { DUMP_SERVICE_ACCOUNT, DumpJobs } from "../../components/backup/dumpJobs";
import { DRILL_SERVICE_ACCOUNT, RestoreDrills } from "../../components/backup/restoreDrills";
import type { KubernetesRedis } from "../../components/cache/kubernetes/kubernetesRedis";
import { CloudNativePg } from "../../components/database/cnpg/cloudNativePg";
import { S3Files } from "../../components/files/s3Files";
import { type Namespace, PLATFORM_NAMESPACE } from "../../components/kubernetes/namespace";
import type { SmbSettings } from "../../settings";
import { sizeOf } from "../cloud";
import type { Ground } from "./hosted";
import type { HostedDatabase, HostedFiles } from "./hostedData";
import { catalogueOf } from "./safety";
import { storeOf } from "./store";

/** The application, with what it connects to. */
export function hostedAppOf(
  { cluster, inCluster }: Ground,
  namespace: Namespace,
  data: { readonly database: HostedDatabase; readonly files: HostedFiles; readonly cache: KubernetesRedis },
  settings: SmbSettings,
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
    inCluster,
  );
}

/** The documented dumps, and their weekly and monthly restores for a test. */
export function hostedDumpsOf(
  ground: Ground,
  namespace: Namespace,
  database: HostedDatabase,
  settings: SmbSettings,
): DumpJobs {
  const { version: postgresVersion } = settings.database;
  const { backup } = settings;
  const catalogue = catalogueOf(settings);
  const own = backup.store && storeOf(backup.store);
  const common = { namespace: namespace.namespace, catalogue, postgresVersion };
  const inCluster = database instanceof CloudNativePg;
  const dumps = new DumpJobs(
    "dumps",
    {
      ...common,
      // Past the pooler, as a role that reads every row: a dump holds its connection for as long as it takes.
      database: inCluster ? database.dumpEndpoint : database.endpoint,
      ...(inCluster ? { databaseApp: "postgres" } : {}),
      store: own ?? newBucketOf(ground, settings),
      clientImage: backup.clientImage,
      uploaderImage: backup.uploaderImage,
    },
    ground.inCluster,
  );
  const store = own ?? (dumps.made && { ...dumps.made, ...identityOf(ground, DRILL_SERVICE_ACCOUNT) });
  if (store !== undefined)
    new RestoreDrills("drills", { ...common, store, fetcherImage: backup.uploaderImage }, ground.inCluster);
  return dumps;
}

function newBucketOf(ground: Ground, { backup, region, deletionProtection }: SmbSettings) {
  // The settings have made sure that without a bucket of one's own there is an account.
  if (ground.cloud === undefined) throw new Error("no store for backups and no account to make one in");
  const { accountId } = ground.cloud;
  const { lock } = backup;
  const identity = identityOf(ground, DUMP_SERVICE_ACCOUNT);
  return { kind: "aws", retention: backup, lock, ...identity, accountId, region, deletionProtection } as const;
}

/** The identity of a job's pods on an EKS cluster that is made here. */
function identityOf({ cluster }: Ground, serviceAccount: string) {
  const { clusterName } = cluster;
  const trust = cluster.workloadTrust(PLATFORM_NAMESPACE, serviceAccount);
  return clusterName === undefined || trust === undefined ? {} : { identity: { clusterName, trust } };
}
