import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { KubernetesApp, type KubernetesAppArgs } from "../../components/app/kubernetesApp";
import type { RedisCache } from "../../components/cache/redisCache";
import { Cluster } from "../../components/cluster/cluster";
import type { RdsDatabase } from "../../components/database/rdsDatabase";
import type { S3Files } from "../../components/files/s3Files";
import { Namespace, PLATFORM_NAMESPACE } from "../../components/kubernetes/namespace";
import type { InternalNames } from "../../components/network/internalNames";
import type { Network } from "../../components/network/network";
import type { EnterpriseSettings, SmallTeamSettings, SmbSettings } from "../../settings";
import { type Cloud, sizeOf } from "../cloud";
import { quotaOf, type Running } from "./quota";

type WorkloadSettings = SmbSettings | EnterpriseSettings;

/** The Kubernetes cluster that the settings name, or a new one. */
export function clusterOf(
  { accountId }: Cloud,
  network: Network,
  settings: WorkloadSettings,
  opts: ComponentResourceOptions,
): Cluster {
  const { mode, context, kubeconfig, version, endpointCidrs } = settings.cluster;
  const { region, deletionProtection } = settings;
  if (mode === "existing") return new Cluster("cluster", { mode, context, kubeconfig }, opts);
  return new Cluster(
    "cluster",
    { mode, version, endpointCidrs, subnetIds: network.privateSubnetIds, accountId, region, deletionProtection },
    opts,
  );
}

/** What a stack has in its namespace beside the application. */
type Beside = Pick<Running, "machines" | "volumesGiB">;

/** The namespace of everything that the stack has in its cluster. */
export function namespaceOf(
  settings: WorkloadSettings | SmallTeamSettings,
  beside: Beside,
  opts: ComponentResourceOptions,
): Namespace {
  const { app } = settings;
  const appPods = settings.tier === "small-team" ? app.replicas : (settings.app.maxReplicas ?? 4 * app.replicas);
  const quota = quotaOf({ size: sizeOf(settings), appPods, ...beside });
  return new Namespace("namespace", { name: PLATFORM_NAMESPACE, quota }, opts);
}

/** The application, with what it connects to. */
export function appOf(
  cluster: Cluster,
  namespace: Namespace,
  data: {
    readonly database: RdsDatabase;
    readonly files: S3Files;
    readonly cache: RedisCache;
    readonly names: InternalNames;
  },
  settings: WorkloadSettings,
  tier: Pick<KubernetesAppArgs, "digestRequired">,
  opts: ComponentResourceOptions,
): KubernetesApp {
  const { clusterName } = cluster;
  const { roleArn } = data.files;
  return new KubernetesApp(
    "app",
    {
      ...settings.app,
      ...tier,
      namespace: namespace.namespace,
      tier: settings.tier,
      users: settings.users,
      size: sizeOf(settings).name,
      database: { ...data.database.endpoint, readerHost: data.names.postgresRead },
      files: data.files.endpoint,
      cache: data.cache.endpoint,
      ...(clusterName === undefined || roleArn === undefined ? {} : { identity: { clusterName, roleArn } }),
    },
    opts,
  );
}
