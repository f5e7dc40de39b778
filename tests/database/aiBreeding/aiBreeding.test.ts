import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { tableNames, tableShape } from "../../support/tableShape";
import { DOCUMENTED } from "./documented";

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, "ai_breeding");
});
afterAll(() => server?.stop());

describe("ai_breeding", () => {
  it("S2-06: traits and rareTrait are JSONB in the row of their agent, and there are the documented tables and none beside them", async () => {
    expect(await tableNames(database)).toEqual(DOCUMENTED.map(([table]) => table).sort());
    const { columns } = await tableShape(database, "agents");
    expect(columns).toEqual(expect.arrayContaining(["traits jsonb NOT NULL DEFAULT '{}'::jsonb", "rare_trait jsonb"]));
    const traits = `'{"wings": {"span": 2}}'`;
    expect(
      await database.psql(
        `INSERT INTO agents (name, traits, rare_trait) VALUES ('Pip', ${traits}, ${traits})
         RETURNING traits -> 'wings' -> 'span', rare_trait #>> '{wings,span}'`,
      ),
    ).toBe("2|2");
  });

  for (const [table, columns, indexes, shape] of DOCUMENTED) {
    it(`${columns}: ${table} has the documented columns, defaults and constraints`, async () => {
      const found = await tableShape(database, table);
      expect(found.columns).toEqual(shape.columns);
      expect(found.constraints).toEqual([...shape.constraints].sort());
    });
    it(`${indexes}: ${table} has the documented indexes`, async () => {
      expect((await tableShape(database, table)).indexes).toEqual(shape.indexes);
    });
  }

  it("gives what is left out its default, and numbers rows from 1", async () => {
    await database.psql("INSERT INTO users (username) VALUES ('ann')");
    expect(await database.psql("INSERT INTO agents (name, owner_id) VALUES ('Ada', 1) RETURNING *")).toMatch(
      /^\d+\|Ada\|1\|\{\}\|100\|0\|0\|common\|\|0\|f\|0\|\d{4}-\S+ \S+\|\d{4}-\S+ \S+$/,
    );
    expect(await database.psql("INSERT INTO payments (amount) VALUES (9.99) RETURNING amount, currency, status")).toBe(
      "9.99|USD|pending",
    );
  });

  it.each([
    ["a second user of the same name", "INSERT INTO users (username) VALUES ('ann')", "users_username_key"],
    ["a user without a name", "INSERT INTO users (email) VALUES ('x')", "null value"],
    ["too much energy", "INSERT INTO agents (name, energy) VALUES ('x', 101)", "agents_energy_check"],
    ["too little energy", "INSERT INTO agents (name, energy) VALUES ('x', -1)", "agents_energy_check"],
    ["an agent of nobody's", "INSERT INTO agents (name, owner_id) VALUES ('x', 99)", "agents_owner_id_fkey"],
    ["a price below nothing", "INSERT INTO agents (name, price) VALUES ('x', -1)", "agents_price_check"],
    ["a payment below nothing", "INSERT INTO payments (amount) VALUES (-0.01)", "payments_amount_check"],
    ["an amount of nine digits", "INSERT INTO payments (amount) VALUES (100000000)", "numeric field overflow"],
    ["a role that is unknown", "INSERT INTO chat_messages (message, role) VALUES ('x', 'bot')", "chat_messages_role"],
    [
      "a listing that is lost",
      "INSERT INTO marketplace_listings (price, status) VALUES (1, 'lost')",
      "listings_status",
    ],
    ["traits that are no JSON", "INSERT INTO agents (name, traits) VALUES ('x', '{')", "invalid input syntax"],
  ])("refuses %s", async (_what, sql, problem) => {
    await expect(database.psql(sql)).rejects.toThrow(problem);
  });

  it("finds traits by its GIN index", async () => {
    const plan = await database.psql(
      `SET enable_seqscan = off; EXPLAIN (COSTS OFF) SELECT id FROM agents WHERE traits @> '{"wings": true}'`,
    );
    expect(plan).toContain("Bitmap Index Scan on idx_agents_traits");
  });

  it("takes along what belonged to a user or an agent, and keeps the history without them", async () => {
    await database.psql(`
      INSERT INTO users (id, username) VALUES (10, 'gone'), (11, 'stays');
      INSERT INTO agents (id, name) VALUES (20, 'gone'), (21, 'stays');
      INSERT INTO user_balance (user_id, coins) VALUES (10, 5), (11, 6);
      INSERT INTO payments (id, user_id, amount) VALUES (30, 10, 1);
      INSERT INTO chat_messages (id, agent_id, user_id, message, role)
        VALUES (40, 20, 11, 'with the agent', 'user'), (41, 21, 10, 'with the user', 'user');
      INSERT INTO battles (id, agent_a_id, agent_b_id, winner_id) VALUES (50, 20, 21, 20);
      INSERT INTO marketplace_listings (id, agent_id, seller_id, price) VALUES (60, 20, 11, 1), (61, 21, 10, 1);
      DELETE FROM agents WHERE id = 20;
      DELETE FROM users WHERE id = 10`);
    const left = await database.psql(`
      SELECT 'balance', user_id, coins, NULL::int FROM user_balance WHERE user_id > 9
      UNION ALL SELECT 'payment', id, user_id, NULL FROM payments WHERE id = 30
      UNION ALL SELECT 'chat', id, agent_id, user_id FROM chat_messages
      UNION ALL SELECT 'battle', agent_b_id, agent_a_id, winner_id FROM battles
      UNION ALL SELECT 'listing', id, agent_id, seller_id FROM marketplace_listings`);
    expect(left.split("\n")).toEqual(["balance|11|6|", "payment|30||", "chat|41|21|", "battle|21||", "listing|61|21|"]);
    await database.psql("INSERT INTO agents (name, owner_id) VALUES ('kept', 11)");
    await expect(database.psql("DELETE FROM users WHERE id = 11")).rejects.toThrow("agents_owner_id_fkey");
  });
});
