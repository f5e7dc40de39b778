import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import type { Operation, Statement, Value } from "./operations";
import { statementsOf } from "./operations";

const bound = (value: Value): string | number | null | Buffer =>
  typeof value === "object" && value !== null ? Buffer.from(value.bytes, "hex") : value;

/** Does operations in the open transaction of SQLite. Gives them as they are to be done again: with the numbers that the database gave. */
export function doInSqlite(db: Database, operations: readonly Operation[]): Operation[] {
  return operations.map((operation) => {
    let given: number | undefined;
    for (const { sql, values } of statementsOf(operation, "sqlite")) {
      const statement = db.prepare(sql);
      if (statement.reader) given = statement.pluck().get(...values.map(bound)) as number;
      else statement.run(...values.map(bound));
    }
    return given === undefined ? operation : [...operation, given];
  });
}

/** The same in the open transaction of PostgreSQL. */
export async function doInPostgres(client: Client, operations: readonly Operation[]): Promise<Operation[]> {
  const done: Operation[] = [];
  for (const operation of operations) {
    let given: string | undefined;
    for (const statement of statementsOf(operation, "postgresql"))
      given = (await ask<{ id: string }>(client, statement))[0]?.id ?? given;
    done.push(given === undefined ? operation : [...operation, Number(given)]);
  }
  return done;
}

async function ask<T extends object>(client: Client, { sql, values }: Statement): Promise<T[]> {
  let at = 0;
  const { rows } = await client.query<T>(
    sql.replaceAll("?", () => `$${++at}`),
    values.map(bound),
  );
  return rows;
}
