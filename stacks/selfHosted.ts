import type { Input } from "@pulumi/pulumi";
import { CloudNativePg } from "../components/database/cnpg/cloudNativePg";
import type { SmbSettings } from "../settings";
import { lookup, usesAws } from "../settings/hosting";
import { cloudOf } from "./cloud";
import { appOutputs, type StackOutputs } from "./outputs";
import { clusterCacheOf } from "./parts/clusterCache";
import { groundOf, hostedNamespaceOf } from "./parts/hosted";
import { estateOf, hostedDatabaseOf, hostedFilesOf } from "./parts/hostedData";
import { hostedAppOf, hostedDumpsOf } from "./parts/hostedWork";
import { observedOf, operatorsOf } from "./parts/observed";
import { budgetOf, topicsOf } from "./parts/safety";
import { hostedSchemaOf, walletKeysOf } from "./parts/schema";

/** What such a stack tells beside what every stack tells. */
export interface SelfHostedOutputs extends StackOutputs {
  readonly alerts: Readonly<Record<string, Input<string | number>>>;
  /** How to get the database back, in words; absent where somebody else runs it. */
  readonly restore?: string;
}

/**
 * Tier smb outside RDS (C-08): PostgreSQL by CloudNativePG or run by somebody else, the cache in the cluster, files there or on any
 * server that speaks S3. What stands in AWS all the same (a cluster that is made here, buckets) the settings decide.
 */
export function selfHosted(settings: SmbSettings): SelfHostedOutputs {
  const cloud = usesAws(lookup(settings)) ? cloudOf(settings) : undefined;
  const ground = groundOf(cloud, settings);
  const { inAws, inCluster } = ground;

  const operators = operatorsOf(settings, inCluster);
  const afterOperators = { ...inCluster, dependsOn: [operators] };
  const namespace = hostedNamespaceOf(settings, inCluster);
  const database = hostedDatabaseOf(ground, namespace, settings, afterOperators);
  const cache = clusterCacheOf(namespace, settings, inCluster);
  const files = hostedFilesOf(ground, namespace, settings);
  const schema = database instanceof CloudNativePg ? [hostedSchemaOf(namespace, database, settings, inCluster)] : [];
  walletKeysOf(settings, { kind: "kubernetes", namespace: namespace.namespace }, inCluster);
  const app = hostedAppOf(ground, namespace, { database, files, cache }, settings, schema);
  const dumps = hostedDumpsOf(ground, namespace, database, settings);
  const alerts = observedOf(namespace, estateOf(settings, { database, files }), settings, afterOperators);
  if (cloud !== undefined) budgetOf(topicsOf(cloud, settings, inAws), settings, inAws);

  return {
    tier: settings.tier,
    database: {
      kind: "postgresql",
      host: database.endpoint.host,
      port: database.endpoint.port,
      name: database.endpoint.name,
    },
    files: { kind: "s3", bucket: files.endpoint.bucket, region: files.endpoint.region },
    cache: { kind: cache.endpoint.kind, host: cache.endpoint.host, port: cache.endpoint.port },
    app: appOutputs(app, settings),
    contract: app.contract,
    backups: { dumps: dumps.bucket },
    alerts: { rules: alerts?.alertNames.length ?? 0 },
    ...(database instanceof CloudNativePg ? { restore: database.restoreInstructions } : {}),
  };
}
