import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SqliteCatalogueName, TierName } from "../../../settings";
import type { SizeName } from "../../../settings/tiers";
import { waysTo } from "../../backup/store";
import type { CacheEndpoint } from "../../endpoints";
import { egressTo } from "../../kubernetes/networkPolicy";
import { checksumOf, secretData } from "../../kubernetes/secretData";
import { type Transform, transformed } from "../../transform";
import { contract } from "../contract";
import { partEnvironment } from "../environment";
import { PORT_NAME, SELECTOR } from "../kubernetesDeployment";
import { CACHE_ALIAS, type Exposure } from "../kubernetesService";
import {
  type AppRole,
  type Identity,
  makeAlias,
  makeIdentity,
  makeSecrets,
  makeService,
  metadataOf,
  type Place,
} from "../workload";
import { databaseFile, FILES_FOLDER } from "./folders";
import { LITESTREAM_IMAGE } from "./litestream";
import { SQLITE_IMAGE } from "./migrations";
import { makePodFiles } from "./podFiles";
import { SqliteBackups } from "./sqliteBackups";
import { statefulSetSpec } from "./sqlitePod";
import { type SqliteStore, STORE_SECRET, storeEgress, storeKeys, storeSecrets } from "./store";
import { makeVolume, type Volumes } from "./volumes";

export interface SqliteAppArgs {
  /** Namespace of everything here; it takes pods of the level `restricted`. A change makes all of it anew. */
  readonly namespace: pulumi.Input<string>;
  readonly tier: TierName;
  readonly users: number;
  /** Container image. A new one is started when the old one has ended: some seconds without the application. */
  readonly image: string;
  /** Port the container listens on (S1-50). */
  readonly port: number;
  /** Machine size, which decides what the pod requests. */
  readonly size: SizeName;
  /** Who reaches the application. Default: `internal`, as KubernetesApp has it. */
  readonly exposure?: Exposure;
  readonly database: {
    /** Logical database of the catalogue. Changing it begins another file; the old one stays on the volume. */
    readonly name: SqliteCatalogueName;
    /**
     * Size of its volume in GiB, 100 at most (S0-05). Grows in place where the class of storage can, and never shrinks. Half of it
     * is for the database: when Litestream has to send all of it, as at first, it writes a packed copy beside it.
     */
    readonly volumeGiB: number;
    /** How long a connection waits for a lock, in milliseconds. Changed with a restart. */
    readonly busyTimeoutMs: number;
  };
  /** Size of the volume for files in GiB. Grows in place where the class of storage can, and never shrinks. */
  readonly filesVolumeGiB: number;
  /** Class of storage of all volumes. Default: the cluster's own. A change replaces the volumes: refused while they are protected. */
  readonly storageClass?: string;
  /** `app` is that label of the cache's pods in this namespace. Default: it stands outside of the cluster. */
  readonly cache: Exclude<CacheEndpoint, { kind: "memory" }> & { readonly app?: string | undefined };
  /** Where the database is replicated and copied to. */
  readonly store: SqliteStore;
  /** An IAM role of the pods instead of keys in `store`. It then is the application's own, too. */
  readonly identity?: AppRole;
  /** Other images, of exact versions. */
  readonly images?: {
    /** With a shell: not the one from scratch. */
    readonly litestream?: string | undefined;
    /** sqlite3 of 3.51.3 or newer, a shell, gzip and tar. */
    readonly sqlite?: string | undefined;
    /** The AWS command line. */
    readonly uploader?: string | undefined;
  };
  /** Protect the volumes from being deleted by the engine. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly statefulSet?: Transform<kubernetes.apps.v1.StatefulSetArgs>;
    readonly service?: Transform<kubernetes.core.v1.ServiceArgs>;
    readonly networkPolicy?: Transform<kubernetes.networking.v1.NetworkPolicyArgs>;
    readonly volumeClaim?: Transform<kubernetes.core.v1.PersistentVolumeClaimArgs>;
    readonly cronJob?: Transform<kubernetes.batch.v1.CronJobArgs>;
  };
}

/**
 * The application at tier small-team (S1-88): one pod, SQLite and files on volumes that outlive it (S0-29, C-12). Litestream sends
 * each change to a bucket within a second or so, and a lost database comes back from there before the application starts. One pod
 * has no disruption budget: it could only hold up the work on its machine. Needs Kubernetes 1.29, which starts init containers
 * that go on. Every other process that writes to the file, the application too, needs SQLite 3.51.3 or newer.
 */
export class SqliteApp extends pulumi.ComponentResource {
  /** The contract as the pod gets it. Secret. */
  readonly contract: pulumi.Output<Record<string, string>>;
  readonly namespace: pulumi.Output<string>;
  readonly serviceName: pulumi.Output<string>;
  readonly statefulSetName: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: SqliteAppArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const { tier, users, image, port, database } = args;
    super("scaling-ladder:app:SqliteApp", name, { tier, users, image, port, database: database.name }, opts);

    this.namespace = pulumi.output(args.namespace);
    const place: Place = { name, namespace: this.namespace, parent: this };
    const variables = this.variables();
    const identity = makeIdentity(place, args.identity);
    makeAlias(place, CACHE_ALIAS, args.cache.host);
    this.makeNetworkPolicy(place);
    const volumes = this.makeVolumes(place);
    const secrets = this.makeStoreSecret(place);
    const statefulSet = this.makeStatefulSet(place, variables, volumes, identity, secrets);
    const service = makeService(place, args.exposure ?? "internal", args.transform?.service);
    this.makeBackups(place, volumes, identity, secrets);

    this.contract = pulumi.secret(pulumi.all(variables));
    this.serviceName = service.metadata.name;
    this.statefulSetName = statefulSet.metadata.name;
    this.registerOutputs({ namespace: this.namespace, serviceName: this.serviceName });
  }

  private variables(): Record<string, pulumi.Input<string>> {
    const { database, cache, port } = this.args;
    return {
      ...contract({
        database: {
          kind: "sqlite",
          path: pulumi.output(databaseFile(database.name)),
          busyTimeoutMs: database.busyTimeoutMs,
        },
        files: { kind: "local", path: pulumi.output(FILES_FOLDER) },
        // A server's certificate knows no alias.
        cache: cache.tls ? cache : { ...cache, host: cache.host.apply(() => CACHE_ALIAS) },
      }),
      PORT: String(port),
    };
  }

  private makeNetworkPolicy(place: Place): void {
    const { cache, store, transform } = this.args;
    const defaults: kubernetes.networking.v1.NetworkPolicyArgs = {
      metadata: metadataOf(place, "aibase"),
      spec: {
        podSelector: { matchLabels: SELECTOR },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [{ protocol: "TCP", port: PORT_NAME }] }],
        // HTTPS is the application's own: it calls others.
        egress: [...egressTo([]), ...waysTo([{ port: cache.port, app: cache.app }]), ...storeEgress(store)],
      },
    };
    new kubernetes.networking.v1.NetworkPolicy(
      `${place.name}-network`,
      transformed(defaults, transform?.networkPolicy),
      { parent: this },
    );
  }

  private makeVolumes(place: Place): Volumes {
    const { database, filesVolumeGiB, storageClass, deletionProtection, transform } = this.args;
    const common = { storageClass, deletionProtection, transform: transform?.volumeClaim };
    return {
      database: makeVolume(place, "database", { ...common, sizeGiB: database.volumeGiB }),
      files: makeVolume(place, "files", { ...common, sizeGiB: filesVolumeGiB }),
    };
  }

  private makeStoreSecret(place: Place): kubernetes.core.v1.Secret[] {
    const values = storeSecrets(this.args.store);
    if (values === undefined) return [];
    return [
      new kubernetes.core.v1.Secret(
        `${place.name}-store`,
        { metadata: metadataOf(place, STORE_SECRET), type: "Opaque", data: secretData(values) },
        { parent: this },
      ),
    ];
  }

  private makeStatefulSet(
    place: Place,
    variables: Record<string, pulumi.Input<string>>,
    volumes: Volumes,
    { serviceAccountName, first }: Identity,
    storeSecret: readonly kubernetes.core.v1.Secret[],
  ): kubernetes.apps.v1.StatefulSet {
    const { image, port, size, database, store, images, transform } = this.args;
    const environment = partEnvironment(variables);
    const secrets = [...makeSecrets(place, environment.secret), ...storeSecret];
    const files = makePodFiles(place, database.name, store);
    const secretValues = [...environment.secret.map(({ value }) => value), ...Object.values(storeSecrets(store) ?? {})];
    const defaults: kubernetes.apps.v1.StatefulSetArgs = {
      metadata: metadataOf(place, "aibase"),
      spec: statefulSetSpec(this.makePodName(place), {
        image,
        port,
        size,
        serviceAccountName,
        environment,
        checksum: checksumOf(secretValues),
        database: database.name,
        busyTimeoutMs: database.busyTimeoutMs,
        volumeGiB: database.volumeGiB,
        litestreamImage: images?.litestream ?? LITESTREAM_IMAGE,
        sqliteImage: images?.sqlite ?? SQLITE_IMAGE,
        storeKeys: storeKeys(store),
        databaseClaim: volumes.database.claim,
        filesClaim: volumes.files.claim,
        files,
      }),
    };
    return new kubernetes.apps.v1.StatefulSet(
      `${place.name}-statefulset`,
      transformed(defaults, transform?.statefulSet),
      { parent: this, dependsOn: [...secrets, ...first] },
    );
  }

  /** The Service that a StatefulSet names its pods by: `aibase-0.aibase`. */
  private makePodName(place: Place): pulumi.Output<string> {
    const service = new kubernetes.core.v1.Service(
      `${place.name}-pods`,
      {
        metadata: metadataOf(place, "aibase"),
        spec: {
          clusterIP: "None",
          selector: SELECTOR,
          ports: [{ name: PORT_NAME, port: this.args.port, targetPort: PORT_NAME, protocol: "TCP" }],
        },
      },
      { parent: this },
    );
    return service.metadata.name;
  }

  private makeBackups(
    { name }: Place,
    volumes: Volumes,
    { serviceAccountName, first }: Identity,
    secrets: readonly kubernetes.core.v1.Secret[],
  ): void {
    const { database, storageClass, store, images, transform } = this.args;
    new SqliteBackups(
      `${name}-backups`,
      {
        namespace: this.namespace,
        database: database.name,
        busyTimeoutMs: database.busyTimeoutMs,
        volumes,
        storageClass,
        store,
        serviceAccountName,
        sqliteImage: images?.sqlite ?? SQLITE_IMAGE,
        uploaderImage: images?.uploader,
        transform: transform?.cronJob,
      },
      { parent: this, dependsOn: [...first, ...secrets] },
    );
  }
}
