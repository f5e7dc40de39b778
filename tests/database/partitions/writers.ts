import { randomInt } from "node:crypto";
import type { Client } from "pg";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";

/** What an application wrote into "Task" and was told to be there: title by id. */
export type Acknowledged = ReadonlyMap<string, string>;

export interface Writers {
  /** Lets each end what it is at, and gives what has to be in the table now. Throws what any of them was refused. */
  stop(): Promise<Acknowledged>;
  /** Statements that went through so far. */
  done(): number;
}

export interface WriterOptions {
  readonly count: number;
  /** A date of creation for a new task, as SQL. */
  readonly createdAt: () => string;
}

/** Starts clients of the application that insert, change, redate and delete tasks of their own as fast as they can. */
export async function startWriters(database: CatalogueDatabase, { count, createdAt }: WriterOptions): Promise<Writers> {
  const known = new Map<string, string>();
  let going = true;
  let done = 0;
  const clients = await Promise.all(Array.from({ length: count }, () => database.connect()));
  const work = clients.map(async (client, index) => {
    const mine: string[] = [];
    while (going) {
      const id = mine[randomInt(Math.max(mine.length, 1))];
      await step(client, known, mine, id ?? `writer ${index}, 0`, `writer ${index}, ${mine.length}`, createdAt());
      done += 1;
    }
  });
  // Whatever fails is thrown by stop(); a failure before that must not end the process.
  const settled = Promise.allSettled(work);
  return {
    done: () => done,
    async stop() {
      going = false;
      const results = await settled;
      await Promise.all(clients.map((client) => client.end()));
      for (const result of results) if (result.status === "rejected") throw result.reason;
      return known;
    },
  };
}

/** One statement of an application, by chance; it has to hit exactly one row. */
async function step(
  client: Client,
  known: Map<string, string>,
  mine: string[],
  id: string,
  next: string,
  createdAt: string,
): Promise<void> {
  const hit = async (sql: string, values: readonly string[]) => {
    const { rowCount } = await client.query(sql, [...values]);
    if (rowCount !== 1) throw new Error(`${rowCount} rows instead of one by: ${sql} ${values.join(", ")}`);
  };
  const chance = randomInt(10);
  if (chance < 5 || !known.has(id)) {
    await hit(`INSERT INTO "Task" ("id", "title", "createdAt") VALUES ($1, 'new', ${createdAt})`, [next]);
    mine.push(next);
    known.set(next, "new");
  } else if (chance < 7) {
    const title = `changed ${randomInt(1e9)}`;
    await hit(`UPDATE "Task" SET "title" = $2 WHERE "id" = $1`, [id, title]);
    known.set(id, title);
  } else if (chance < 8) {
    await hit(`UPDATE "Task" SET "createdAt" = ${createdAt} WHERE "id" = $1`, [id]);
  } else if (chance < 9) {
    await hit(`SELECT FROM "Task" WHERE "id" = $1`, [id]);
  } else {
    await hit(`DELETE FROM "Task" WHERE "id" = $1`, [id]);
    known.delete(id);
  }
}

/** What is in the table of the writers' tasks. */
export async function written(database: CatalogueDatabase): Promise<Acknowledged> {
  const client = await database.connect("owner");
  const { rows } = await client.query<{ id: string; title: string }>(
    `SELECT "id", "title" FROM "Task" WHERE "id" LIKE 'writer %'`,
  );
  await client.end();
  return new Map(rows.map(({ id, title }) => [id, title]));
}
