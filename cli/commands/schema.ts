import { type Command, Option } from "commander";
import { loadMigrations } from "../../catalogue/migrations";
import { logicalDatabase, ROLE_KINDS, type RoleKind } from "../../catalogue/roles";
import { type ApplyProgress, applyMigrations } from "../../schema/apply";
import { bootstrapDatabase } from "../../schema/bootstrap";
import { connect, connectionFrom, URL_VARIABLE } from "../../schema/connection";
import { inWords } from "../../schema/description/differences";
import { passwordsOf } from "../../schema/job/passwords";
import { schemaStatus } from "../../schema/status";
import { type CatalogueName, ExitCode, UserError } from "../../settings";
import { CATALOGUE_NAMES } from "../../settings/fields";
import { heading, print, printJson, printRows, progress, warn } from "../console";
import { interruptible } from "../interrupt";
import { addJson } from "../options";

interface Options {
  readonly database: CatalogueName;
  readonly json: boolean;
}

/** `ladder schema`: the migrations of a logical database on PostgreSQL. */
export function addSchema(program: Command): void {
  const schema = program
    .command("schema")
    .summary("the tables of a PostgreSQL database: what is applied, what is pending, what was changed by hand")
    .description(
      `Works on the database that libpq's variables name (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGSSLMODE, PGDATABASE), or ${URL_VARIABLE}; as its owner.`,
    );
  add(
    schema,
    "status",
    "tells which migrations are applied and pending, and whether anything was changed by hand",
    status,
  );
  addBootstrap(schema);
  add(schema, "apply", "applies the pending migrations, each in a transaction of its own", apply);
  add(schema, "diff", "lists what is pending and what was changed by hand; exit code 1 when there is any", diff);
}

function add(schema: Command, name: string, description: string, action: (options: Options) => Promise<void>): void {
  const command = schema
    .command(name)
    .summary(description)
    .description(`${description[0]?.toUpperCase()}${description.slice(1)}.`)
    .addOption(new Option("--database <name>", "the logical database").choices(CATALOGUE_NAMES).makeOptionMandatory());
  addJson(command).action(action);
}

interface BootstrapOptions extends Options {
  readonly appRole?: string;
}

function addBootstrap(schema: Command): void {
  const command = schema
    .command("bootstrap")
    .summary("makes the roles, the database and the rights that migrations need, as somebody who may")
    .description(
      "Makes the four roles of a logical database, the database, its rights and extensions, or brings what is there to them; nothing is dropped. Connect as a superuser, or as a role that may make roles and databases. Passwords come from variables such as PASSWORD_circle_owner; a role that is there keeps its password without one.",
    )
    .addOption(new Option("--database <name>", "the logical database").choices(CATALOGUE_NAMES).makeOptionMandatory())
    .option("--app-role <name>", "the role that the application connects as (default: named as the database)");
  addJson(command).action(bootstrap);
}

async function bootstrap({ database, appRole, json }: BootstrapOptions): Promise<void> {
  const connection = connectionFrom(process.env, database);
  const names = appRole === undefined ? {} : { app: appRole };
  const model = logicalDatabase(database, { database: connection.database, names });
  const roles = ROLE_KINDS.map((kind): [RoleKind, string] => [kind, model.roles[kind].name]);
  const passwords = passwordsOf(roles, process.env);
  const { created, warnings } = await bootstrapDatabase({
    model,
    connect: (place) => connect({ ...connection, database: place }),
    passwords,
    onProgress: (line) => progress(`  ${line}`),
  });
  for (const warning of warnings) warn(warning);
  const without = roles.filter(([kind]) => passwords[kind] === undefined).map(([, role]) => role);
  if (json)
    return printJson({ database: model.database, created, roles: roles.map(([, role]) => role), without, warnings });
  print(`Roles and rights of ${model.database} are right${created ? ", and the database is new" : ""}.`);
  if (without.length > 0) print(`No password was given for ${without.join(", ")}: they keep the one that they have.`);
  print(`Next, as ${model.roles.owner.name}: npx ladder schema apply --database ${database}`);
}

/** Reads the migrations first: a mistake in a file is told before anything is asked of a server. */
async function withDatabase<T>(
  database: CatalogueName,
  work: (open: {
    client: Awaited<ReturnType<typeof connect>>;
    database: CatalogueName;
    migrations: ReturnType<typeof loadMigrations>;
  }) => Promise<T>,
): Promise<T> {
  const migrations = loadMigrations(database, "postgresql");
  const client = await connect(connectionFrom(process.env, database));
  try {
    return await work({ client, database, migrations });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function status({ database, json }: Options): Promise<void> {
  const { applied, pending, drift } = await withDatabase(database, schemaStatus);
  if (json) return printJson({ database, applied, pending, drift });
  print(heading(`Schema of ${database}`));
  printRows([
    ...applied.map(({ name, appliedAt }): [string, string] => [name, `applied ${appliedAt.toISOString()}`]),
    ...pending.map((name): [string, string] => [name, "pending"]),
  ]);
  const changed = drift?.differences.length ?? 0;
  if (drift === null) print("Nothing was ever applied here.");
  else if (changed === 0) print("Nothing was changed by hand.");
  else
    print(
      `Changed by hand: ${changed} ${changed === 1 ? "object" : "objects"}; npx ladder schema diff --database ${database} lists them.`,
    );
  if (drift?.partly) print(UPGRADED);
  if (pending.length > 0) print(`Next: npx ladder schema apply --database ${database}`);
}

const UPGRADED =
  "The server was upgraded since: defaults, definitions and conditions were not compared. The next apply records them as it writes them.";

async function diff({ database, json }: Options): Promise<void> {
  const { pending, drift } = await withDatabase(database, schemaStatus);
  const changed = drift?.differences ?? [];
  if (json) printJson({ database, pending, drift });
  else {
    for (const name of pending) print(`  + pending: ${name}`);
    for (const difference of changed) print(`  ! by hand: ${inWords(difference)}`);
    if (drift?.partly) print(UPGRADED);
  }
  if (pending.length + changed.length > 0)
    throw new UserError(
      `The schema of ${database} is not that of this release: ${pending.length} pending, ${changed.length} changed by hand.`,
      ExitCode.failed,
    );
  if (!json) print(`The schema of ${database} is that of this release.`);
}

async function apply({ database, json }: Options): Promise<void> {
  const { applied, pending, drift } = await interruptible((signal) =>
    withDatabase(database, async (open) => ({
      ...(await applyMigrations({ ...open, signal, onProgress: tell })),
      drift: (await schemaStatus(open)).drift,
    })),
  );
  const changed = drift?.differences.length ?? 0;
  if (changed > 0)
    warn(`${changed} changed by hand in ${database}; npx ladder schema diff --database ${database} lists what.`);
  if (json) printJson({ database, applied, pending, drift });
  if (pending.length > 0)
    throw new UserError(
      `Stopped. Applied: ${applied.length === 0 ? "nothing" : applied.join(", ")}. Still pending: ${pending.join(", ")}. Run the same command again: it goes on from there.`,
      ExitCode.interrupted,
    );
  if (json) return;
  if (applied.length === 0) print(`The schema of ${database} was up to date; nothing was changed.`);
  else print(`Applied to ${database}: ${applied.length} ${applied.length === 1 ? "migration" : "migrations"}.`);
}

function tell(report: ApplyProgress): void {
  if (report.step === "waiting") progress(`Waiting for another run: ${report.holder}.`);
  if (report.step === "applying") progress(`  ${report.name} ...`);
  if (report.step === "applied") progress(`  ${report.name}: done in ${(report.milliseconds / 1000).toFixed(2)} s`);
  if (report.step === "retrying")
    progress(`  ${report.name}: ${report.reason}; trying again in ${report.pauseMs / 1000} s`);
}
