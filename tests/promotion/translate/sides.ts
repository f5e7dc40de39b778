import Database from "better-sqlite3";
import { Client, escapeIdentifier } from "pg";
import { type Plan, Refusal, type Rules, type SourceSchema, type TableProfile } from "../../../promotion/model";
import { readSchema } from "../../../promotion/source/schema";
import { readValue, valueColumns } from "../../../promotion/source/values";
import { translate } from "../../../promotion/translate/translate";
import { codecOf } from "../../../promotion/values/codec";
import type { Postgres } from "../../servers/postgres";

/** One schema in SQLite and as it was translated, in a PostgreSQL database of its own. */
export interface Sides {
  readonly sqlite: Database.Database;
  readonly schema: SourceSchema;
  readonly plan: Plan;
  readonly client: Client;
  close(): Promise<void>;
}

let count = 0;

/** Makes a database that a role without any rights besides owns, as on a managed server. */
export async function emptyDatabase(server: Postgres): Promise<Client> {
  const name = `translate_${++count}`;
  await server.psql(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
  await server.psql(`CREATE DATABASE ${name} OWNER ${name}`);
  await server.psql(`ALTER SCHEMA public OWNER TO ${name}`, name);
  const client = new Client({ host: server.host, port: server.port, user: name, password: name, database: name });
  await client.connect();
  await client.query("SET TimeZone = 'UTC'; SET search_path = public; SET extra_float_digits = 1");
  return client;
}

export interface SidesOptions {
  readonly profiles?: (db: Database.Database, schema: SourceSchema) => readonly TableProfile[];
  readonly rules?: Rules;
}

/** `sql` makes the tables and rows of SQLite; the plan is carried out on PostgreSQL, rows and all. */
export async function bothSides(server: Postgres, sql: string, options: SidesOptions = {}): Promise<Sides> {
  const sqlite = new Database(":memory:");
  sqlite.pragma("foreign_keys = OFF");
  sqlite.exec(sql);
  const schema = readSchema(sqlite);
  const plan = translate(schema, options.profiles?.(sqlite, schema) ?? [], options.rules);
  const client = await emptyDatabase(server);
  for (const statement of plan.create) await client.query(statement);
  for (const table of plan.tables) {
    const selected = table.columns.map(({ select }) => valueColumns(select)).join(", ");
    const rows = sqlite
      .prepare(`SELECT ${selected} FROM "${table.source}" s`)
      .raw()
      .safeIntegers()
      .all() as unknown[][];
    const columns = table.columns.map(({ target }) => escapeIdentifier(target)).join(", ");
    for (const row of rows) {
      const fields = table.columns.map(({ codec }, n) => {
        const text = codecOf(codec).encode(readValue(row[2 * n], row[2 * n + 1]));
        if (text instanceof Refusal) throw new Error(`${table.source}: ${text.reason}`);
        return text;
      });
      const places = fields.map((_, n) => `$${n + 1}`).join(", ");
      await client.query(`INSERT INTO ${escapeIdentifier(table.target)} (${columns}) VALUES (${places})`, fields);
    }
  }
  for (const { target, identity } of plan.tables)
    if (identity)
      await client.query("SELECT setval(pg_get_serial_sequence($1, $2), 1000)", [
        escapeIdentifier(target),
        identity.column,
      ]);
  for (const { sql: statement } of [...plan.indexes, ...plan.foreignKeys]) await client.query(statement);
  for (const statement of plan.finish) await client.query(statement);
  return {
    sqlite,
    schema,
    plan,
    client,
    async close() {
      sqlite.close();
      await client.end();
    },
  };
}
