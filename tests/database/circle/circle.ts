import type { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";

/** The logical database circle on a server of its own, for a whole file of tests. */
export interface Circle extends CatalogueDatabase {
  readonly server: Postgres;
}

/** Starts it before the tests of this file and stops it after them. Read the result within tests only. */
export function circleForThisFile(settings: Readonly<Record<string, string>> = {}): () => Circle {
  let server: Postgres | undefined;
  let circle: Circle | undefined;
  beforeAll(async () => {
    server = await startPostgres({ settings: { timezone: "UTC", ...settings } });
    circle = { ...(await catalogueDatabase(server, "circle")), server };
  });
  afterAll(() => server?.stop());
  return () => {
    if (circle === undefined) throw new Error("circle is there within tests only");
    return circle;
  };
}

/** Runs work in a transaction of the client, as this user of circle; without one, as nobody. Rolls back when it throws. */
export async function asUser<T>(client: Client, user: number | undefined, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    if (user !== undefined) await client.query("SELECT set_config('app.current_user_id', $1, true)", [String(user)]);
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

/** Users 1 to `count`, by the owner. */
export const makeUsers = (circle: Circle, count: number): Promise<string> =>
  circle.psql(
    `INSERT INTO users (id, wallet_address, pseudonym)
     SELECT n, '0x' || lpad(to_hex(n), 40, '0'), 'user' || n FROM generate_series(1, ${count}) AS n`,
    "owner",
  );

/** Empties every table; ids begin anew. */
export const emptied = (circle: Circle): Promise<string> =>
  circle.psql("TRUNCATE users, posts, post_ids, interactions, follows RESTART IDENTITY", "owner");
