import { join } from "node:path";
import Database from "better-sqlite3";
import { escapeIdentifier } from "pg";
import { to } from "pg-copy-streams";
import { afterAll, beforeAll } from "vitest";
import { encodeRow, readRow, selectRow } from "../../../promotion/copy/row";
import type { Plan, Run, TablePlan } from "../../../promotion/model";
import { prepareTarget } from "../../../promotion/target/prepare";
import type { Connection } from "../../../schema/connection";
import { fieldsOf, linesOf } from "../../../schema/files/copyText";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";
import { connectionTo, runOf } from "./plans";

/** One server for a test file; its databases belong to a role that is no superuser, as on RDS. */
export function serverForThisFile(): () => Postgres {
  let server: Postgres | undefined;
  beforeAll(async () => {
    server = await startPostgres();
    await server.psql("CREATE ROLE keeper LOGIN PASSWORD 'keeper'");
  });
  afterAll(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error("the server has not started");
    return server;
  };
}

let databases = 0;

/** A new database of the ordinary role. */
export async function database(server: Postgres): Promise<Connection> {
  const name = `target_${++databases}`;
  await server.psql(`CREATE DATABASE ${name} OWNER keeper`);
  return connectionTo(server, name);
}

/** A SQLite file in WAL mode, made by SQL or by a function. */
export function sourceFile(make: string | ((db: Database.Database) => void)): string {
  const path = join(temporaryFolder(), "app.db");
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  // better-sqlite3 comes without it.
  db.table("generate_series", {
    columns: ["value"],
    parameters: ["start", "stop"],
    *rows(start: unknown, stop: unknown) {
      for (let value = Number(start); value <= Number(stop); value++) yield [BigInt(value)];
    },
  });
  if (typeof make === "string") db.exec(make);
  else db.transaction(() => make(db))();
  db.close();
  return path;
}

/** Rows as lines of COPY, sorted: of the target, and as the codecs say they should be. A line that is in quarantine is left out. */
export async function arrived(run: Run, table: TablePlan): Promise<string[]> {
  const client = await run.target.connect();
  try {
    const columns = table.columns.map(({ target }) => escapeIdentifier(target)).join(", ");
    const copy = client.query(to(`COPY (SELECT ${columns} FROM public.${escapeIdentifier(table.target)}) TO STDOUT`));
    const lines: string[] = [];
    for await (const line of linesOf(copy)) lines.push(JSON.stringify(fieldsOf(line)));
    return lines.sort();
  } finally {
    await client.end();
  }
}

export function expected({ source }: Run, table: TablePlan): string[] {
  const db = new Database(source.path, { readonly: true });
  try {
    const lines: string[] = [];
    for (const raw of db.prepare<[], unknown[]>(selectRow(table)).raw().safeIntegers().iterate()) {
      const encoded = encodeRow(table, readRow(table, raw));
      if ("fields" in encoded) lines.push(JSON.stringify(encoded.fields));
    }
    return lines.sort();
  } finally {
    db.close();
  }
}

/** A promotion of a file into a database; its target is prepared. */
export async function prepared(
  connection: Connection,
  path: string,
  plan: Plan,
  more: Partial<Run> = {},
): Promise<Run> {
  const run = runOf(connection, path, plan, more);
  const client = await run.target.connect();
  try {
    await prepareTarget(client, plan, { workers: run.workers });
  } finally {
    await client.end();
  }
  return run;
}
