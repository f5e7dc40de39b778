import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import type { AlertTopics } from "../../components/alerting/alertTopics";
import { APP_SERVICE_ACCOUNT } from "../../components/app/kubernetesApp";
import { cacheNodeType } from "../../components/cache/nodeTypes";
import { RedisCache, type RedisCacheArgs } from "../../components/cache/redisCache";
import type { Cluster } from "../../components/cluster/cluster";
import { RdsDatabase, type RdsDatabaseArgs } from "../../components/database/rdsDatabase";
import { S3Files, type S3FilesArgs } from "../../components/files/s3Files";
import type { S3Access } from "../../components/files/s3Principal";
import { PLATFORM_NAMESPACE } from "../../components/kubernetes/namespace";
import type { Network } from "../../components/network/network";
import type { EnterpriseSettings, SmbSettings } from "../../settings";
import { type Cloud, sizeOf } from "../cloud";

type DataSettings = SmbSettings | EnterpriseSettings;

/** Storage may grow to this many times its first size unless the settings say otherwise. */
const STORAGE_HEADROOM = 4;

/** PostgreSQL of a stack: size, storage and the rest from the settings, what belongs to the tier from the tier. */
export function databaseOf(
  { accountId }: Cloud,
  network: Network,
  settings: DataSettings,
  tier: Pick<RdsDatabaseArgs, "multiAz" | "pitrDays" | "secondaryRegion">,
  opts: ComponentResourceOptions,
): RdsDatabase {
  const { database, region, deletionProtection } = settings;
  const size = sizeOf(settings);
  const storageGiB = database.storageGiB ?? size.storageGiB;
  return new RdsDatabase(
    "database",
    {
      databaseName: database.name,
      version: database.version,
      size,
      instanceClass: database.instanceClass,
      storageGiB,
      maxStorageGiB: database.maxStorageGiB ?? STORAGE_HEADROOM * storageGiB,
      replicas: database.replicas,
      tuning: database.tuning,
      maintenanceWindow: database.maintenanceWindow,
      rotationDays: database.rotationDays,
      pooler: database.pooler,
      poolMax: database.poolMax,
      restore: database.restore,
      ...tier,
      pitrDays: settings.backup.pitrDays ?? tier.pitrDays,
      deletionProtection,
      ...placeOf(network),
      subnetIds: network.dataSubnetIds,
      poolerSubnetIds: network.privateSubnetIds,
      ...(network.dataZones.length === 0 ? {} : { zones: network.dataZones }),
      accountId,
      region,
    },
    opts,
  );
}

/** Cache and sessions of a stack. */
export function cacheOf(
  { accountId }: Cloud,
  network: Network,
  settings: DataSettings,
  tier: Pick<RedisCacheArgs, "topology"> & { readonly topics: AlertTopics },
  opts: ComponentResourceOptions,
): RedisCache {
  const { type, tls, snapshotDays, maxmemoryPolicy, nodeType } = settings.cache;
  return new RedisCache(
    "cache",
    {
      engine: type,
      topology: tier.topology,
      nodeType: nodeType ?? cacheNodeType(sizeOf(settings).name),
      tls,
      snapshotDays,
      maxmemoryPolicy,
      ...placeOf(network),
      subnetIds: network.dataSubnetIds,
      accountId,
      region: settings.region,
      deletionProtection: settings.deletionProtection,
      ...toldTo(tier.topics),
    },
    opts,
  );
}

/** Events of the cache reach the recipients of alerts. */
const toldTo = ({ cacheEventsArn }: AlertTopics): Pick<RedisCacheArgs, "transform"> =>
  cacheEventsArn === undefined
    ? {}
    : { transform: { replicationGroup: (args) => ({ ...args, notificationTopicArn: cacheEventsArn }) } };

/** Files of a stack. */
export function filesOf(
  { accountId }: Cloud,
  cluster: Cluster,
  settings: DataSettings,
  tier: Pick<S3FilesArgs, "cdn" | "secondaryRegion">,
  opts: ComponentResourceOptions,
): S3Files {
  const { bucket, noncurrentDays, cdn } = settings.files;
  return new S3Files(
    "files",
    {
      bucketName: bucket,
      accountId,
      region: settings.region,
      ...tier,
      cdn: cdn ?? tier.cdn,
      access: accessOf(cluster, settings),
      noncurrentDays,
      deletionProtection: settings.deletionProtection,
    },
    opts,
  );
}

/** The settings have made sure that workload identity comes with a cluster that is made here. */
function accessOf(cluster: Cluster, { files }: DataSettings): S3Access {
  const trust = cluster.workloadTrust(PLATFORM_NAMESPACE, APP_SERVICE_ACCOUNT);
  return files.access === "workload-identity" && trust !== undefined
    ? { kind: "workload-identity", trust }
    : { kind: "user-keys" };
}

const placeOf = ({ vpcId, cidr }: Network): { vpcId: Input<string>; allowFrom: { cidr: Input<string> } } => ({
  vpcId,
  allowFrom: { cidr },
});
