import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { KubernetesRedis } from "../../components/cache/kubernetes/kubernetesRedis";
import { leastStorageGiB, REDIS_SIZES } from "../../components/cache/kubernetes/redisEngines";
import type { Namespace } from "../../components/kubernetes/namespace";
import type { SmallTeamSettings, SmbSettings } from "../../settings";
import { sizeOf } from "../cloud";

type CacheSettings = SmallTeamSettings | SmbSettings;

/** The volumes of all nodes together. */
export const cacheVolumesGiB = (settings: CacheSettings): number =>
  settings.cache.nodes * (settings.cache.volumeGiB ?? leastStorageGiB(REDIS_SIZES[sizeOf(settings).name].memoryMiB));

/** Cache and sessions in the cluster. */
export function clusterCacheOf(
  namespace: Namespace,
  settings: CacheSettings,
  opts: ComponentResourceOptions,
): KubernetesRedis {
  const { type, nodes, maxmemoryPolicy, tlsSecret, volumeGiB } = settings.cache;
  const { storageClass } = settings.cluster;
  return new KubernetesRedis(
    "cache",
    {
      namespace: namespace.namespace,
      engine: type,
      nodes,
      size: sizeOf(settings).name,
      maxmemoryPolicy,
      deletionProtection: settings.deletionProtection,
      ...(volumeGiB === undefined ? {} : { storageGiB: volumeGiB }),
      ...(storageClass === undefined ? {} : { storageClass }),
      ...(tlsSecret === undefined ? {} : { certificate: tlsSecret }),
    },
    opts,
  );
}
