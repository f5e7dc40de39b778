import type { EnterpriseSettings } from "../settings";
import { cloudOf } from "./cloud";
import { type CloudOutputs, cloudOutputs } from "./cloudOutputs";
import { cacheOf, databaseOf, filesOf } from "./parts/data";
import { namesOf, networkOf } from "./parts/network";
import { alertsOf, backupOf, budgetOf, drillsOf, dumpsOf, topicsOf } from "./parts/safety";
import { rdsSchemaOf, walletKeysOf } from "./parts/schema";
import { appOf, clusterOf, namespaceOf } from "./parts/workload";

/**
 * Tier enterprise (S1-90, S4-10): RDS with a standby and read replicas behind a proxy, S3 with a CDN, a clustered cache, and a copy
 * of everything in a second region.
 */
export function enterprise(settings: EnterpriseSettings): CloudOutputs {
  const cloud = cloudOf(settings);
  const inAws = { providers: [cloud.provider] };
  const { secondaryRegion } = settings;
  const { shards, replicasPerShard } = settings.cache;

  const network = networkOf(cloud, settings, { natGateways: "per-zone" }, inAws);
  const cluster = clusterOf(cloud, network, settings, inAws);
  const topics = topicsOf(cloud, settings, inAws);
  const database = databaseOf(cloud, network, settings, { multiAz: true, pitrDays: 35, secondaryRegion }, inAws);
  const cache = cacheOf(cloud, network, settings, { topology: { shards, replicasPerShard }, topics }, inAws);
  const files = filesOf(cloud, cluster, settings, { cdn: true, secondaryRegion }, inAws);
  const names = namesOf(network, database, cache, inAws);

  const inCluster = { providers: [cloud.provider, cluster.provider] };
  const namespace = namespaceOf(settings, { machines: 0, volumesGiB: 0 }, inCluster);
  const schema = rdsSchemaOf(cluster, namespace, database, settings, inCluster);
  const walletKeys = walletKeysOf(settings, { kind: "secretsManager", keyArn: database.keyArn }, inAws);
  const app = appOf(
    cluster,
    namespace,
    { database, files, cache, names },
    settings,
    { digestRequired: true },
    { ...inCluster, dependsOn: [schema.ready] },
  );
  const dumps = dumpsOf(cloud, cluster, namespace, { database, owners: schema.owner }, settings, inCluster);
  if (dumps.made !== undefined) drillsOf(cluster, namespace, dumps.made, settings, inCluster);
  const backup = backupOf(cloud, { database, files }, topics, settings, { secondaryRegion }, inAws);
  const alerts = alertsOf(cloud, topics, { database, cache, files, backup }, settings, inAws);
  const budget = budgetOf(topics, settings, inAws);

  return cloudOutputs(settings, {
    database,
    walletKeys,
    cache,
    files,
    names,
    app,
    dumps,
    backup,
    topics,
    alerts,
    budget,
  });
}
