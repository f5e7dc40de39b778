import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PGBOUNCER_RESET } from "../../../catalogue/sessionReset";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { columnsOf, GUARDED, type Guarded, guardedDatabases, SAYING, valuesOf } from "./guarded";
import { type Pooler, startPooler } from "./pooler";

const CLIENTS = 50;
const TRANSACTIONS = 200;
const PEOPLE = 20;
/** Few enough that clients take each other's connections all the time. */
const CONNECTIONS = 5;

let server: Postgres;
let databases: Record<Guarded["catalogue"], CatalogueDatabase>;
let pooler: Pooler;

beforeAll(async () => {
  server = await startPostgres();
  databases = await guardedDatabases(server);
  pooler = await startPooler(server, databases, { size: CONNECTIONS });
});
afterAll(async () => {
  await pooler?.stop();
  await server?.stop();
});

/** Two public and two hidden rows of each person. */
const rowsOf = (person: number) =>
  [1, 2, 3, 4].map((n) => ({ id: person * 10 + n, person, shown: n <= 2, text: `row ${n} of ${person}` }));
const ROWS = Array.from({ length: PEOPLE }, (_, n) => rowsOf(n + 1)).flat();

const rowText = (id: number | string, author: number | string, text: string) => `${id} ${author} ${text}`;
const textsOf = (table: Guarded, rows: typeof ROWS): string =>
  rows
    .map((row) => rowText(row.id, table.person(row.person), row.text))
    .sort()
    .join("\n");

/** A sequence of numbers below a limit that is the same each time. */
function numbers(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_761;
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return (state >>> 8) % limit;
  };
}

/** A statement, and the rows that it may give. */
interface Step {
  readonly sql: string;
  readonly rows: typeof ROWS;
}
const given = ({ author, text }: Guarded) => `id, ${author} AS author, ${text} AS text, pg_backend_pid() AS backend`;
const read = (table: Guarded, person: number | undefined): Step => ({
  sql: `SELECT ${given(table)} FROM ${table.table}`,
  rows: ROWS.filter((row) => row.shown || row.person === person),
});
/** One row of one's own, and one of everybody else: a transaction that locked several could meet another crosswise. */
function write(table: Guarded, person: number | undefined, random: (limit: number) => number): Step {
  const ids = Array.from({ length: PEOPLE }, (_, n) => (n + 1) * 10 + 1 + random(4));
  return {
    sql: `UPDATE ${table.table} SET updated_at = updated_at WHERE id IN (${ids}) RETURNING ${given(table)}`,
    rows: ROWS.filter((row) => row.person === person && ids.includes(row.id)),
  };
}

interface Tally {
  transactions: number;
  rows: number;
  readonly identities: Set<number | undefined>;
  readonly backends: Set<number>;
  readonly leaks: string[];
}

/** What happens to a transaction: who says what in which way, and how it ends. */
async function transaction(client: Client, table: Guarded, random: (limit: number) => number, tally: Tally) {
  // One in eight is nobody, and one in eight of all says nothing at all.
  const person = random(8) === 0 ? undefined : 1 + random(PEOPLE);
  const silent = person === undefined && random(2) === 0;
  const saying = random(2) === 0 ? SAYING.set_config : SAYING["SET LOCAL"];
  await client.query("BEGIN");
  if (!silent) await client.query(saying(table.setting, person === undefined ? "" : table.person(person)));
  const { sql, rows: wanted } = random(5) === 0 ? write(table, person, random) : read(table, person);
  const { rows } = await client.query<{ id: string; author: string; text: string; backend: number }>(sql);
  const seen = rows.map((row) => rowText(row.id, row.author, row.text)).sort();
  if (seen.join("\n") !== textsOf(table, wanted))
    tally.leaks.push(`${sql} as ${person ?? "nobody"}: ${seen.join(", ")}`);
  if (random(10) === 0) await client.query("SELECT 1 / 0").catch(() => undefined);
  await client.query(random(3) === 0 ? "ROLLBACK" : "COMMIT");
  tally.transactions += 1;
  tally.rows += rows.length;
  tally.identities.add(person);
  for (const { backend } of rows) tally.backends.add(backend);
}

describe.each(GUARDED)("$table through PgBouncer under load", (table) => {
  beforeAll(async () => {
    await databases[table.catalogue].psql(
      `${table.people(PEOPLE)}; DELETE FROM ${table.table};
       INSERT INTO ${table.table} (${columnsOf(table)}) VALUES ${ROWS.map((row) => valuesOf(table, row)).join(", ")}`,
      "owner",
    );
  });

  it(`shows ${CLIENTS} clients of ${TRANSACTIONS} transactions each their own rows, whoever had the connection before`, async () => {
    const tally: Tally = { transactions: 0, rows: 0, identities: new Set(), backends: new Set(), leaks: [] };
    const from = performance.now();
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, number) => {
        const client = await pooler.connect(table.catalogue);
        const random = numbers(number + 1);
        for (let n = 0; n < TRANSACTIONS; n++) await transaction(client, table, random, tally);
        await client.end();
      }),
    );
    const seconds = (performance.now() - from) / 1000;
    console.log(
      `${table.table}: ${tally.transactions} transactions on ${tally.backends.size} connections in ${seconds.toFixed(1)} s, ${tally.rows} rows checked, ${tally.leaks.length} leaks`,
    );
    expect(tally.leaks).toEqual([]);
    expect(tally.transactions).toBe(CLIENTS * TRANSACTIONS);
    expect(tally.identities.size).toBe(PEOPLE + 1);
    expect(tally.backends.size).toBe(CONNECTIONS);
  });

  it("shows nobody's hidden rows to clients that say nothing, among clients that set identities for the session, with a pooler that resets", async () => {
    const resetting = await startPooler(server, databases, { size: CONNECTIONS, settings: PGBOUNCER_RESET });
    const shown = textsOf(
      table,
      ROWS.filter((row) => row.shown),
    );
    let [quiet, careless] = [0, 0];
    const leaks: string[] = [];
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, number) => {
        const client = await resetting.connect(table.catalogue);
        const random = numbers(number + 1);
        for (let n = 0; n < 20; n++) {
          if (random(2) === 0) {
            await client.query(`SET ${table.setting} = '${table.person(1 + random(PEOPLE))}'`);
            careless += 1;
            continue;
          }
          const { rows } = await client.query<{ id: string; author: string; text: string }>(read(table, undefined).sql);
          const seen = rows.map((row) => rowText(row.id, row.author, row.text)).sort();
          if (seen.join("\n") !== shown) leaks.push(seen.join(", "));
          quiet += 1;
        }
        await client.end();
      }),
    );
    await resetting.stop();
    expect(leaks).toEqual([]);
    expect(Math.min(quiet, careless)).toBeGreaterThan(300);
  });
});
