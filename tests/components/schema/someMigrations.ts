import * as kubernetes from "@pulumi/kubernetes";
import { ROLE_KINDS, type RoleKind } from "../../../catalogue/roles";
import { RESTRICTED_NAMESPACE } from "../../../components/kubernetes/pod";
import { MaintenanceJobs } from "../../../components/schema/maintenanceJobs";
import { MigrationJob, type MigrationJobArgs } from "../../../components/schema/migrationJob";
import type { MigratedDatabase } from "../../../components/schema/plan";
import type { PostgresServer, RdsServer } from "../../../components/schema/server";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { CATALOGUE_NAMES, type CatalogueName } from "../../../settings/fields";
import { recording } from "../../support/recording";

/** Migrations in simulated clouds, for the tests of their parts and for those that run their pods. */

export const SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:aibase-test-database-master-AbCdEf";
export const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";

export const ON_RDS: RdsServer = {
  kind: "rds",
  host: "database.example.com",
  port: 5432,
  master: { secretArn: SECRET_ARN, keyArn: KEY_ARN, region: "us-east-1" },
};

export const ELSEWHERE: PostgresServer = { kind: "postgres", host: "database.example.com", port: 5432 };

/** A quote, a blank, a percent sign and a dollar, which careless code breaks on. */
export const passwordOf = (database: string, kind: RoleKind): string => `${database}'s 100% $HOME "${kind}"`;

export const database = (
  name: CatalogueName,
  kinds: readonly RoleKind[] = ROLE_KINDS,
  more: Omit<MigratedDatabase, "name" | "passwords"> = {},
): MigratedDatabase => ({
  name,
  passwords: Object.fromEntries(kinds.map((kind) => [kind, passwordOf(name, kind)])),
  ...more,
});

export const EVERY_DATABASE = CATALOGUE_NAMES.map((name) => database(name));

/** All passwords of a list of databases. */
export const passwordsOf = (databases: readonly MigratedDatabase[]): string[] =>
  databases.flatMap(({ passwords }) => Object.values(passwords).map(String));

/** A migration, and beside it what runs by the clock where its server has no clock of its own. */
export async function makeMigrations(
  more: Partial<MigrationJobArgs> = {},
  first: () => Partial<MigrationJobArgs> = () => ({}),
) {
  const cloud = rehearsedMocks();
  const made = first();
  const records = recording();
  const namespace = new kubernetes.core.v1.Namespace("namespace", {
    metadata: { name: "aibase", labels: { ...RESTRICTED_NAMESPACE } },
  });
  const common = { namespace: namespace.metadata.name };
  const args = { server: ON_RDS, databases: EVERY_DATABASE, ...more, ...made };
  const migration = new MigrationJob("schema", { ...common, ...args }, records.opts);
  if (args.server.kind === "postgres")
    new MaintenanceJobs("clock", { ...common, migration, databases: args.databases }, records.opts);
  await records.made();
  return { migration, ...records, ...cloud };
}
