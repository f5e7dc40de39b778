import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster/cluster";
import type { Namespace } from "../../components/kubernetes/namespace";
import type { SmbSettings } from "../../settings";
import { filesHost, lookup } from "../../settings/hosting";
import { type Cloud, sizeOf } from "../cloud";
import { cacheVolumesGiB } from "./clusterCache";
import { networkOf } from "./network";
import { clusterOf, namespaceOf } from "./workload";

/** What a stack of tier smb outside RDS stands on. */
export interface Ground {
  /** Undefined where nothing of the stack is in AWS. */
  readonly cloud?: Cloud;
  readonly cluster: Cluster;
  readonly inAws: ComponentResourceOptions;
  /** For everything in the cluster; jobs may have an identity in AWS as well. */
  readonly inCluster: ComponentResourceOptions;
}

/** Default of `database.instances`. */
const INSTANCES = 3;

/** The cluster that is there, or an EKS cluster with its network. */
export function groundOf(cloud: Cloud | undefined, settings: SmbSettings): Ground {
  const inAws = cloud === undefined ? {} : { providers: [cloud.provider] };
  const cluster = clusterIn(cloud, settings, inAws);
  const inCluster = { providers: [...(cloud === undefined ? [] : [cloud.provider]), cluster.provider] };
  return { ...(cloud === undefined ? {} : { cloud }), cluster, inAws, inCluster };
}

function clusterIn(cloud: Cloud | undefined, settings: SmbSettings, opts: ComponentResourceOptions): Cluster {
  const { mode, context, kubeconfig } = settings.cluster;
  if (mode === "existing" || cloud === undefined)
    return new Cluster("cluster", { mode: "existing", context, kubeconfig }, opts);
  const network = networkOf(cloud, settings, { natGateways: "single", interfaceEndpoints: [] }, opts);
  return clusterOf(cloud, network, settings, opts);
}

/** The account that the settings have made sure of, where there is no bucket of one's own for backups. */
export function accountOf({ cloud }: Ground): Cloud {
  if (cloud === undefined) throw new Error("no store for backups and no account to make one in");
  return cloud;
}

/** Instances of PostgreSQL in the cluster; none where somebody else runs it. */
export const instancesOf = ({ database }: SmbSettings): number =>
  database.host === "kubernetes" ? (database.instances ?? INSTANCES) : 0;

/** GiB of the data's volume of each instance. */
export const storageOf = (settings: SmbSettings): number => settings.database.storageGiB ?? sizeOf(settings).storageGiB;

/** The namespace, large enough for what stands in it. */
export function hostedNamespaceOf(settings: SmbSettings, opts: ComponentResourceOptions): Namespace {
  const minio = filesHost(lookup(settings)) === "minio" ? 1 : 0;
  const instances = instancesOf(settings);
  // A recovery or an upgrade runs one more instance for a while; WAL has a volume of a tenth beside the data's.
  const databaseGiB = (instances === 0 ? 0 : instances + 1) * 1.5 * storageOf(settings);
  const volumesGiB = Math.ceil(databaseGiB) + cacheVolumesGiB(settings) + minio * settings.files.volumeGiB;
  return namespaceOf(settings, { machines: instances + settings.cache.nodes + minio, volumesGiB }, opts);
}
