import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Migration, recordedName } from "../../catalogue/migrations";
import type { ModelOptions } from "../../catalogue/roles";
import type { ScheduledJob } from "../../catalogue/schedules";
import type { CatalogueName } from "../../settings";
import { UserError } from "../../settings/errors";

/**
 * What a run inside the network does, as JSON in a mounted file; the migrations lie beside it. It holds no secret: passwords come
 * in variables, the master's in a file of its own.
 */
export interface Plan {
  readonly mode: PlanMode;
  readonly server: PlannedServer;
  /** Who makes roles and databases; mode `all` only. */
  readonly master?: PlannedMaster;
  readonly databases: readonly PlannedDatabase[];
  /** What the clock has come to do; mode `maintain` only. */
  readonly job?: Pick<ScheduledJob, "name" | "command">;
}

/**
 * - `all`: roles, databases, rights, extensions, migrations, and schedules of pg_cron: RDS, as its master.
 * - `owner`: rights and migrations, as the owner of each database; roles and databases are there, and CronJobs have the clock.
 * - `maintain`: what the clock has come to do, as the owner of each database.
 */
export const PLAN_MODES = ["all", "owner", "maintain"] as const;
export type PlanMode = (typeof PLAN_MODES)[number];

export interface PlannedServer {
  readonly host: string;
  readonly port: number;
  /**
   * As libpq names it. `require` encrypts and believes any certificate; `verify-full` checks it, and the host's name in it, against
   * `caFile`. `disable` is for a server on the same machine.
   */
  readonly sslmode: SslMode;
  /** Certificates (PEM) that `verify-full` trusts. Default: those that Node brings. */
  readonly caFile?: string;
}

export const SSL_MODES = ["disable", "require", "verify-full"] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** The master by a file with `username` and `password` as JSON (the value of RDS's secret), or by name, its password in a variable. */
export type PlannedMaster = { readonly file: string } | { readonly username: string };

export interface PlannedDatabase {
  readonly name: CatalogueName;
  /** Names and limits of its roles where they are not the catalogue's own. */
  readonly model?: ModelOptions | undefined;
  /** Oldest first; empty for modes that apply none. */
  readonly migrations: readonly Omit<Migration, "sql">[];
}

/** Name of the file with a migration, beside the plan: a key of a ConfigMap has no folders. */
export const migrationFile = (database: string, migration: Pick<Migration, "version" | "name">): string =>
  `${database}.${recordedName(migration)}.sql`;

/** The variable that the password of a role comes in. */
export const passwordVariable = (role: string): string => `PASSWORD_${role}`;

/** Reads a plan. Throws a UserError naming the field that is wrong. */
export function readPlan(file: string): Plan {
  const plan = parsed(file);
  const server = fieldsOf(plan.server, file, "server");
  oneOf(file, "mode", plan.mode, PLAN_MODES);
  oneOf(file, "server.sslmode", server.sslmode, SSL_MODES);
  if (typeof server.host !== "string" || server.host === "") throw wrong(file, "server.host", server.host, "a host");
  if (!Number.isInteger(server.port)) throw wrong(file, "server.port", server.port, "a port");
  if (plan.mode === "all" && plan.master === undefined)
    throw wrong(file, "master", undefined, "a master, for mode all");
  if (!Array.isArray(plan.databases) || plan.databases.length === 0)
    throw wrong(file, "databases", plan.databases, "one database or more");
  if (plan.mode === "maintain" && typeof fieldsOf(plan.job, file, "job").command !== "string")
    throw wrong(file, "job.command", undefined, "SQL");
  return plan as unknown as Plan;
}

/** The migrations of a database, read from beside the plan. Throws when a file is missing or another one than was planned. */
export function readMigrations(planFile: string, { name: database, migrations }: PlannedDatabase): Migration[] {
  return migrations.map((planned) => {
    const file = join(dirname(planFile), migrationFile(database, planned));
    const sql = textOf(file);
    const checksum = createHash("sha256").update(sql).digest("hex");
    if (checksum !== planned.checksum)
      throw new UserError(
        `${file} has the checksum ${checksum.slice(0, 12)}; planned was ${planned.checksum.slice(0, 12)}. Nothing was changed. Run pulumi up again, so that the plan and its files are of one release.`,
      );
    return { ...planned, sql };
  });
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(file: string): Fields {
  try {
    return fieldsOf(JSON.parse(textOf(file)), file, "the plan");
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`${file} is no JSON: ${error.message}.`);
    throw error;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`${file} cannot be read (${code}). It is mounted from a ConfigMap of the migration job.`);
  }
}

function fieldsOf(value: unknown, file: string, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(file, name, value, "an object");
  return value as Fields;
}

function oneOf(file: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string)) throw wrong(file, name, value, allowed.join(", "));
}

const wrong = (file: string, name: string, value: unknown, allowed: string): UserError =>
  new UserError(`${file}: ${name} is ${JSON.stringify(value) ?? "missing"}; allowed: ${allowed}.`);
