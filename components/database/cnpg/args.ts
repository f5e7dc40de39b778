import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CatalogueName } from "../../../settings";
import { UserError } from "../../../settings/errors";
import type { Transform } from "../../transform";
import type { Machine } from "../instanceClasses";
import type { Tuning } from "../parameters";
import type { BackupStore } from "./backupStore";
import { type CnpgRestore, checkRestore } from "./restore";

export interface CloudNativePgArgs {
  /** Namespace of all objects; it takes pods of the level `restricted`. A change makes a new, empty cluster there. */
  readonly namespace: pulumi.Input<string>;
  /** Default: `postgres`. At most 50 characters. A change makes a new, empty cluster. */
  readonly clusterName?: string;
  /** Logical database that the application connects to, as a role of the same name (S1-11). A change is a promotion. */
  readonly databaseName: CatalogueName;
  /** Further logical databases, each with roles of its own. One that is taken out stays on the server. */
  readonly databases?: readonly CatalogueName[];
  /** Major version (C-07). Raising it upgrades in place with an outage of minutes; it cannot be lowered. */
  readonly version: 15 | 16;
  /** Image whose tag begins with the version. Default: POSTGRES_IMAGES. A newer minor one is rolled out instance by instance. */
  readonly image?: string | undefined;
  /** The primary and its standbys, 1 to 9. Changed in place. Default: 3, of which one may be lost at any moment. */
  readonly instances?: number;
  /** What each instance gets: a machine of the cluster needs somewhat more. Changed by a rolling restart. */
  readonly size: Machine;
  /** Volume of the data of each instance, GiB. It grows in place, where the StorageClass can, and never shrinks. */
  readonly storageGiB: number;
  /** Volume of the WAL of each instance, GiB; as above. Default: a tenth of `storageGiB`, at least 10. */
  readonly walStorageGiB?: number;
  /** StorageClass of both volumes. Default: the cluster's. A change counts for volumes that are made later. */
  readonly storageClass?: string | undefined;
  /** `required`: never two instances on one machine, and one without a machine waits. `preferred` lets them share. Default: `required`. */
  readonly nodeSpread?: "required" | "preferred";
  /** The nine documented values (C-33), or the same scaled to `size`. A change restarts instance by instance. */
  readonly tuning: Tuning;
  /** PgBouncer before the writer (C-32), in transaction mode. Switching it moves the address that the application connects to. */
  readonly pooler: boolean;
  /** Clients in the pool of one application process (S4-27). */
  readonly poolMax: number;
  /** Bucket of base backups and WAL: outside of the cluster, for it is what is left when the cluster is lost. */
  readonly backup: BackupStore;
  /** Days of point-in-time recovery, 1 to 35: 7 at smb (C-39). Changed in place. */
  readonly pitrDays: number;
  /**
   * Name under which this cluster archives. Default: the stack's. A cluster that is made anew needs a new one, for Barman refuses to
   * archive where another cluster did.
   */
  readonly archiveName?: string | undefined;
  /** What the cluster begins from. Read when it is made and never again. */
  readonly restore?: CnpgRestore | undefined;
  /** Labels `app` of the workloads that connect, such as `aibase` and `database-dump`. */
  readonly clients: readonly string[];
  /** Namespace of the operator, which must reach the instances. Default: `cnpg-system`. */
  readonly operatorNamespace?: pulumi.Input<string>;
  /** The engine's protection of the cluster. Whoever deletes it deletes its volumes; what is in the bucket stays. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly cluster?: Transform<kubernetes.apiextensions.CustomResourceArgs>;
    readonly pooler?: Transform<kubernetes.apiextensions.CustomResourceArgs>;
    readonly networkPolicy?: Transform<kubernetes.networking.v1.NetworkPolicyArgs>;
  };
}

/** Further databases, each once and without the first. */
export const furtherDatabases = ({ databaseName, databases = [] }: CloudNativePgArgs): CatalogueName[] => [
  ...new Set(databases.filter((database) => database !== databaseName)),
];

/** What the settings leave open, because it depends on their defaults. */
export function checkArgs({ instances = 3, image, version, restore }: CloudNativePgArgs, archiveName: string): void {
  if (!Number.isInteger(instances) || instances < 1 || instances > 9)
    throw new UserError(`database.instances is ${instances}; allowed are 1 to 9.`);
  if (image !== undefined && !new RegExp(`:${version}([.\\-_]|$)`).test(image.replace(/@sha256:[0-9a-f]+$/, "")))
    throw new UserError(
      `The image of PostgreSQL is ${image}; the operator reads the version from its tag, which must begin with ${version}.`,
    );
  checkRestore(restore, archiveName);
}
