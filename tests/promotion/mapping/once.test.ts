import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { compareOnce, moveOnce } from "../../../promotion/once/moveOnce";
import { withSnapshot } from "../../../promotion/once/snapshot";
import { type Connection, connectionFrom } from "../../../schema/connection";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";

let server: Postgres;
let company: CatalogueDatabase;
let other: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  company = await catalogueDatabase(server, "ai_company", { upTo: 0 });
  other = await catalogueDatabase(server, "aibase", { upTo: 0 });
});
afterAll(() => server?.stop());

function sourceFile(sql: string): string {
  const path = join(temporaryFolder(), "source.db");
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.exec(sql);
  db.close();
  return path;
}

const connectionTo = (database: CatalogueDatabase): Connection =>
  connectionFrom({ LADDER_DATABASE_URL: database.url("owner") }, database.name);

const quiet = { onProgress: () => undefined };

const move = (path: string, database: CatalogueDatabase, during?: () => void) =>
  withSnapshot({ source: { path, busyTimeoutMs: 1_000 }, folder: temporaryFolder() }, async (snapshot) => {
    return moveOnce({
      ...snapshot,
      connection: connectionTo(database),
      quarantine: false,
      existing: "refuse",
      onProgress: ({ phase }) => phase === "assess" && during?.(),
    });
  });

const compare = (path: string, database: CatalogueDatabase) =>
  withSnapshot({ source: { path, busyTimeoutMs: 1_000 }, folder: temporaryFolder() }, (snapshot) =>
    compareOnce({ ...quiet, ...snapshot, connection: connectionTo(database) }),
  );

const companySql = `
  ${loadMigrations("ai_company", "sqlite")
    .map(({ sql }) => sql)
    .join("\n")}
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)
    INSERT INTO ceo_agents (id, name, creator_wallet) SELECT i * 5000000000, 'agent ' || i, 'w' || i FROM n;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 56)
    INSERT INTO ai_ideas (id, title, ceo_agent_id) SELECT i, 'idea ' || i, 5000000000 * (1 + i % 3) FROM n;
  INSERT INTO token_holdings (wallet, token, amount) VALUES ('w', 't', '0.100000000000000000001'), ('w', 'u', '123456789012345678901234567890');`;

describe("moveOnce", () => {
  it("S0-02: 56 ideas, 3 agents and all holdings arrive, to the last decimal", async () => {
    const path = sourceFile(companySql);
    const before = await compare(path, company);
    expect(before).toMatchObject({ empty: true, agrees: false });
    const { compared } = await move(path, company);
    expect(
      compared.tables.map(({ target, sourceRows, targetRows, same }) => [target, sourceRows, targetRows, same]),
    ).toEqual([
      ["ceo_agents", 3, 3, 3],
      ["ai_ideas", 56, 56, 56],
      ["token_holdings", 2, 2, 2],
    ]);
    const sum = "123456789012345678901234567890.100000000000000000001";
    expect(compared.tables[2]?.sums).toEqual([{ column: "amount", source: sum, target: sum }]);
    expect(
      await company.psql("INSERT INTO ceo_agents (name, creator_wallet) VALUES ('x', 'y') RETURNING id", "owner"),
    ).toBe("15000000001");
  });

  it("C-26: refuses when the file is written meanwhile, and leaves it as it is otherwise", async () => {
    const path = sourceFile(
      "CREATE TABLE meanwhile (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO meanwhile VALUES (1, 'a')",
    );
    const hash = () => createHash("sha256").update(readFileSync(path)).digest("hex");
    await expect(
      move(path, other, () => {
        const application = new Database(path);
        application.exec("INSERT OR IGNORE INTO meanwhile VALUES (2, 'b')");
        application.close();
      }),
    ).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining("was written while it was read") });
    expect(await other.psql("SELECT to_regclass('meanwhile')", "owner")).toBe("");
    const before = hash();
    const { compared } = await move(path, other);
    expect(compared.tables).toMatchObject([{ target: "meanwhile", same: 2, extra: 0 }]);
    expect(hash()).toBe(before);
  });

  it("tells missing, different and extra rows apart, with and without a key", async () => {
    const path = sourceFile(`CREATE TABLE keyed (a TEXT, b INTEGER, x REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;
      INSERT INTO keyed VALUES ('a', 1, 0.5), ('a', 2, 1e300), ('b', 1, NULL);
      CREATE TABLE keyless (x TEXT, y BLOB); INSERT INTO keyless VALUES ('tab' || char(9), x'00'), ('tab' || char(9), x'00'), (NULL, NULL)`);
    await other.psql("DROP TABLE IF EXISTS meanwhile", "owner");
    await move(path, other);
    expect(await compare(path, other)).toMatchObject({ empty: false, agrees: true });
    const found = async () =>
      (await compare(path, other)).compared.tables.map(({ target, missing, different, extra, keys }) => [
        target,
        missing,
        different,
        extra,
        keys.join("; "),
      ]);
    await other.psql(
      `UPDATE keyed SET x = 0.5000000000000001 WHERE (a, b) = ('a', 1); DELETE FROM keyed WHERE a = 'b'; INSERT INTO keyed VALUES ('c', 1, 1);
       UPDATE keyless SET y = '\\x01' WHERE ctid = (SELECT min(ctid) FROM keyless)`,
      "owner",
    );
    expect(await found()).toEqual([
      ["keyed", 1, 1, 1, "a, 1; b, 1"],
      ["keyless", 0, 3, 0, ""],
    ]);
    await other.psql("DROP TABLE keyless", "owner");
    expect((await found())[1]).toEqual(["keyless", 3, 0, 0, ""]);
  });
});
