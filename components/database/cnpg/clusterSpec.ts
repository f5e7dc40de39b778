import type { Input } from "@pulumi/pulumi";
import type { Machine } from "../instanceClasses";
import type { Tuning } from "../parameters";
import { pluginOf } from "./backupStore";
import { CLUSTER_LABEL, ROLE_LABEL } from "./names";
import { cnpgParameters } from "./parameters";
import { DATABASE_APP } from "./place";
import { QUERIES_KEY } from "./queries";
import { type CnpgRestore, recoveryOf, SOURCE } from "./restore";

/** The specification of a Cluster (postgresql.cnpg.io/v1). Pure: no resource is made here. */

/**
 * PostgreSQL as CloudNativePG publishes it, by exact version: `standard` brings the extensions, and Barman Cloud is a plugin of its own.
 * 15.18 and 16.14 are of one day.
 */
export const POSTGRES_IMAGES: Readonly<Record<15 | 16, string>> = {
  15: "ghcr.io/cloudnative-pg/postgresql:15.18-standard-trixie",
  16: "ghcr.io/cloudnative-pg/postgresql:16.14-standard-trixie",
};

/** What the operator adds to its own labels; `app.kubernetes.io/name` and `managed-by` are its. */
const LABELS = { app: DATABASE_APP, "app.kubernetes.io/part-of": "aibase" } as const;

/** A role with the Secret that holds its name and password. */
export interface RoleSecret {
  readonly role: string;
  readonly secretName: Input<string>;
}

/** A role that the operator makes and keeps as it is described. */
export interface ManagedRole extends RoleSecret {
  readonly comment: string;
  /** Connections that it may have open. Default: any number. */
  readonly connectionLimit?: number;
  /** May read the change stream. */
  readonly replication?: boolean;
  /** Sees rows that row-level security hides from others. */
  readonly bypassRowLevelSecurity?: boolean;
  readonly inRoles?: readonly string[];
}

export interface ClusterParts {
  readonly name: string;
  readonly image: string;
  readonly instances: number;
  readonly tuning: Tuning;
  readonly machine: Machine;
  readonly storageGiB: number;
  readonly walStorageGiB: number;
  readonly storageClass?: string | undefined;
  readonly nodeSpread: "required" | "preferred";
  /** The first database, and its owner, who is made with it. */
  readonly database: string;
  readonly owner: RoleSecret;
  /** All other roles. */
  readonly roles: readonly ManagedRole[];
  readonly queriesName: Input<string>;
  /** ObjectStore that backups and WAL go to, and the name under which they stand there. */
  readonly archive: { readonly storeName: Input<string>; readonly serverName: string };
  /** What the cluster begins from; its ObjectStore is named here. */
  readonly restore?: (CnpgRestore & { readonly storeName: Input<string> }) | undefined;
}

export const clusterSpec = (parts: ClusterParts) => ({
  instances: parts.instances,
  imageName: parts.image,
  enableSuperuserAccess: false,
  // With one instance a budget would hold up every work on its machine for good.
  enablePDB: parts.instances > 1,
  inheritedMetadata: { labels: LABELS },
  postgresql: {
    parameters: cnpgParameters(parts),
    // As rds.force_ssl does: who does not encrypt is refused before a password is asked for.
    pg_hba: ["hostnossl all all all reject"],
    ...synchronousOf(parts.instances),
  },
  ...originOf(parts),
  plugins: [{ ...pluginOf(parts.archive.storeName, parts.archive.serverName), enabled: true, isWALArchiver: true }],
  managed: { roles: parts.roles.map(managedRole) },
  storage: volumeOf(parts.storageGiB, parts.storageClass),
  walStorage: volumeOf(parts.walStorageGiB, parts.storageClass),
  resources: resourcesOf(parts.machine),
  ...placesOf(parts),
  monitoring: {
    // Whoever wants one makes a PodMonitor; the operator's own is deprecated.
    enablePodMonitor: false,
    customQueriesConfigMap: [{ name: parts.queriesName, key: QUERIES_KEY }],
  },
});

/**
 * From three instances on a transaction is told as done when a second instance has it, whatever happens: with one standby away the
 * other one confirms, and with both away writing waits. The operator then promotes only an instance that has everything. With two
 * instances the loss of the one standby must not stop writing, so the confirmation is given up while it is away.
 */
function synchronousOf(instances: number) {
  if (instances < 2) return {};
  const confirmed = { method: "any", number: 1 } as const;
  return instances === 2
    ? { synchronous: { ...confirmed, dataDurability: "preferred" } }
    : { synchronous: { ...confirmed, dataDurability: "required", failoverQuorum: true } };
}

/** S3-09, C-33: UTF-8 with the C collation, whose order no upgrade of a library changes. */
const LOCALE = { encoding: "UTF8", localeCollate: "C", localeCType: "C" } as const;

/** A new server with the first database, or one that begins from backups; never both. */
function originOf({ database, owner, restore }: ClusterParts) {
  const application = { database, owner: owner.role, secret: { name: owner.secretName } };
  if (restore === undefined) return { bootstrap: { initdb: { ...application, ...LOCALE, dataChecksums: true } } };
  return {
    bootstrap: recoveryOf(restore, application),
    externalClusters: [{ name: SOURCE, plugin: pluginOf(restore.storeName, restore.serverName) }],
  };
}

const managedRole = (role: ManagedRole) => ({
  name: role.role,
  ensure: "present",
  comment: role.comment,
  login: true,
  ...(role.connectionLimit === undefined ? {} : { connectionLimit: role.connectionLimit }),
  ...(role.replication === true ? { replication: true } : {}),
  ...(role.bypassRowLevelSecurity === true ? { bypassrls: true } : {}),
  ...(role.inRoles === undefined ? {} : { inRoles: [...role.inRoles] }),
  passwordSecret: { name: role.secretName },
});

const volumeOf = (gib: number, storageClass: string | undefined) => ({
  size: `${gib}Gi`,
  ...(storageClass === undefined ? {} : { storageClass }),
});

/** Requests equal to limits: a pod of the class Guaranteed, the last one to be put out of a machine. */
function resourcesOf({ vcpus, memoryGiB }: Machine) {
  const machine = { cpu: String(vcpus), memory: `${memoryGiB}Gi` };
  return {
    requests: { ...machine, "ephemeral-storage": "1Gi" },
    limits: { ...machine, "ephemeral-storage": "4Gi" },
  };
}

/**
 * Never two instances on a machine, where that is required; spread over the zones as far as there are zones. Demanding different
 * zones would leave a cluster with one zone, or a lost one, without its standbys.
 */
const placesOf = ({ name, nodeSpread }: ClusterParts) => ({
  affinity: {
    enablePodAntiAffinity: true,
    topologyKey: "kubernetes.io/hostname",
    podAntiAffinityType: nodeSpread,
  },
  topologySpreadConstraints: [
    {
      topologyKey: "topology.kubernetes.io/zone",
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { [CLUSTER_LABEL]: name, [ROLE_LABEL]: "instance" } },
    },
  ],
});

/** The specification of a Database (postgresql.cnpg.io/v1): taking it out of the stack leaves the database where it is. */
export const databaseSpec = (cluster: Input<string>, database: string, owner: string) => ({
  cluster: { name: cluster },
  name: database,
  owner,
  ensure: "present",
  template: "template0",
  ...LOCALE,
  databaseReclaimPolicy: "retain",
});
