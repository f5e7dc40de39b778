import type { Client } from "pg";
import { type LogicalDatabaseModel, logicalDatabase, ROLE_KINDS, type RoleKind } from "../../catalogue/roles";
import { type ApplyProgress, applyMigrations } from "../apply";
import { bootstrapDatabase, bootstrapInside, scheduleJobs } from "../bootstrap";
import { connect, type Login } from "./connect";
import { masterLogin, passwordOf, passwordsOf } from "./passwords";
import { type Plan, readMigrations } from "./plan";

/** What a run has at hand. */
export interface Run {
  readonly plan: Plan;
  /** Where the plan was read from; its migrations lie beside it. */
  readonly planFile: string;
  /** Where passwords come from. */
  readonly env: NodeJS.ProcessEnv;
  /** Told what is done, one line each; never a secret. */
  readonly say: (line: string) => void;
  /** Ends the run before its next step. */
  readonly signal: AbortSignal;
}

/** Done whole or not at all, as far as PostgreSQL can undo it; doing it again changes nothing more. */
type Step = () => Promise<void>;

const APPLICATION_NAME = "ladder-migrate";

/** Does what the plan says, database by database. A run that was ended goes on where it ended. */
export async function carryOut(run: Run): Promise<void> {
  for (const step of stepsOf(run)) {
    run.signal.throwIfAborted();
    await step();
  }
}

/** The steps of a plan in their order. Files are read now, so that a wrong one is found before anything is changed. */
export function stepsOf(run: Run): Step[] {
  const { plan, planFile } = run;
  const databases = plan.databases.map((planned) => ({
    planned,
    model: logicalDatabase(planned.name, planned.model),
    migrations: readMigrations(planFile, planned),
  }));
  switch (plan.mode) {
    case "all": {
      const { master } = plan;
      if (master === undefined) throw new Error("readPlan lets no plan of mode all pass without a master");
      const login = masterLogin(master, run.env);
      return [
        ...databases.map(({ model }) => bootstrapStep(run, model, login)),
        ...databases.map(({ model, migrations }) => migrateStep(run, model, migrations)),
        ...databases.map(({ model }) => scheduleStep(run, model, login)),
      ];
    }
    case "owner":
      return databases.flatMap(({ model, migrations }) => [
        rightsStep(run, model),
        migrateStep(run, model, migrations),
      ]);
    case "maintain":
      return databases.map(({ model }) => clockStep(run, model));
  }
}

const connectAs =
  ({ plan: { server }, say, signal }: Run, login: Login) =>
  (database: string): Promise<Client> =>
    connect(server, {
      database,
      login,
      applicationName: APPLICATION_NAME,
      signal,
      onRetry: (reason) => say(`${server.host}:${server.port} does not take connections yet (${reason})`),
    });

const ownerOf = (run: Run, { roles }: LogicalDatabaseModel): Login => ({
  username: roles.owner.name,
  password: passwordOf(roles.owner.name, run.env),
});

/** Roles, database, rights and extensions, as the master. */
const bootstrapStep =
  (run: Run, model: LogicalDatabaseModel, master: Login): Step =>
  async () => {
    const names = ROLE_KINDS.map((kind): [RoleKind, string] => [kind, model.roles[kind].name]);
    const { created, warnings } = await bootstrapDatabase({
      model,
      connect: connectAs(run, master),
      passwords: passwordsOf(names, run.env),
      onProgress: run.say,
    });
    for (const warning of warnings) run.say(`warning: ${warning}`);
    run.say(`${model.database}: roles and rights are right${created ? ", the database is new" : ""}`);
  };

/** Rights and extensions, as the owner of a database that is there. */
const rightsStep =
  (run: Run, model: LogicalDatabaseModel): Step =>
  () =>
    within(run, model, async (client) => {
      for (const warning of await bootstrapInside(client, model, run.say)) run.say(`warning: ${warning}`);
      run.say(`${model.database}: rights are right`);
    });

const migrateStep =
  (run: Run, model: LogicalDatabaseModel, migrations: ReturnType<typeof readMigrations>): Step =>
  () =>
    within(run, model, async (client) => {
      const { applied, pending } = await applyMigrations({
        client,
        database: model.catalogue,
        migrations,
        onProgress: (progress) => run.say(`${model.database}: ${progressText(progress)}`),
        signal: run.signal,
      });
      if (pending.length === 0)
        run.say(
          `${model.database}: ${applied.length} of ${migrations.length} migrations applied now, the schema is up to date`,
        );
    });

/** The jobs of pg_cron, as the master. */
const scheduleStep =
  (run: Run, model: LogicalDatabaseModel, master: Login): Step =>
  () =>
    scheduleJobs({
      model,
      connect: connectAs(run, master),
      onProgress: (line) => run.say(`${model.database}: ${line}`),
    });

/** What the clock has come to do. Each statement commits by itself, so that what was done stays. */
const clockStep =
  (run: Run, model: LogicalDatabaseModel): Step =>
  () =>
    within(run, model, async (client) => {
      await client.query("SET statement_timeout = 0");
      const started = performance.now();
      const { rows } = await client.query<Record<string, unknown>>(run.plan.job?.command ?? "");
      for (const row of rows) run.say(`${model.database}: ${rowText(row)}`);
      run.say(`${model.database}: ${run.plan.job?.name} is done (${seconds(performance.now() - started)})`);
    });

/** Works inside a database as its owner. */
async function within(run: Run, model: LogicalDatabaseModel, work: (client: Client) => Promise<void>): Promise<void> {
  const client = await connectAs(run, ownerOf(run, model))(model.database);
  try {
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function progressText(progress: ApplyProgress): string {
  switch (progress.step) {
    case "waiting":
      return `waiting for another run (${progress.holder})`;
    case "applying":
      return `${progress.name} …`;
    case "retrying":
      return `${progress.name} is tried again in ${seconds(progress.pauseMs)}: ${progress.reason}`;
    case "applied":
      return `${progress.name} applied in ${seconds(progress.milliseconds)}`;
  }
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** What a function told, `table_name=… moved=0`; one without an answer tells nothing. */
const rowText = (row: Readonly<Record<string, unknown>>): string =>
  Object.entries(row)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
