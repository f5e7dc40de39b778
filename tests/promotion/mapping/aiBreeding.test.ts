import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { breedingFile, bringFile, empty } from "./breeding";

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, "ai_breeding");
});
afterAll(() => server?.stop());
beforeEach(async () => {
  await empty(database);
});

const FINE = `
  INSERT INTO agents VALUES
    (7, 'Ada', 'ann', '{"b": 2, "a": [1.50, "é"]}', 100, 9, 1, 'rare', '{"x": null}', 5, 1, 30, '2024-05-01 10:00:00', '2024-05-02T11:12:13.5Z'),
    (9, 'Bob', '', NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL),
    (2000000000, 'Cy', 'Ann', '[]', 0, 0, 0, '', 'null', 0, 0, 0, '1999-12-31 23:59:59.123456', NULL);
  INSERT INTO user_balance VALUES ('ann', 50, '2024-05-01'), ('only a balance', 2147483647, NULL), ('empty', NULL, NULL);
  INSERT INTO payments VALUES
    (3, 'only payments', 12.34, 'EUR', 'paid', 'card', 't1', 's1', 'i1', 10, '2024-05-01 10:00:00', NULL),
    (8, NULL, 0.1 + 0.2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (9, 'ann', 99999999.99, 'USD', 'x', 'y', 'z', 'a', 'b', 0, '2024-01-01', '2024-01-01');
  INSERT INTO chat_messages VALUES (5, 7, 'only chat', 'hi' || char(10) || '\\N \\t', 'user', '2024-05-01 10:00:00'), (6, NULL, NULL, '', 'system', NULL);`;

describe("a breeding database on PostgreSQL", () => {
  it("C-23, S2-24 to S2-29: has every row under its old id, every user, every coin and every cent", async () => {
    const { tables, refused } = await bringFile(breedingFile(FINE), database);
    expect(refused).toEqual([]);
    expect(tables.map(({ target, rows, inserted, quarantined }) => [target, rows, inserted, quarantined])).toEqual([
      ["users", 6, 6, 0],
      ["agents", 3, 3, 0],
      ["user_balance", 3, 3, 0],
      ["payments", 3, 3, 0],
      ["chat_messages", 2, 2, 0],
    ]);
    expect(await database.psql("SELECT username FROM users ORDER BY id", "owner")).toBe(
      ["Ann", "ann", "empty", "only a balance", "only chat", "only payments"].join("\n"),
    );
    const agents = await database.psql(
      `SELECT a.id, a.name, u.username, traits, energy, xp, gene, rarity, rare_trait, power, for_sale, price, a.created_at, a.updated_at
       FROM agents a LEFT JOIN users u ON u.id = owner_id ORDER BY a.id`,
      "owner",
    );
    expect(agents.split("\n")).toEqual([
      `7|Ada|ann|{"a": [1.50, "é"], "b": 2}|100|9|1|rare|{"x": null}|5|t|30|2024-05-01 10:00:00|2024-05-02 11:12:13.5`,
      "9|Bob||{}||||||||f|0||".replace("||||||||f", "|||||||f"),
      "2000000000|Cy|Ann|[]|0|0|0||null|0|f|0|1999-12-31 23:59:59.123456|",
    ]);
    expect(
      await database.psql(
        "SELECT username, coins, b.updated_at FROM user_balance b JOIN users u ON u.id = user_id ORDER BY 1",
        "owner",
      ),
    ).toBe("ann|50|2024-05-01 00:00:00\nempty||\nonly a balance|2147483647|");
    expect(
      await database.psql(
        "SELECT p.id, username, amount, currency, coins FROM payments p LEFT JOIN users u ON u.id = user_id ORDER BY 1",
        "owner",
      ),
    ).toBe("3|only payments|12.34|EUR|10\n8||0.30||0\n9|ann|99999999.99|USD|0");
    expect(
      await database.psql(
        "SELECT m.id, agent_id, username, message = E'hi\\n\\\\N \\\\t', role FROM chat_messages m LEFT JOIN users u ON u.id = user_id ORDER BY 1",
        "owner",
      ),
    ).toBe("5|7|only chat|t|user\n6|||f|system");
  });

  it("goes on numbering where SQLite was", async () => {
    await bringFile(breedingFile(FINE), database);
    const next = await database.psql(
      `INSERT INTO agents (name) VALUES ('new') RETURNING id; INSERT INTO users (username) VALUES ('new') RETURNING id;
       INSERT INTO payments (amount) VALUES (1) RETURNING id; INSERT INTO chat_messages (message, role) VALUES ('x', 'user') RETURNING id`,
      "owner",
    );
    expect(next).toBe("2000000001\n7\n10\n7");
  });

  const AWKWARD = `${FINE}
    INSERT INTO agents (id, name, owner, energy) VALUES (10, 'too much', 'eve', 150);
    INSERT INTO agents (id, name, traits) VALUES (11, 'no json', '{');
    INSERT INTO payments (id, user_id, amount) VALUES (20, 'ann', 12.345), (21, 'ann', -1), (22, 'ann', NULL);
    INSERT INTO chat_messages (id, agent_id, message, role) VALUES (30, 99, 'orphan', 'user'), (31, 10, 'of a refused agent', 'user'), (32, 7, 'x', 'bot');
    INSERT INTO user_balance (user_id, coins) VALUES ('', 5), ('poor', -5);`;

  it("C-23: is refused as a whole where rows would break its rules, with reasons, counts and keys; nothing is written", async () => {
    const brought = bringFile(breedingFile(AWKWARD), database);
    await expect(brought).rejects.toMatchObject({ exitCode: 4 });
    const message = await brought.catch((error: Error) => error.message);
    for (const part of [
      "agents: energy is not between 0 and 100: 1 row (key 10)",
      "agents: traits is no valid JSON: 1 row (key 11)",
      "payments: amount is below 0: 1 row (key 21)",
      "chat_messages: agent_id names a row of agents that is not there, or is not carried: 2 rows (key 30; 31)",
      "user_balance: coins is below 0: 1 row (key poor)",
    ])
      expect(message).toContain(part);
    expect(await database.psql("SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM agents)", "owner")).toBe(
      "0",
    );
  });

  it("C-23: with quarantine the rest comes, and each refused row is kept with its reason", async () => {
    const { tables } = await bringFile(breedingFile(AWKWARD), database, { quarantine: true });
    expect(tables.map(({ target, rows, quarantined }) => [target, rows, quarantined])).toEqual([
      ["users", 8, 0],
      ["agents", 3, 2],
      ["user_balance", 3, 2],
      ["payments", 3, 3],
      ["chat_messages", 2, 3],
    ]);
    expect(
      await database.psql("SELECT tbl, count(*) FROM ladder_promotion.quarantine GROUP BY 1 ORDER BY 1", "owner"),
    ).toBe("agents|2\nchat_messages|3\npayments|3\nuser_balance|2");
    await database.psql("DROP SCHEMA ladder_promotion CASCADE", "owner");
  });

  it("rounds cents only where a rule says so", async () => {
    const file = breedingFile("INSERT INTO payments (id, amount) VALUES (1, 12.345), (2, 12.344)");
    await expect(bringFile(file, database)).rejects.toThrow("payments.amount");
    const rules = { version: 1 as const, tables: { payments: { columns: { amount: { round: true } } } } };
    await bringFile(file, database, { rules });
    expect(await database.psql("SELECT amount FROM payments ORDER BY id", "owner")).toBe("12.35\n12.34");
  });

  it("S2-36: a second run changes nothing, and a later one brings what is new and what is different", async () => {
    const path = breedingFile(FINE);
    await bringFile(path, database);
    const again = await bringFile(path, database);
    expect(again.tables.map(({ inserted, updated, extra }) => [inserted, updated, extra])).toEqual(
      Array(5).fill([0, 0, 0]),
    );

    const later = breedingFile(`${FINE} UPDATE user_balance SET coins = 51 WHERE user_id = 'ann';
      INSERT INTO payments (id, user_id, amount) VALUES (100, 'aaron', 1); DELETE FROM chat_messages WHERE id = 6`);
    await expect(bringFile(later, database)).rejects.toThrow(
      "The target holds other rows than the source; nothing was changed",
    );
    const { tables } = await bringFile(later, database, { existing: "upsert" });
    expect(tables.map(({ target, inserted, updated, extra }) => [target, inserted, updated, extra])).toEqual([
      ["users", 1, 0, 0],
      ["agents", 0, 0, 0],
      ["user_balance", 0, 1, 0],
      ["payments", 1, 0, 0],
      ["chat_messages", 0, 0, 1],
    ]);
    // A user who sorts before all others does not take another's number.
    expect(
      await database.psql("SELECT id, username FROM users WHERE username IN ('aaron', 'Ann') ORDER BY 1", "owner"),
    ).toBe("1|Ann\n7|aaron");
  });

  it("property: for random databases every balance and every sum of payments is the same, user by user", async () => {
    const user = fc.oneof(
      fc.constantFrom("", null),
      fc.string({ unit: "binary", minLength: 1, maxLength: 6 }).map((text) => text.replaceAll("\0", "")),
    );
    const cents = fc.integer({ min: 0, max: 9_999_999_999 });
    const given = fc.record({
      agents: fc.array(user, { maxLength: 8 }),
      balances: fc.uniqueArray(fc.tuple(user, fc.integer({ min: 0, max: 2 ** 31 - 1 })), {
        selector: ([name]) => name,
        maxLength: 8,
      }),
      payments: fc.array(fc.tuple(user, cents), { maxLength: 15 }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ agents, balances, payments }) => {
        await empty(database);
        const path = breedingFile("");
        const db = new Database(path);
        for (const owner of agents) db.prepare("INSERT INTO agents (name, owner) VALUES ('x', ?)").run(owner);
        const named = balances.filter(([name]) => name !== null && name !== "");
        for (const one of named) db.prepare("INSERT INTO user_balance (user_id, coins) VALUES (?, ?)").run(...one);
        for (const [name, amount] of payments)
          db.prepare("INSERT INTO payments (user_id, amount) VALUES (?, ?)").run(name, amount / 100);
        db.close();
        await bringFile(path, database);
        const client = await database.connect("owner");
        const query = async (sql: string) =>
          (await client.query<{ name: string | null; sum: string }>(sql)).rows.map(({ name, sum }) => [name, sum]);
        const coins = await query(
          "SELECT username AS name, coins::text AS sum FROM user_balance JOIN users u ON u.id = user_id",
        );
        const paid = await query(
          "SELECT username AS name, (sum(amount) * 100)::bigint::text AS sum FROM payments p LEFT JOIN users u ON u.id = user_id GROUP BY 1",
        );
        await client.end();
        expect(new Map(coins.map(([name, sum]) => [name, Number(sum)]))).toEqual(new Map(named));
        const sums = new Map<string | null, number>();
        for (const [name, amount] of payments) sums.set(name || null, (sums.get(name || null) ?? 0) + amount);
        expect(new Map(paid.map(([name, sum]) => [name, Number(sum)]))).toEqual(sums);
      }),
      { numRuns: 20 },
    );
  });
});
