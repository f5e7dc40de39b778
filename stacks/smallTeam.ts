import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { sqliteStorageGiB } from "../components/app/sqlite/backupPod";
import { SqliteApp } from "../components/app/sqlite/sqliteApp";
import { Cluster } from "../components/cluster/cluster";
import type { SmallTeamSettings } from "../settings";
import { sizeOf } from "./cloud";
import type { StackOutputs } from "./outputs";
import { cacheVolumesGiB, clusterCacheOf } from "./parts/clusterCache";
import { observedOf, operatorsOf } from "./parts/observed";
import { storeOf } from "./parts/store";
import { namespaceOf } from "./parts/workload";

/** What a small team's stack tells beside what every stack tells. */
export interface SmallTeamOutputs extends StackOutputs {
  readonly alerts: Readonly<Record<string, Input<string | number>>>;
}

/** Tier small-team (S1-88): one pod with SQLite on a volume that Litestream copies as it changes, a cache, on any cluster. */
export function smallTeam(settings: SmallTeamSettings): SmallTeamOutputs {
  const { tier, users, database, files, app, cache, backup, cluster: place, deletionProtection } = settings;
  const size = sizeOf(settings);
  const storage = place.storageClass === undefined ? {} : { storageClass: place.storageClass };

  const cluster = new Cluster("cluster", { mode: "existing", ...place });
  const inCluster = { providers: [cluster.provider] };
  const operators = operatorsOf(settings, inCluster);
  const volumesGiB = sqliteStorageGiB(database.volumeGiB, files.volumeGiB) + cacheVolumesGiB(settings);
  const namespace = namespaceOf(settings, { machines: 1 + cache.nodes, volumesGiB }, inCluster);
  const redis = clusterCacheOf(namespace, settings, inCluster);
  const platform = new SqliteApp(
    "app",
    {
      namespace: namespace.namespace,
      tier,
      users,
      image: app.image,
      port: app.port,
      size: size.name,
      database,
      filesVolumeGiB: files.volumeGiB,
      ...storage,
      cache: { ...redis.endpoint, app: "redis" },
      store: { ...storeOf(backup.store), path: pulumi.getStack() },
      images: { uploader: backup.uploaderImage },
      deletionProtection,
    },
    inCluster,
  );
  const watched = {
    app: { workload: "statefulset", port: app.port },
    sqlite: {},
    cache: {},
    dumps: [database.name, `${database.name}-files`],
  } as const;
  const alerts = observedOf(namespace, watched, settings, { ...inCluster, dependsOn: [operators] });

  return {
    tier,
    database: { kind: "sqlite", name: database.name, volumeGiB: database.volumeGiB },
    files: { kind: "local", volumeGiB: files.volumeGiB },
    cache: { kind: redis.endpoint.kind, host: redis.endpoint.host, port: redis.endpoint.port },
    app: {
      namespace: platform.namespace,
      statefulSet: platform.statefulSetName,
      service: platform.serviceName,
      port: app.port,
      replicas: app.replicas,
    },
    contract: platform.contract,
    backups: { bucket: backup.store.bucket, path: pulumi.getStack() },
    alerts: { rules: alerts?.alertNames.length ?? 0 },
  };
}
