import { chmodSync, existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { history } from "../../../local/sqlite/migrate";
import { withDatabase } from "../../../local/sqlite/open";
import { provider } from "../../../local/sqlite/provider";
import { modeOf, onDatabase, reasonsOf, sqliteInputs } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";

const columnsOf = (path: string, table: string) =>
  onDatabase(path, (database) =>
    database
      .prepare<[string], { name: string; type: string; pk: number }>("SELECT name, type, pk FROM pragma_table_info(?)")
      .all(table),
  ).map(({ name, type, pk }) => `${name} ${type}${pk > 0 ? " PRIMARY KEY" : ""}`);

describe("a new database", () => {
  it("is in WAL mode, private, with foreign keys, in a private folder that is made for it", () => {
    const folder = join(temporaryFolder(), "database");
    const inputs = sqliteInputs(folder, "ai_company");
    const { id, outs } = provider.create(inputs);
    expect(id).toBe(inputs.path);
    expect(outs).toMatchObject({ journalMode: "wal", mode: "0600", migrations: inputs.migrations });
    expect([modeOf(folder), modeOf(inputs.path)]).toEqual([0o700, 0o600]);
    expect(onDatabase(inputs.path, (database) => database.pragma("journal_mode", { simple: true }))).toBe("wal");
    withDatabase(inputs.path, { busyTimeoutMs: 0 }, (database) => {
      expect(database.pragma("foreign_keys", { simple: true })).toBe(1);
      expect(() => database.exec("INSERT INTO ai_ideas (title, ceo_agent_id) VALUES ('x', 99)")).toThrow("FOREIGN KEY");
    });
  });

  it("waits for a lock as long as the settings say", () => {
    const { path } = sqliteInputs(temporaryFolder());
    withDatabase(path, { busyTimeoutMs: 1_234 }, (database) => {
      expect(database.pragma("busy_timeout", { simple: true })).toBe(1_234);
    });
  });

  it("has its migrations recorded with their checksums, and gets nothing the second time", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const first = provider.create(inputs);
    const recorded = onDatabase(inputs.path, (database) => database.prepare("SELECT * FROM ladder_migrations").all());
    expect(recorded).toMatchObject(inputs.migrations.map((migration) => ({ ...migration, catalogue: "ai_breeding" })));
    expect(provider.update(inputs.path, first.outs, inputs).outs).toEqual(first.outs);
    expect(onDatabase(inputs.path, (database) => database.prepare("SELECT * FROM ladder_migrations").all())).toEqual(
      recorded,
    );
    expect(provider.diff(inputs.path, first.outs, inputs).changes).toBe(false);
  });

  it("may begin as an empty file, which is how SQLite itself begins", () => {
    const inputs = sqliteInputs(temporaryFolder());
    writeFileSync(inputs.path, "");
    expect(reasonsOf(inputs)).toBe("");
    expect(provider.create(inputs).outs.journalMode).toBe("wal");
  });

  it("has a private write-ahead log, also while another process has the database open", () => {
    const inputs = sqliteInputs(temporaryFolder());
    onDatabase(inputs.path, (other) => {
      other.exec("PRAGMA journal_mode = WAL; CREATE TABLE mine (x)");
      chmodSync(inputs.path, 0o644);
      chmodSync(`${inputs.path}-wal`, 0o644);
      provider.create(inputs);
      other.exec("INSERT INTO mine VALUES (1)");
      expect(modeOf(`${inputs.path}-wal`)).toBe(0o600);
    });
  });
});

describe("the tables of the AI Breeding MVP", () => {
  const documented: [string, string, string][] = [
    [
      "S2-02",
      "agents",
      "id INTEGER PRIMARY KEY, name TEXT, owner TEXT, traits TEXT, energy INTEGER, xp INTEGER, gene INTEGER, rarity TEXT, rareTrait TEXT, power INTEGER, forSale BOOLEAN, price INTEGER, created_at DATETIME, updated_at DATETIME",
    ],
    ["S2-03", "user_balance", "user_id TEXT PRIMARY KEY, coins INTEGER, updated_at DATETIME"],
    [
      "S2-04",
      "payments",
      "id INTEGER PRIMARY KEY, user_id TEXT, amount REAL, currency TEXT, status TEXT, payment_method TEXT, transaction_id TEXT, stripe_session_id TEXT, stripe_payment_intent_id TEXT, coins INTEGER, created_at DATETIME, updated_at DATETIME",
    ],
    [
      "S2-05",
      "chat_messages",
      "id INTEGER PRIMARY KEY, agent_id INTEGER, user_id TEXT, message TEXT, role TEXT, created_at DATETIME",
    ],
  ];

  it.each(documented)("%s: %s has exactly the documented columns, in their order", (_id, table, columns) => {
    const inputs = sqliteInputs(temporaryFolder());
    provider.create(inputs);
    expect(columnsOf(inputs.path, table)).toEqual(columns.split(", "));
  });
});

describe("the catalogue", () => {
  it.each(["ai_company", "ai_breeding"] as const)(
    "has numbered migrations without a gap, each with a checksum: %s",
    (name) => {
      const migrations = loadMigrations(name, "sqlite");
      expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
      for (const { checksum } of migrations) expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  it("has the tables of the company platform, whose history reads back as it was written", () => {
    const inputs = sqliteInputs(temporaryFolder(), "ai_company");
    provider.create(inputs);
    expect(columnsOf(inputs.path, "ceo_agents")).toEqual(
      expect.arrayContaining(["status TEXT", "creator_wallet TEXT"]),
    );
    expect(onDatabase(inputs.path, history).map(({ catalogue }) => catalogue)).toEqual(
      inputs.migrations.map(() => "ai_company"),
    );
  });
});

describe("forgetting a database", () => {
  it("keeps the file and every row", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    onDatabase(inputs.path, (database) => database.exec("INSERT INTO user_balance (user_id, coins) VALUES ('ada', 5)"));
    const { ino } = statSync(inputs.path);
    provider.delete(inputs.path, outs);
    expect(existsSync(inputs.path)).toBe(true);
    expect(statSync(inputs.path).ino).toBe(ino);
    expect(reasonsOf(inputs)).toBe("");
    provider.create(inputs);
    expect(onDatabase(inputs.path, (db) => db.prepare("SELECT coins FROM user_balance").pluck().all())).toEqual([5]);
  });
});
