import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { tableNames, tableShape } from "../../support/tableShape";

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres({ settings: { wal_level: "logical" } });
  database = await catalogueDatabase(server, "ai_company");
});
afterAll(() => server?.stop());

const TABLES = ["ai_ideas", "ceo_agents", "token_holdings"];
const NOW = "timestamp without time zone NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'::text)";

/** The same database as the development tier has it. */
function twin(): Database.Database {
  const sqlite = new Database(":memory:");
  for (const { sql } of loadMigrations("ai_company", "sqlite")) sqlite.exec(sql);
  return sqlite;
}

describe("ai_company", () => {
  it("S0-28: has ceo_agents with status and creator_wallet, holding 'available', and a callable auth.uid()", async () => {
    expect((await tableShape(database, "ceo_agents")).columns).toEqual([
      "id bigint NOT NULL DEFAULT nextval('ceo_agents_id_seq'::regclass)",
      "name text NOT NULL",
      "creator_wallet text NOT NULL",
      "status text NOT NULL DEFAULT 'draft'::text",
      `created_at ${NOW}`,
      `updated_at ${NOW}`,
    ]);
    await database.psql(
      "INSERT INTO ceo_agents (name, creator_wallet, status) VALUES ('Ada', '0x1', 'available')",
      "owner",
    );
    expect(await database.psql("SELECT status, creator_wallet FROM ceo_agents WHERE name = 'Ada'")).toBe(
      "available|0x1",
    );
    const uid = "SELECT auth.uid(), pg_typeof(auth.uid())";
    for (const role of ["app", "readonly"] as const) {
      expect(await database.psql(uid, role)).toBe("|text");
      expect(await database.psql(`BEGIN; SET LOCAL app.current_wallet = '0xAb'; ${uid}; COMMIT; ${uid}`, role)).toBe(
        "0xAb|text\n|text",
      );
    }
  });

  it("is the twin of the SQLite schema: the same tables, and in each the same columns in the same order", async () => {
    const sqlite = twin();
    expect(await tableNames(database)).toEqual(TABLES);
    for (const table of TABLES) {
      const names = sqlite.prepare<[], { name: string }>(`PRAGMA table_info(${table})`).all();
      const columns = (await tableShape(database, table)).columns.map((column) => column.split(" ")[0]);
      expect(columns).toEqual(names.map(({ name }) => name));
    }
  });

  it("takes rows over from SQLite as they are: times, 64-bit ids, and amounts of any length", async () => {
    const sqlite = twin();
    const amount = "123456789012345678901234567890.000000000000000001";
    sqlite.exec(`
      INSERT INTO ceo_agents (id, name, creator_wallet) VALUES (9007199254740993, 'late', '0x2');
      INSERT INTO ai_ideas (id, title, ceo_agent_id) VALUES (1, 'first', 9007199254740993);
      INSERT INTO token_holdings (wallet, token, amount) VALUES ('0x2', 'LDR', '${amount}')`);
    const client = await database.connect("owner");
    for (const table of ["ceo_agents", "ai_ideas", "token_holdings"])
      for (const row of sqlite.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).safeIntegers().all()) {
        const columns = Object.keys(row);
        const values = columns.map((_, index) => `$${index + 1}`);
        await client.query(`INSERT INTO ${table} (${columns}) VALUES (${values})`, Object.values(row));
        const { rows } = await client.query(
          `SELECT ${columns.map((column) => `${column}::text`)} FROM ${table} WHERE ${columns[0]}::text = $1`,
          [String(row[columns[0] ?? ""])],
        );
        const expected = Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]);
        expect(rows).toEqual([Object.fromEntries(expected)]);
      }
    await client.end();
    expect(await database.psql("SELECT amount + 0.000000000000000001 FROM token_holdings")).toBe(
      amount.replace(/1$/, "2"),
    );
  });

  it("keeps an idea whose agent goes", async () => {
    await database.psql(
      `INSERT INTO ceo_agents (id, name, creator_wallet) VALUES (70, 'going', '0x3');
       INSERT INTO ai_ideas (id, title, ceo_agent_id) VALUES (70, 'stays', 70); DELETE FROM ceo_agents WHERE id = 70`,
      "owner",
    );
    expect(await database.psql("SELECT title, ceo_agent_id FROM ai_ideas WHERE id = 70")).toBe("stays|");
    await expect(database.psql("INSERT INTO ai_ideas (title, ceo_agent_id) VALUES ('x', 70)", "owner")).rejects.toThrow(
      'Key (ceo_agent_id)=(70) is not present in table "ceo_agents"',
    );
  });

  it("publishes its three tables, each of which an UPDATE or DELETE can be told of", async () => {
    const listed =
      "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_publication_tables WHERE pubname = 'ai_company_changes'";
    expect(await database.psql(listed, "owner")).toBe(TABLES.join(","));
    await database.psql(
      "SELECT pg_create_logical_replication_slot('feed', 'pgoutput'); UPDATE ceo_agents SET name = 'Eve' WHERE name = 'Ada'",
      "superuser",
    );
    const changes = `SELECT count(*) > 0 FROM pg_logical_slot_get_binary_changes('feed', NULL, NULL,
      'proto_version', '1', 'publication_names', 'ai_company_changes') WHERE position('Eve'::bytea IN data) > 0`;
    expect(await database.psql(changes, "replication")).toBe("t");
  });
});
