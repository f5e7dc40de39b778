import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../settings/errors";
import type { SizeName } from "../../../settings/tiers";
import type { CacheEndpoint } from "../../endpoints";
import { labelsOf } from "../../kubernetes/labels";
import { fromApps, fromNamespace, toApps } from "../../kubernetes/networkPolicy";
import { type Transform, transformed } from "../../transform";
import { APP_USER } from "../appAccess";
import { ENGINES, EXPORTER_IMAGE, type KubernetesRedisEngine, leastStorageGiB, REDIS_SIZES } from "./redisEngines";
import { RedisFiles } from "./redisFiles";
import { METRICS_PORT, PORT, PORT_NAME, podTemplate, REDIS_APP } from "./redisPod";

const SELECTOR = { app: REDIS_APP } as const;
const LABELS = labelsOf(REDIS_APP);
const PORTS = [{ name: PORT_NAME, port: PORT, targetPort: PORT_NAME, protocol: "TCP" }];
const PRIMARY_POD = "redis-0";
/** Nodes in all, at most: each replica costs the primary a copy of every write. */
const MOST_NODES = 6;

export interface KubernetesRedisArgs {
  /** Namespace that takes pods of the level `restricted`. A change makes all of it anew, on new volumes. */
  readonly namespace: pulumi.Input<string>;
  /** Redis becomes Valkey on the same volumes; the way back is not sure to read them, so empty them first. */
  readonly engine: KubernetesRedisEngine;
  /** Nodes in all, 1 to 6: one writer, the others copies of it. Changed in place; the volumes of nodes that go stay. */
  readonly nodes: number;
  /** Machine size, which decides CPU and memory of a node. A change makes the pods anew, one after the other. */
  readonly size: SizeName;
  /** What is forgotten when the memory is full, such as `allkeys-lru`. */
  readonly maxmemoryPolicy: string;
  /**
   * Volume of each node, in GiB. Default, and least: what its dumps and logs need at this size. A change makes the StatefulSet anew
   * and leaves volumes that are there as they are: these are made larger by hand (their claims are called `data-redis-<n>`).
   */
  readonly storageGiB?: number;
  /** Default: the cluster's default class. A change makes the StatefulSet anew, as that of `storageGiB` does. */
  readonly storageClass?: string;
  /**
   * Name of a Secret with `tls.crt`, `tls.key` and `ca.crt`, valid for `redis.<namespace>.svc.cluster.local` and issued by somebody
   * the application trusts. The servers read it when they start. Default: no encryption between pods.
   */
  readonly certificate?: string;
  /** Label `app` of the pods that may connect. Default: the application's. */
  readonly clients?: readonly string[];
  /** Namespace of Prometheus, which may read the figures. Default: nobody may. */
  readonly monitoringNamespace?: string;
  /** Default: an exact version of the engine's own image. Another one must have a shell and the engine's client. */
  readonly image?: string;
  /** Default: an exact version of `oliver006/redis_exporter`. */
  readonly exporterImage?: string;
  /** Protect the StatefulSet from being deleted or made anew by the engine. Volumes outlive it in any case. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly statefulSet?: Transform<kubernetes.apps.v1.StatefulSetArgs>;
    readonly networkPolicy?: Transform<kubernetes.networking.v1.NetworkPolicyArgs>;
  };
}

/**
 * Cache and sessions in the cluster (S1-35, S1-36, S1-45): a password for each kind of user, every write on a disk within a second,
 * a dump every day (S1-84).
 *
 * Nothing takes over for the primary: when its pod or machine goes, Kubernetes starts it again on its volume, and the cache is away
 * for those seconds to minutes. Replicas keep further copies; they answer nobody. A write therefore waits for no replica
 * (`min-replicas-to-write`): a replica that is away would stop the cache, and the log has the write already.
 */
export class KubernetesRedis extends pulumi.ComponentResource {
  readonly endpoint: Exclude<CacheEndpoint, { readonly kind: "memory" }>;
  readonly statefulSetName: pulumi.Output<string>;

  constructor(name: string, args: KubernetesRedisArgs, opts: pulumi.ComponentResourceOptions = {}) {
    checkArgs(args);
    const { engine, nodes, size, certificate } = args;
    super("scaling-ladder:cache:KubernetesRedis", name, { engine, nodes, size }, opts);
    const files = new RedisFiles(`${name}-files`, { ...args, tls: certificate !== undefined }, { parent: this });
    this.makeNetworkPolicy(name, args);
    const service = this.makeService(name, args);
    const statefulSet = this.makeStatefulSet(name, args, files, this.makeNodesService(name, args));
    if (nodes > 1) this.makeDisruptionBudget(name, args);

    this.statefulSetName = statefulSet.metadata.name;
    this.endpoint = {
      kind: engine,
      host: pulumi.interpolate`${service.metadata.name}.${args.namespace}.svc.cluster.local`,
      port: PORT,
      tls: certificate !== undefined,
      username: pulumi.output(APP_USER),
      password: files.password,
    };
    this.registerOutputs({ host: this.endpoint.host, statefulSetName: this.statefulSetName });
  }

  /** Clients and the nodes themselves, and Prometheus; a node goes out to other nodes only. */
  private makeNetworkPolicy(name: string, args: KubernetesRedisArgs): void {
    const { namespace, nodes, clients = ["aibase"], monitoringNamespace, transform } = args;
    const defaults: kubernetes.networking.v1.NetworkPolicyArgs = {
      metadata: { name: "redis", namespace, labels: LABELS },
      spec: {
        podSelector: { matchLabels: SELECTOR },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          fromApps([...clients, ...(nodes > 1 ? [REDIS_APP] : [])], [PORT]),
          ...(monitoringNamespace === undefined ? [] : [fromNamespace(monitoringNamespace, [METRICS_PORT])]),
        ],
        // No empty list: the API server keeps none, and would take one for a change at every apply.
        ...(nodes > 1 ? { egress: [toApps([REDIS_APP], [PORT])] } : {}),
      },
    };
    new kubernetes.networking.v1.NetworkPolicy(`${name}-network`, transformed(defaults, transform?.networkPolicy), {
      parent: this,
    });
  }

  /** `redis` leads to the primary. It is ready when that is, and so is what takes its name from here. */
  private makeService(name: string, { namespace }: KubernetesRedisArgs): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { name: "redis", namespace, labels: LABELS },
        spec: { selector: { ...SELECTOR, "statefulset.kubernetes.io/pod-name": PRIMARY_POD }, ports: PORTS },
      },
      { parent: this },
    );
  }

  /** `redis-nodes` gives each node a name, also before it is ready. */
  private makeNodesService(name: string, { namespace }: KubernetesRedisArgs): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      `${name}-nodes`,
      {
        // Its pods come after it, so that nobody may wait for them here.
        metadata: {
          name: "redis-nodes",
          namespace,
          labels: LABELS,
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: { clusterIP: "None", publishNotReadyAddresses: true, selector: SELECTOR, ports: PORTS },
      },
      { parent: this },
    );
  }

  private makeStatefulSet(
    name: string,
    args: KubernetesRedisArgs,
    files: RedisFiles,
    { metadata: { name: serviceName } }: kubernetes.core.v1.Service,
  ): kubernetes.apps.v1.StatefulSet {
    const { namespace, engine, nodes, size, certificate, deletionProtection } = args;
    const { server, client, image } = ENGINES[engine];
    const defaults: kubernetes.apps.v1.StatefulSetArgs = {
      metadata: { name: "redis", namespace, labels: LABELS },
      spec: {
        replicas: nodes,
        serviceName,
        selector: { matchLabels: SELECTOR },
        template: podTemplate({
          configMap: files.configMapName,
          secret: files.secretName,
          checksum: files.checksum,
          server,
          client,
          certificate,
          image: args.image ?? image,
          exporterImage: args.exporterImage ?? EXPORTER_IMAGE,
          size: REDIS_SIZES[size],
          labels: LABELS,
          selector: SELECTOR,
          primary: pulumi.interpolate`${PRIMARY_POD}.${serviceName}`,
        }),
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        volumeClaimTemplates: [claimOf(args)],
      },
    };
    return new kubernetes.apps.v1.StatefulSet(`${name}-servers`, transformed(defaults, args.transform?.statefulSet), {
      parent: this,
      protect: deletionProtection,
      // One node after the other, each with its time to write a dump and to read it.
      customTimeouts: { create: "30m", update: "30m" },
    });
  }

  private makeDisruptionBudget(name: string, { namespace }: KubernetesRedisArgs): void {
    new kubernetes.policy.v1.PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata: { name: "redis", namespace, labels: LABELS },
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: SELECTOR },
        },
      },
      { parent: this },
    );
  }
}

/** The claim of each node's volume. */
const claimOf = ({ size, storageGiB, storageClass }: KubernetesRedisArgs) => ({
  metadata: { name: "data", labels: SELECTOR },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: `${storageGiB ?? leastStorageGiB(REDIS_SIZES[size].memoryMiB)}Gi` } },
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
  },
});

function checkArgs({ nodes, size, storageGiB }: KubernetesRedisArgs): void {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MOST_NODES)
    throw new UserError(`cache.nodes is ${nodes}; a cache in the cluster has 1 to ${MOST_NODES} nodes`);
  const least = leastStorageGiB(REDIS_SIZES[size].memoryMiB);
  if (storageGiB !== undefined && storageGiB < least)
    throw new UserError(
      `the volumes of the cache have ${storageGiB} GiB; dumps and logs of a node of size ${size} need ${least} GiB`,
    );
}
