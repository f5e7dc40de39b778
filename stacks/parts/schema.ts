import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import { roleName } from "../../catalogue/roles";
import type { Cluster } from "../../components/cluster/cluster";
import type { CloudNativePg } from "../../components/database/cnpg/cloudNativePg";
import { DATABASE_APP } from "../../components/database/cnpg/place";
import { rdsAuthorities } from "../../components/database/rdsAuthorities";
import type { RdsDatabase } from "../../components/database/rdsDatabase";
import { roleLimits } from "../../components/database/roleLimits";
import type { Namespace } from "../../components/kubernetes/namespace";
import { DirectSchema } from "../../components/schema/directSchema";
import { MaintenanceJobs } from "../../components/schema/maintenanceJobs";
import { MigrationJob } from "../../components/schema/migrationJob";
import { MIGRATION_APP } from "../../components/schema/names";
import type { MigratedDatabase } from "../../components/schema/plan";
import { RolePasswords } from "../../components/schema/rolePasswords";
import { WalletKeys, type WalletKeysPlace } from "../../components/secrets/walletKeys";
import type { CatalogueName, EnterpriseSettings, SmbSettings } from "../../settings";
import { catalogueOf, identityIn, type Owners } from "./safety";

/** The logical databases of a stack, with their roles and migrations. */
export interface Schema {
  /** Whatever needs the tables comes after it. */
  readonly ready: Resource;
  /** Who owns each database, and so dumps it. */
  readonly owner: Owners;
}

/** Keys of the wallets in `circle` (C-37), where that is one of the stack's databases. */
export function walletKeysOf(
  settings: SmbSettings | EnterpriseSettings,
  place: WalletKeysPlace,
  opts: ComponentResourceOptions,
): WalletKeys | undefined {
  const { deletionProtection } = settings;
  if (!catalogueOf(settings).includes("circle")) return undefined;
  return new WalletKeys("wallet-keys", { place, deletionProtection }, opts);
}

/** On RDS: by a Job that is the master, for nobody reaches the server from outside; or from here, where somebody does. */
export const rdsSchemaOf = (
  cluster: Cluster,
  namespace: Namespace,
  database: RdsDatabase,
  settings: SmbSettings | EnterpriseSettings,
  opts: ComponentResourceOptions,
): Schema =>
  settings.database.bootstrap === "direct"
    ? directly(database, settings, opts)
    : byJob(cluster, namespace, database, settings, opts);

function byJob(
  cluster: Cluster,
  namespace: Namespace,
  database: RdsDatabase,
  settings: SmbSettings | EnterpriseSettings,
  opts: ComponentResourceOptions,
): Schema {
  const { limits, appPassword } = sharesOf(database, settings);
  const passwords = new Map(
    catalogueOf(settings).map((name) => {
      const app = appPassword(name);
      return [name, new RolePasswords(`roles-${name}`, { database: name, app }, opts).passwords];
    }),
  );
  const ready = new MigrationJob(
    "schema",
    {
      namespace: namespace.namespace,
      server: {
        kind: "rds",
        host: database.writerAddress,
        port: database.endpoint.port,
        ca: rdsAuthorities(settings.region),
        master: {
          secretArn: database.masterSecretArn,
          keyArn: database.keyArn,
          region: settings.region,
          ...identityIn(cluster, MIGRATION_APP),
        },
      },
      databases: [...passwords].map(
        ([name, each]): MigratedDatabase => ({ name, model: { limits: limits(name) }, passwords: each }),
      ),
      nodeImage: settings.database.jobImage,
      awsImage: settings.backup.uploaderImage,
    },
    opts,
  );
  return {
    ready,
    owner: (name) => ({ username: roleName(name, "owner"), password: made(passwords.get(name), name).owner }),
  };
}

function directly(
  database: RdsDatabase,
  settings: SmbSettings | EnterpriseSettings,
  opts: ComponentResourceOptions,
): Schema {
  const ready = new DirectSchema(
    "schema",
    {
      host: database.writerAddress,
      port: database.endpoint.port,
      master: database.master,
      databases: catalogueOf(settings),
      ...sharesOf(database, settings),
      deletionProtection: settings.deletionProtection,
    },
    opts,
  );
  return { ready, owner: (name) => made(ready.databases.get(name), name).endpoints.owner };
}

/** What the databases of one server have of it; the proxy knows the password of the application's own database. */
function sharesOf({ endpoint }: RdsDatabase, settings: SmbSettings | EnterpriseSettings) {
  const { name: main } = settings.database;
  return {
    limits: roleLimits(catalogueOf(settings), main),
    appPassword: (name: CatalogueName) => (name === main ? endpoint.password : undefined),
  };
}

function made<T>(found: T | undefined, database: CatalogueName): T {
  if (found === undefined) throw new Error(`no roles were made for ${database}`);
  return found;
}

/** In the cluster: the operator makes roles and databases, a Job does the rest as their owners, and CronJobs have the clock. */
export function hostedSchemaOf(
  namespace: Namespace,
  database: CloudNativePg,
  settings: SmbSettings,
  opts: ComponentResourceOptions,
): MigrationJob {
  const limits = roleLimits(catalogueOf(settings), settings.database.name);
  const databases = [...database.roles].map(
    ([name, { owner }]): MigratedDatabase => ({
      name,
      model: { limits: limits(name) },
      passwords: { owner: { secretName: owner.secretName, key: "password" } },
    }),
  );
  const { jobImage: nodeImage } = settings.database;
  const migration = new MigrationJob(
    "schema",
    {
      namespace: namespace.namespace,
      server: {
        kind: "postgres",
        host: database.writerAddress,
        port: database.endpoint.port,
        app: DATABASE_APP,
        ca: { secretName: database.caSecretName, key: "ca.crt" },
      },
      databases,
      nodeImage,
    },
    // After every database, and not only after the server.
    { ...opts, dependsOn: [database] },
  );
  new MaintenanceJobs("clock", { namespace: namespace.namespace, migration, databases, nodeImage }, opts);
  return migration;
}
