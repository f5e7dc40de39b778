import * as pulumi from "@pulumi/pulumi";
import { loadMigrations } from "../../catalogue/migrations";
import { logicalDatabase, type ModelOptions, ROLE_KINDS, type RoleKind } from "../../catalogue/roles";
import type { ScheduledJob } from "../../catalogue/schedules";
import { migrationFile, type Plan, type PlannedDatabase, type PlannedServer } from "../../schema/job/plan";
import type { CatalogueName } from "../../settings";
import { UserError } from "../../settings/errors";
import { CA_FILE, CA_FOLDER, MASTER_FILE, MASTER_FOLDER, PLAN_FILE, PLAN_FOLDER } from "./names";
import type { MigrationServer, RolePassword } from "./server";

/** A logical database of the server, with the passwords of its roles. */
export interface MigratedDatabase {
  readonly name: CatalogueName;
  /** Names and limits of roles where they are not the catalogue's own. */
  readonly model?: ModelOptions | undefined;
  /** RDS: of every role, which is made with it. Elsewhere: of the owner alone, who migrates. */
  readonly passwords: Partial<Readonly<Record<RoleKind, RolePassword>>>;
}

/** The roles whose passwords a run needs, by database. Throws where one is missing. */
export function neededPasswords(
  server: MigrationServer,
  databases: readonly MigratedDatabase[],
): { readonly role: string; readonly password: RolePassword }[] {
  const kinds: readonly RoleKind[] = server.kind === "rds" ? ROLE_KINDS : ["owner"];
  return databases.flatMap(({ name, model, passwords }) => {
    const { roles } = logicalDatabase(name, model);
    return kinds.map((kind) => {
      const password = passwords[kind];
      if (password === undefined)
        throw new UserError(`The migration of ${name} needs the password of role ${roles[kind].name} (${kind}).`);
      return { role: roles[kind].name, password };
    });
  });
}

/** The server as the program in a pod is told of it. */
export function plannedServer(server: MigrationServer): Omit<PlannedServer, "host"> {
  const { port, ca } = server;
  if (ca === undefined) return { port, sslmode: "require" };
  const caFile = typeof ca === "string" ? `${PLAN_FOLDER}/${CA_FILE}` : `${CA_FOLDER}/${CA_FILE}`;
  return { port, sslmode: "verify-full", caFile };
}

/** Files of a ConfigMap, by name: the plan, what it names, and certificates that are given as text. */
export type PlanFiles = Readonly<Record<string, pulumi.Input<string>>>;

/** What a migration does: everything on RDS, the owner's part elsewhere. */
export function migrationFiles(server: MigrationServer, databases: readonly MigratedDatabase[]): PlanFiles {
  const rds = server.kind === "rds";
  const loaded = databases.map(({ name, model }) => ({ name, model, migrations: loadMigrations(name, "postgresql") }));
  const planned = loaded.map(
    ({ migrations, ...database }): PlannedDatabase => ({
      ...database,
      migrations: migrations.map(({ sql: _, ...digest }) => digest),
    }),
  );
  const sql = loaded.flatMap(({ name, migrations }) => migrations.map((each) => [migrationFile(name, each), each.sql]));
  return {
    [PLAN_FILE]: planText(server, {
      mode: rds ? "all" : "owner",
      ...(rds ? { master: { file: `${MASTER_FOLDER}/${MASTER_FILE}` } } : {}),
      databases: planned,
    }),
    ...Object.fromEntries(sql),
    ...caText(server),
  };
}

/** What runs by the clock, as a plan of its own for each job. */
export const maintenanceFiles = (server: MigrationServer, due: readonly DueJob[]): PlanFiles => ({
  ...Object.fromEntries(
    due.map(({ job: { name, command }, databases }) => [
      maintenanceFile(name),
      planText(server, {
        mode: "maintain",
        job: { name, command },
        databases: databases.map(({ name, model }) => ({ name, model, migrations: [] })),
      }),
    ]),
  ),
  ...caText(server),
});

/** A job of the clock, and the databases of a server that need it. */
export interface DueJob {
  readonly job: ScheduledJob;
  readonly databases: readonly MigratedDatabase[];
}

/** Name of its plan. */
export const maintenanceFile = (job: string): string => `${job}.json`;

const planText = (server: MigrationServer, plan: Omit<Plan, "server">): pulumi.Output<string> =>
  pulumi
    .output(server.host)
    .apply(
      (host) => `${JSON.stringify({ ...plan, server: { host, ...plannedServer(server) } } satisfies Plan, null, 2)}\n`,
    );

const caText = ({ ca }: MigrationServer): Record<string, string> => (typeof ca === "string" ? { [CA_FILE]: ca } : {});
