import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { MAX_CONNECTIONS } from "../../../catalogue/connectionLimits";
import { MONITORS } from "../../../catalogue/roles";
import type { CatalogueName } from "../../../settings";
import { storeDestination } from "../../backup/store";
import type { PostgresqlEndpoint } from "../../endpoints";
import { transformed } from "../../transform";
import { type CloudNativePgArgs, checkArgs, furtherDatabases } from "./args";
import { scheduledBackupSpec } from "./backupStore";
import { clusterSpec, databaseSpec, type ManagedRole, POSTGRES_IMAGES, type RoleSecret } from "./clusterSpec";
import { DUMP_ROLE, type RoleCredentials, roleCredentials } from "./credentials";
import { API_VERSION, objectName, PORT, SERVICES } from "./names";
import { instancePolicy } from "./networkPolicy";
import { objectStore } from "./objectStore";
import { metadataOf, type Place } from "./place";
import { pooler, poolerNameOf } from "./pooler";
import { QUERIES_KEY, renderQueries } from "./queries";
import { cnpgRestoreInstructions } from "./restore";
import { type DatabaseRoles, managedRoles, rolesOfDatabases } from "./roles";

type CustomResource = kubernetes.apiextensions.CustomResource;

/** Three instances are made one after the other; a restore takes as long as its data. */
const TIMEOUTS = { create: "60m", update: "60m" } as const;

/** Smallest volume for WAL: max_wal_size and wal_keep_size take 1.5 GB, and some hours without an archive need the rest. */
const LEAST_WAL_GIB = 10;

/** PostgreSQL in the cluster by CloudNativePG (C-08): instances that replace each other, pooler, continuous backup, network policies. */
export class CloudNativePg extends pulumi.ComponentResource {
  /** Host is the pooler where there is one. `sslmode` is `require`: server and pooler refuse anything else. */
  readonly endpoint: PostgresqlEndpoint;
  /** The writer, past the pooler, as the role that reads everything and writes nothing: for dumps of any of the databases. */
  readonly dumpEndpoint: PostgresqlEndpoint;
  /** Address of the writer itself, past the pooler: for migrations, dumps and replication. */
  readonly writerAddress: pulumi.Output<string>;
  /** The four roles of each logical database, with the Secrets that hold their names and passwords. */
  readonly roles: ReadonlyMap<CatalogueName, DatabaseRoles>;
  /** Secret that the operator keeps, with the authority of the servers' certificates under `ca.crt`. */
  readonly caSecretName: pulumi.Output<string>;
  readonly clusterName: string;
  readonly poolerName?: string;
  /** Service account of the instances, for the trust policy of a role that reaches the bucket. */
  readonly serviceAccountName: string;
  readonly maxConnections = MAX_CONNECTIONS;
  /** What the thresholds of alerts depend on. */
  readonly facts: { vcpus: number; memoryGiB: number; maxConnections: number; storageGiB: number };
  readonly restoreInstructions: string;
  private readonly place: Place;

  constructor(name: string, args: CloudNativePgArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { databaseName, version, tuning, size, storageGiB, pitrDays, clusterName = "postgres" } = args;
    const archiveName = args.archiveName ?? pulumi.getStack();
    checkArgs(args, archiveName);
    super("scaling-ladder:database:CloudNativePg", name, { kind: "postgresql", databaseName, version, tuning }, opts);
    this.clusterName = clusterName;
    this.serviceAccountName = clusterName;
    this.place = { namespace: args.namespace, clusterName };

    this.roles = rolesOfDatabases(name, [databaseName, ...furtherDatabases(args)], this.place, { parent: this });
    const { owner, app } = this.rolesOf(databaseName);
    const dump = roleCredentials(name, DUMP_ROLE, this.place, { parent: this });
    const policy = this.makeNetworkPolicy(name, args);
    const roles = [...managedRoles(this.roles), dumpRole(dump)];
    const cluster = this.makeCluster(name, args, { owner, roles }, archiveName, policy);
    this.makeDatabases(name, args, cluster);
    this.makeScheduledBackup(name, cluster);

    this.caSecretName = pulumi.interpolate`${cluster.metadata.name}-ca`;
    this.writerAddress = this.addressOf(cluster.metadata.name, SERVICES.writer);
    if (args.pooler) this.poolerName = poolerNameOf(clusterName);
    const host = args.pooler ? this.addressOf(this.makePooler(name, args, cluster)) : this.writerAddress;
    this.endpoint = this.endpointOf(args, host, cluster, app);
    this.dumpEndpoint = { ...this.endpoint, host: this.writerAddress, ...loginOf(dump) };
    const { vcpus, memoryGiB } = size;
    this.facts = { vcpus, memoryGiB, maxConnections: MAX_CONNECTIONS, storageGiB };
    this.restoreInstructions = cnpgRestoreInstructions({
      stack: pulumi.getStack(),
      clusterName,
      archiveName,
      pitrDays,
    });
    this.registerOutputs({ host, writerAddress: this.writerAddress, clusterName });
  }

  private rolesOf(database: CatalogueName): DatabaseRoles {
    const roles = this.roles.get(database);
    if (roles === undefined) throw new Error(`no roles were made for ${database}`);
    return roles;
  }

  private makeCluster(
    name: string,
    args: CloudNativePgArgs,
    roles: { owner: RoleSecret; roles: readonly ManagedRole[] },
    archiveName: string,
    policy: pulumi.Resource,
  ): CustomResource {
    const { version, storageGiB, size, instances = 3, nodeSpread = "required" } = args;
    const stores = this.makeStores(name, args);
    const defaults = {
      apiVersion: API_VERSION,
      kind: "Cluster",
      // The provider waits until all instances are there.
      metadata: { ...metadataOf(this.place), annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: clusterSpec({
        ...args,
        database: args.databaseName,
        ...roles,
        name: this.clusterName,
        image: args.image ?? POSTGRES_IMAGES[version],
        instances,
        machine: size,
        walStorageGiB: args.walStorageGiB ?? Math.max(LEAST_WAL_GIB, Math.ceil(storageGiB / 10)),
        nodeSpread,
        queriesName: this.makeQueries(name, args),
        archive: { storeName: stores.backup, serverName: archiveName },
        restore: args.restore && { ...args.restore, storeName: stores.source },
      }),
    };
    const { transform, deletionProtection } = args;
    return new kubernetes.apiextensions.CustomResource(`${name}-cluster`, transformed(defaults, transform?.cluster), {
      parent: this,
      protect: deletionProtection,
      // An instance that reaches nobody would not come up.
      dependsOn: [policy],
      customTimeouts: TIMEOUTS,
    });
  }

  /** Where backups go, and where those are that the cluster begins from: the same place unless it was told otherwise. */
  private makeStores(name: string, { backup, pitrDays, restore }: CloudNativePgArgs) {
    const { place } = this;
    const own = { part: "backup", store: backup, retentionDays: pitrDays, place };
    const made = objectStore(name, own, { parent: this });
    const from = restore?.store;
    const source =
      from === undefined ? made : objectStore(name, { part: "source", store: from, place }, { parent: this });
    return { backup: made, source };
  }

  private makeQueries(name: string, args: CloudNativePgArgs): pulumi.Output<string> {
    const queries = new kubernetes.core.v1.ConfigMap(
      `${name}-queries`,
      {
        metadata: metadataOf(this.place, "queries", { reload: true }),
        data: { [QUERIES_KEY]: renderQueries([args.databaseName, ...furtherDatabases(args)]) },
      },
      { parent: this },
    );
    return queries.metadata.name;
  }

  /** The operator tries each until its owner is there, and the provider waits for that. */
  private makeDatabases(name: string, args: CloudNativePgArgs, cluster: CustomResource): void {
    for (const database of furtherDatabases(args))
      new kubernetes.apiextensions.CustomResource(
        `${name}-database-${objectName(database)}`,
        {
          apiVersion: API_VERSION,
          kind: "Database",
          metadata: {
            ...metadataOf(this.place, objectName(database)),
            annotations: { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" },
          },
          spec: databaseSpec(cluster.metadata.name, database, this.rolesOf(database).owner.role),
        },
        { parent: this },
      );
  }

  private makeScheduledBackup(name: string, cluster: CustomResource): void {
    new kubernetes.apiextensions.CustomResource(
      `${name}-backup-schedule`,
      {
        apiVersion: API_VERSION,
        kind: "ScheduledBackup",
        metadata: metadataOf(this.place, "daily"),
        spec: scheduledBackupSpec(cluster.metadata.name),
      },
      { parent: this },
    );
  }

  private makePooler(name: string, args: CloudNativePgArgs, cluster: CustomResource): pulumi.Output<string> {
    const { clients, poolMax, transform } = args;
    return pooler(
      name,
      {
        place: this.place,
        cluster: cluster.metadata.name,
        clients,
        maxConnections: MAX_CONNECTIONS,
        databases: 1 + furtherDatabases(args).length,
        poolMax,
        transform: transform?.pooler,
      },
      { parent: this },
    );
  }

  private makeNetworkPolicy(name: string, args: CloudNativePgArgs): kubernetes.networking.v1.NetworkPolicy {
    const { backup, restore, clients, operatorNamespace = "cnpg-system", transform } = args;
    const stores = [backup, restore?.store].filter((store) => store !== undefined);
    const storePorts = stores.map((store) => storeDestination(store).port).filter((port) => port !== undefined);
    const { clusterName } = this;
    const poolerName = args.pooler ? poolerNameOf(clusterName) : undefined;
    const defaults: kubernetes.networking.v1.NetworkPolicyArgs = {
      metadata: metadataOf(this.place),
      spec: instancePolicy({ clusterName, poolerName, clients, operatorNamespace, storePorts }),
    };
    return new kubernetes.networking.v1.NetworkPolicy(
      `${name}-network`,
      transformed(defaults, transform?.networkPolicy),
      { parent: this },
    );
  }

  /** Known once the object is there, so that what connects comes after it. */
  private addressOf(madeName: pulumi.Output<string>, service?: string): pulumi.Output<string> {
    const suffix = service === undefined ? "" : `-${service}`;
    return pulumi.interpolate`${madeName}${suffix}.${this.place.namespace}.svc.cluster.local`;
  }

  private endpointOf(
    { databaseName, poolMax, instances = 3 }: CloudNativePgArgs,
    host: pulumi.Output<string>,
    cluster: CustomResource,
    app: RoleCredentials,
  ): PostgresqlEndpoint {
    return {
      kind: "postgresql",
      host,
      port: PORT,
      ...(instances < 2 ? {} : { readerHost: this.addressOf(cluster.metadata.name, SERVICES.reader) }),
      name: databaseName,
      ...loginOf(app),
      sslmode: "require",
      poolMax,
    };
  }
}

/** A dump that row-level security cuts short would be taken for a whole one (C-36). */
const dumpRole = ({ role, secretName }: RoleCredentials): ManagedRole => ({
  role,
  secretName,
  comment: "Reads every row for dumps, and writes none",
  bypassRowLevelSecurity: true,
  // Reading is one right and coming in another: PUBLIC may not connect, and monitors may (catalogue/roles.ts).
  inRoles: ["pg_read_all_data", MONITORS],
});

const loginOf = ({ role, password }: RoleCredentials) => ({ username: pulumi.output(role), password });
