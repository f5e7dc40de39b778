import type { Client } from "pg";
import { loadMigrations } from "../../catalogue/migrations";
import { logicalDatabase } from "../../catalogue/roles";
import { applyMigrations } from "../../schema/apply";
import { scheduleJobs } from "../../schema/bootstrap";
import { recordedHistory, refuseHistory } from "../../schema/history";
import { connect, type Login, NotConnected } from "../../schema/job/connect";
import type { SslMode } from "../../schema/job/plan";
import { type CatalogueName, UserError } from "../../settings";
import { type AsyncLocalProvider, GONE } from "../provider";

/** A migration without its text. */
export interface MigrationDigest {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** What a stack wants of a database that this machine reaches: the migrations of the catalogue, applied as its owner. */
export interface MigrationsInputs {
  readonly catalogue: CatalogueName;
  readonly host: string;
  readonly port: number;
  /** Name of the database on the server. */
  readonly database: string;
  /** Owner of the database. */
  readonly username: string;
  /** Secret: the engine keeps it so, in inputs and outputs alike. */
  readonly password: string;
  readonly sslmode: SslMode;
  /** File of certificates (PEM) for `verify-full`, relative to the project folder. Default: those that Node brings. */
  readonly caFile?: string;
  /**
   * RDS: the master, as whom the jobs of pg_cron are scheduled (C-17). Secret; another password of the same role is no change, for it
   * is rotated. Default: none are scheduled.
   */
  readonly scheduler?: Login;
  /** The migrations of this release, so that a new one, or an altered one, shows in a preview. */
  readonly migrations: readonly MigrationDigest[];
}

/** What is really there: `migrations` are those that the database records. */
export type MigrationsOutputs = MigrationsInputs;

/** What the engine gives for a value that is known only after an update (@pulumi/pulumi, runtime/rpc.ts). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const APPLICATION_NAME = "ladder-up";

/** SQLSTATE invalid_catalog_name. */
const NO_SUCH_DATABASE = "3D000";

/** The migrations of a logical database by the direct way (C-40). Nothing here drops a table or a database. */
export const provider: AsyncLocalProvider<MigrationsInputs, MigrationsOutputs> = {
  async check(_olds, news) {
    try {
      await refuseInAdvance(news);
      return { inputs: news, failures: [] };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { inputs: news, failures: [{ property: "migrations", reason: error.message }] };
    }
  },

  async diff(_id, olds, news) {
    // Another database under the same name is brought up as well; nothing of the old one goes.
    return { changes: JSON.stringify(comparable(olds)) !== JSON.stringify(comparable(news)) };
  },

  async create(inputs) {
    return { id: `${inputs.host}:${inputs.port}/${inputs.database}`, outs: await bringUp(inputs) };
  },

  async read(id, olds) {
    try {
      const { migrations } = await within(olds, 0, recordOf(olds));
      return { id, props: { ...olds, migrations } };
    } catch (error) {
      // Who deleted the database has deleted its schema; anything else is no news about it.
      if (error instanceof NotConnected && error.code === NO_SUCH_DATABASE) return GONE;
      throw error;
    }
  },

  async update(_id, _olds, news) {
    return { outs: await bringUp(news) };
  },

  // The rows outlive the stack: `destroy` only forgets where they are.
  async delete() {},
};

/** A history that the runner would refuse, seen in the preview already. A server that is not there yet is none. */
async function refuseInAdvance(inputs: MigrationsInputs): Promise<void> {
  if (Object.values(inputs).includes(UNKNOWN)) return;
  const client = await open(inputs, 0).catch(() => undefined);
  if (client === undefined) return;
  try {
    const expected = {
      place: `Database ${inputs.database}`,
      catalogue: inputs.catalogue,
      migrations: inputs.migrations,
    };
    refuseHistory(await recordedHistory(client), expected);
  } finally {
    await client.end();
  }
}

/** Applies what is missing, and schedules. Safe to repeat after an interruption at any point. */
async function bringUp(inputs: MigrationsInputs): Promise<MigrationsOutputs> {
  const { catalogue, database, username, scheduler } = inputs;
  const migrations = loadMigrations(catalogue, "postgresql");
  const outs = await within(inputs, undefined, async (client) => {
    await applyMigrations({ client, database: catalogue, migrations });
    return recordOf(inputs)(client);
  });
  if (scheduler !== undefined)
    await scheduleJobs({
      model: logicalDatabase(catalogue, { database, names: { owner: username } }),
      connect: (place) => open({ ...inputs, ...scheduler, database: place }, undefined),
    });
  return outs;
}

const recordOf =
  (inputs: MigrationsInputs) =>
  async (client: Client): Promise<MigrationsOutputs> => {
    const recorded = await recordedHistory(client);
    return {
      ...inputs,
      migrations: recorded.map(({ name, checksum }) => ({
        version: Number(name.slice(0, 4)),
        name: name.slice(5),
        checksum: checksum ?? "",
      })),
    };
  };

async function within<T>(
  inputs: MigrationsInputs,
  patienceSeconds: number | undefined,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await open(inputs, patienceSeconds);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const open = (inputs: MigrationsInputs, patienceSeconds: number | undefined): Promise<Client> => {
  const { username, password, database } = inputs;
  return connect(inputs, {
    database,
    login: { username, password },
    applicationName: APPLICATION_NAME,
    ...(patienceSeconds === undefined ? {} : { patienceSeconds }),
  });
};

/** Everything but what the engine adds and what is rotated, in one order. */
const comparable = (inputs: MigrationsInputs) => {
  const { catalogue, host, port, database, username, password, sslmode, caFile, scheduler, migrations } = inputs;
  return [
    [catalogue, host, port, database, username, password, sslmode, caFile ?? null, scheduler?.username ?? null],
    migrations.map(({ version, name, checksum }) => [version, name, checksum]),
  ];
};
