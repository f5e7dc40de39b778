import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokenChecks } from "../../../../promotion/mapping/preflight";
import type { ColumnProfile, ColumnRule, Rules, TableProfile } from "../../../../promotion/model";
import { temporaryFolder } from "../../../support/temporary";
import { documented, planOf, rowsOf, setUp } from "./plan";

const usersOf = (db: ReturnType<typeof documented>) =>
  db.prepare<[], string>("SELECT username FROM _ladder_users ORDER BY id").pluck().all();

describe("ai_breeding: users", () => {
  it("C-23, S2-25: are everybody who is named anywhere, each once, in the same order every time", () => {
    const rows = `
      INSERT INTO agents (id, name, owner) VALUES (1, 'a', 'zoe'), (2, 'b', ''), (3, 'c', NULL), (4, 'd', 'Zoe'), (5, 'e', 'ann');
      INSERT INTO user_balance (user_id) VALUES ('bob'), ('ann');
      INSERT INTO payments (id, user_id) VALUES (1, 'only payments'), (2, 'bob');
      INSERT INTO chat_messages (id, user_id) VALUES (1, 'only chat'), (2, 'ann '), (3, 'ann');`;
    const numbers = [0, 1].map(() => {
      const db = documented("ai_breeding", rows);
      setUp(db, planOf("ai_breeding", db));
      return usersOf(db);
    });
    expect(numbers[0]).toEqual(["Zoe", "ann", "ann ", "bob", "only chat", "only payments", "zoe"]);
    expect(numbers[1]).toEqual(numbers[0]);
  });

  it("keep their number while the application writes, and new ones get the next, whatever its conflict clause says", () => {
    const db = documented("ai_breeding", "INSERT INTO agents (id, owner) VALUES (1, 'm')");
    setUp(db, planOf("ai_breeding", db));
    db.exec(`
      INSERT OR REPLACE INTO agents (id, owner) VALUES (1, 'a'), (2, 'm'), (3, 'a');
      INSERT OR FAIL INTO user_balance (user_id) VALUES ('z'), ('m');
      UPDATE OR REPLACE payments SET user_id = 'nobody';
      INSERT OR IGNORE INTO payments (id, user_id) VALUES (1, 'z'), (2, '');
      UPDATE OR ROLLBACK agents SET owner = 'b' WHERE id = 1;
      INSERT INTO chat_messages (id, user_id) VALUES (1, 'b'), (2, x'00ff') ON CONFLICT DO NOTHING;
      DELETE FROM agents`);
    expect(usersOf(db)).toEqual(["m", "a", "z", "b"]);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
  });

  it("leave nothing behind when the mapping is taken away", () => {
    const db = documented("ai_breeding", "INSERT INTO agents (id, owner) VALUES (1, 'm')");
    const objects = () => db.prepare("SELECT * FROM sqlite_schema ORDER BY name").all();
    const before = objects().map((object) => ({ ...(object as object), rootpage: 0 }));
    const plan = planOf("ai_breeding", db);
    setUp(db, plan);
    for (const sql of plan.sourceTeardown) db.exec(sql);
    for (const sql of plan.sourceTeardown) db.exec(sql);
    expect(objects().map((object) => ({ ...(object as object), rootpage: 0 }))).toEqual(before);
  });

  it("property: every name that PostgreSQL can hold has exactly one number, and no other value has one", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.constantFrom("", " ", "a", "A", "a\0b", "é".repeat(255), "é".repeat(256), "😀".repeat(255), "😀".repeat(256)),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), fc.array(name, { maxLength: 12 }), (owners, later) => {
        const db = documented("ai_breeding");
        const insert = db.prepare("INSERT INTO agents (owner) VALUES (?)");
        for (const owner of owners) insert.run(owner);
        const plan = planOf("ai_breeding", db);
        setUp(db, plan);
        for (const owner of later) insert.run(owner);
        const holdable = (text: string) => text !== "" && !text.includes("\0") && [...text].length <= 255;
        const expected = [...new Set([...owners, ...later].filter(holdable))];
        expect(usersOf(db).sort()).toEqual(expected.sort());
        const found = rowsOf(db, plan, "agents").filter((row) => row.owner_id !== null).length;
        expect(found).toBe([...owners, ...later].filter(holdable).length);
        db.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe("ai_breeding: rows", () => {
  it("S2-26, S2-28: what is missing gets what the documents say, and everything else stays as it is", () => {
    const db = documented(
      "ai_breeding",
      `INSERT INTO agents (id, name, owner, rareTrait) VALUES (7, 'Ada', '', '');
       INSERT INTO agents VALUES (8, 'Bob', 'ann', '{"a": 1}', 99, 1, 2, 'rare', '[1]', 3, 1, 12, '2024-01-02 03:04:05', NULL);
       INSERT INTO payments (id, user_id, amount) VALUES (1, 'bob', 12.5)`,
    );
    const plan = planOf("ai_breeding", db);
    setUp(db, plan);
    const [ada, bob] = rowsOf(db, plan, "agents");
    expect(ada).toEqual({
      ...{ id: 7, name: "Ada", owner_id: null, traits: "{}", energy: null, xp: null, gene: null, rarity: null },
      ...{ rare_trait: null, power: null, for_sale: 0, price: 0, created_at: null, updated_at: null },
    });
    expect(bob).toEqual({
      ...{ id: 8, name: "Bob", owner_id: 1, traits: '{"a": 1}', energy: 99, xp: 1, gene: 2, rarity: "rare" },
      ...{ rare_trait: "[1]", power: 3, for_sale: 1, price: 12, created_at: "2024-01-02 03:04:05", updated_at: null },
    });
    expect(rowsOf(db, plan, "payments")).toMatchObject([{ id: 1, user_id: 2, amount: 12.5, coins: 0 }]);
  });

  it("S2-24: come in the documented order", () => {
    const plan = planOf("ai_breeding", documented("ai_breeding"));
    expect(plan.tables.map(({ target }) => target)).toEqual([
      "users",
      "agents",
      "user_balance",
      "payments",
      "chat_messages",
    ]);
    expect(plan.notCarried?.map(({ table }) => table)).toEqual(["users", "battles", "marketplace_listings"]);
  });

  it("C-23: are refused before anything is done where the schema would refuse them, with counts and keys", () => {
    const db = documented(
      "ai_breeding",
      `INSERT INTO agents (id, name, energy) VALUES (1, 'fine', 100), (2, 'tired', 150), (3, NULL, -1), (4, 'json', 5);
       UPDATE agents SET traits = '{' WHERE id = 4;
       UPDATE agents SET owner = x'6100' WHERE id = 2;
       INSERT INTO agents (id, name, xp, gene, power, price) VALUES (5, 'negative', -1, -1, -1, -1);
       INSERT INTO user_balance VALUES ('', 5, NULL), (NULL, 6, NULL), ('ann', -5, NULL);
       INSERT INTO payments (id, amount) VALUES (1, NULL), (2, -0.01), (3, 0);
       INSERT INTO chat_messages VALUES (1, 1, 'ann', 'fine', 'user', NULL), (2, 99, NULL, 'orphan', 'user', NULL),
         (3, 2, NULL, 'of a refused agent', 'user', NULL), (4, NULL, 'ann', NULL, 'bot', NULL), (5, 1, NULL, 'x', 'USER', NULL);
       INSERT INTO chat_messages VALUES (6, NULL, CAST(x'ff' AS TEXT), 'bad name', 'system', NULL)`,
    );
    const plan = planOf("ai_breeding", db);
    const file = join(temporaryFolder(), "source.sqlite");
    writeFileSync(file, db.serialize());
    const told = brokenChecks(new Database(file, { readonly: true }), plan).map(({ table, reason, keys }) => [
      table,
      reason,
      keys.join(" "),
    ]);
    const noName = (column: string) =>
      `${column} is no name of a user: a text of 1 to 255 characters, in valid UTF-8 and without a NUL`;
    expect(told).toEqual([
      ["agents", "name is missing", "3"],
      ["agents", "energy is not between 0 and 100", "2 3"],
      ...["xp", "gene", "power", "price"].map((column) => ["agents", `${column} is below 0`, "5"]),
      ["agents", "traits is no valid JSON", "4"],
      ["agents", noName("owner"), "2"],
      ["user_balance", noName("user_id"), "null "],
      ["user_balance", "coins is below 0", "ann"],
      ["payments", "amount is missing", "1"],
      ["payments", "amount is below 0", "2"],
      ["chat_messages", "message is missing", "4"],
      ["chat_messages", "agent_id names a row of agents that is not there, or is not carried", "2 3"],
      ["chat_messages", noName("user_id"), "6"],
      ["chat_messages", "role is not user, assistant or system", "4 5"],
    ]);
  });
});

const profile = (column: string, more: Partial<ColumnProfile>): TableProfile => ({
  ...{ table: "agents", rows: 9, bytes: 1, largestRowBytes: 1 },
  columns: [{ column, classes: { null: 0, integer: 0, real: 0, text: 0, blob: 0 }, ...more }],
});
const numbers = { zeroOrOne: 0, seconds: 0, milliseconds: 0, microseconds: 0, julian: 0, other: 0, rounded: 0 };
const classes = { null: 0, integer: 0, real: 0, text: 0, blob: 0 };

describe("ai_breeding: times", () => {
  const formOf = (given: TableProfile, rule?: ColumnRule) => {
    const rules: Rules = { version: 1, tables: rule ? { agents: { columns: { created_at: rule } } } : {} };
    const plan = planOf("ai_breeding", documented("ai_breeding"), { profiles: [given], rules });
    return plan.tables[1]?.columns.find(({ target }) => target === "created_at")?.codec;
  };

  it.each([
    ["text", { classes: { ...classes, text: 9 } }],
    ["seconds", { classes: { ...classes, integer: 9 }, numbers: { ...numbers, seconds: 9 } }],
    ["milliseconds", { classes: { ...classes, integer: 4, null: 5 }, numbers: { ...numbers, milliseconds: 4 } }],
    ["julian", { classes: { ...classes, real: 9 }, numbers: { ...numbers, julian: 9 } }],
    ["text", { classes: { ...classes, null: 9 } }],
  ] as const)("are read as %s where all of them are that", (from, given) => {
    expect(formOf(profile("created_at", given))).toEqual({ kind: "timestamp", from, zone: false });
  });

  it("need a ruling where they are of several kinds, and take it", () => {
    const mixed = profile("created_at", {
      classes: { ...classes, integer: 4, text: 5 },
      numbers: { ...numbers, seconds: 4 },
    });
    expect(() => formOf(mixed)).toThrow("agents.created_at holds times of several kinds");
    expect(formOf(mixed, { from: "seconds", empty: "null" })).toEqual({
      ...{ kind: "timestamp", from: "seconds", zone: false, empty: "null" },
    });
  });
});

describe("ai_breeding: what does not fit", () => {
  it.each([
    ["there is no table payments", "DROP TABLE payments"],
    [
      "table agents has no columns owner, price",
      "ALTER TABLE agents DROP COLUMN owner; ALTER TABLE agents DROP COLUMN price",
    ],
    ["table agents has column mood, which would be lost", "ALTER TABLE agents ADD COLUMN mood TEXT"],
    ["table teams has no place in it", "CREATE TABLE teams (id INTEGER PRIMARY KEY)"],
    [
      "table user_balance has not the PRIMARY KEY (user_id)",
      "DROP TABLE user_balance; CREATE TABLE user_balance (user_id TEXT, coins INTEGER, updated_at TEXT)",
    ],
  ])("is refused with its name: %s", (problem, sql) => {
    expect(() => planOf("ai_breeding", documented("ai_breeding", sql))).toThrow(problem);
  });

  it("is left out where that loses nothing, or where a rule says so; and told", () => {
    const db = documented(
      "ai_breeding",
      `ALTER TABLE agents ADD COLUMN mood TEXT; CREATE TABLE teams (id INTEGER PRIMARY KEY);
       CREATE VIEW rich AS SELECT * FROM user_balance; CREATE UNIQUE INDEX paid ON payments (transaction_id)`,
    );
    const plan = planOf("ai_breeding", db, {
      profiles: [profile("mood", { classes: { ...classes, null: 9 } })],
      rules: { version: 1, tables: { teams: { skip: true } } },
    });
    expect(plan.leftOut.map(({ what }) => what)).toEqual([
      "column agents.mood",
      "unique index paid on payments",
      "table teams",
      "view rich",
    ]);
    expect(plan.tables.find(({ target }) => target === "payments")?.uniques).toEqual([["transaction_id"]]);
  });

  it("is a rule that would change what a migration has fixed", () => {
    const rules = { version: 1 as const, tables: { agents: { columns: { energy: { type: "bigint" as const } } } } };
    expect(() => planOf("ai_breeding", documented("ai_breeding"), { rules })).toThrow(
      'rules.yaml: "type" for agents.energy cannot be',
    );
  });
});
