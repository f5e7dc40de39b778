import type { SmbSettings } from "../settings";
import { cloudOf } from "./cloud";
import { type CloudOutputs, cloudOutputs } from "./cloudOutputs";
import { cacheOf, databaseOf, filesOf } from "./parts/data";
import { namesOf, networkOf } from "./parts/network";
import { alertsOf, backupOf, budgetOf, drillsOf, dumpsOf, topicsOf } from "./parts/safety";
import { rdsSchemaOf, walletKeysOf } from "./parts/schema";
import { appOf, clusterOf, namespaceOf } from "./parts/workload";

/** Tier smb (S1-89): one PostgreSQL on RDS, S3 and one cache node in one region, three replicas of the application. */
export function smb(settings: SmbSettings): CloudOutputs {
  const cloud = cloudOf(settings);
  const inAws = { providers: [cloud.provider] };
  const { multiAz } = settings.database;

  const network = networkOf(
    cloud,
    settings,
    // One way out and no paid endpoints: what they save in traffic is less than they cost at this size.
    { natGateways: "single", interfaceEndpoints: [] },
    inAws,
  );
  const cluster = clusterOf(cloud, network, settings, inAws);
  const topics = topicsOf(cloud, settings, inAws);
  const database = databaseOf(cloud, network, settings, { multiAz, pitrDays: 7 }, inAws);
  const cache = cacheOf(cloud, network, settings, { topology: { nodes: settings.cache.nodes }, topics }, inAws);
  const files = filesOf(cloud, cluster, settings, { cdn: false }, inAws);
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
    { digestRequired: false },
    { ...inCluster, dependsOn: [schema.ready] },
  );
  const dumps = dumpsOf(cloud, cluster, namespace, { database, owners: schema.owner }, settings, inCluster);
  if (dumps.made !== undefined) drillsOf(cluster, namespace, dumps.made, settings, inCluster);
  const backup = backupOf(cloud, { database, files }, topics, settings, {}, inAws);
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
