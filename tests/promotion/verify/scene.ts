import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import Database from "better-sqlite3";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { onTestFinished } from "vitest";
import { makeQuarantine, putInQuarantine, type QuarantinedRow } from "../../../promotion/copy/quarantine";
import { encodeRow, readRow, selectRow } from "../../../promotion/copy/row";
import type { Plan, Run, TablePlan } from "../../../promotion/model";
import { copyField } from "../../../promotion/values/copyText";
import type { Postgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";
import { type PlannedTable, planOf, runOf } from "../copy/plans";

/** A SQLite file and a PostgreSQL database that hold the same rows. */
export interface Scene {
  readonly db: Database.Database;
  readonly client: Client;
  readonly run: Run;
}

let scenes = 0;

/** Makes both sides, for one test: the file by SQL, the database by the plan, and copies row by row, refused ones into quarantine. */
export async function sceneOf(
  server: Postgres,
  sql: string | ((db: Database.Database) => void),
  tables: readonly PlannedTable[],
  more: { readonly plan?: Partial<Plan>; readonly run?: Partial<Run> } = {},
): Promise<Scene> {
  const name = `verify${scenes++}`;
  await server.psql(`CREATE DATABASE ${name}`);
  const folder = temporaryFolder();
  const path = join(folder, "db.sqlite");
  const db = new Database(path);
  if (typeof sql === "string") db.exec(sql);
  else sql(db);
  db.pragma("journal_mode = WAL");
  const { host, port, user, password } = server;
  const connection = {
    host,
    port,
    user,
    password,
    database: name,
    sslmode: "disable",
    connectTimeoutSeconds: 10,
  } as const;
  const run = runOf(connection, path, planOf(tables, more.plan), { workers: 1, ...more.run });
  const client = await run.target.connect();
  for (const { create } of tables) await client.query(create);
  await makeQuarantine(client);
  for (const { plan } of tables) await carry(db, client, plan);
  onTestFinished(async () => {
    db.close();
    await client.end();
  });
  return { db, client, run };
}

/** Makes PostgreSQL's table what SQLite's is now. */
export async function carry(db: Database.Database, client: Client, table: TablePlan): Promise<void> {
  const lines: string[] = [];
  const refused: QuarantinedRow[] = [];
  for (const raw of db.prepare<[], unknown[]>(selectRow(table)).raw().safeIntegers().iterate()) {
    const row = readRow(table, raw);
    const encoded = encodeRow(table, row);
    if ("fields" in encoded) lines.push(`${encoded.fields.map(copyField).join("\t")}\n`);
    else refused.push({ ...row, refusals: encoded.refusals });
  }
  const name = client.escapeIdentifier(table.target);
  const columns = table.columns.map(({ target }) => client.escapeIdentifier(target));
  await client.query(`TRUNCATE ${name}`);
  await pipeline(Readable.from(lines), client.query(from(`COPY ${name} (${columns.join(", ")}) FROM STDIN`)));
  await putInQuarantine(client, table, refused);
}
