import { randomUUID } from "node:crypto";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { closeSource, reopenSource } from "../../../promotion/log/sourceGate";
import { installSourceLog, removeSourceLog } from "../../../promotion/log/sourceLog";
import { closeGate, installTarget, openGate } from "../../../promotion/log/targetGate";
import { mappingOf } from "../../../promotion/mapping";
import { NO_RULES, type Run } from "../../../promotion/model";
import { replayBack } from "../../../promotion/replay/back";
import { replay } from "../../../promotion/replay/forward";
import { readSchema } from "../../../promotion/source/schema";
import { targetOf } from "../../../promotion/target/session";
import { connectionFrom } from "../../../schema/connection";
import { catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

it("carries what the application wrote into ai_breeding back under the users' names, and tells what has no place (C-23, C-25)", async () => {
  const path = join(temporaryFolder(), "breeding.sqlite");
  const db = new Database(path);
  for (const { sql } of loadMigrations("ai_breeding", "sqlite")) db.exec(sql);
  const before = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
  const plan = mappingOf("ai_breeding", readSchema(db), [], NO_RULES);
  const database = await catalogueDatabase(server, "ai_breeding");
  const id = randomUUID();
  const target = targetOf(connectionFrom({ LADDER_DATABASE_URL: database.url("owner") }, database.name), id);
  const run: Run = { id, source: { path, busyTimeoutMs: 1000 }, target, plan, workers: 1, onProgress: () => undefined };
  const client = await target.connect();
  const app = await database.connect();
  try {
    installSourceLog(db, plan);
    await installTarget(client, plan, id);
    db.exec(`INSERT INTO agents (id, name, owner, energy) VALUES (1, 'one', 'ann', 50), (2, 'two', 'bob', 60);
      INSERT INTO user_balance (user_id, coins) VALUES ('ann', 10), ('bob', 20), ('cid', 30);
      INSERT INTO payments (id, user_id, amount, coins) VALUES (1, 'ann', 12.34, 5)`);
    await replay(db, client, run);
    expect(await database.psql("SELECT username, coins FROM users JOIN user_balance ON user_id = id ORDER BY 1")).toBe(
      "ann|10\nbob|20\ncid|30",
    );
    await client.query(
      "SELECT setval('users_id_seq', 100), setval('agents_id_seq', 100), setval('payments_id_seq', 100)",
    );
    closeSource(db, plan, { id });
    await openGate(client);
    await app.query(
      `UPDATE user_balance SET coins = coins + 1 WHERE user_id = (SELECT id FROM users WHERE username = 'ann')`,
    );
    // The balance goes with its user, so that only SQLite can tell whose it was.
    await app.query("UPDATE agents SET owner_id = NULL WHERE id = 2");
    await app.query("DELETE FROM users WHERE username = 'bob'");
    await app.query("INSERT INTO users (username) VALUES ('dora'), ('nobody')");
    await app.query(`INSERT INTO agents (name, owner_id) SELECT 'three', id FROM users WHERE username = 'dora'`);
    await app.query("INSERT INTO battles (agent_a_id) VALUES (1), (101)");
    await closeGate(client);
    db.exec("BEGIN IMMEDIATE");
    reopenSource(db, { id });
    const { notCarried } = await replayBack(db, client, run);
    db.exec("COMMIT");
    removeSourceLog(db, plan);
    expect(db.prepare("SELECT user_id, coins FROM user_balance ORDER BY 1").raw().all()).toEqual([
      ["ann", 11],
      ["cid", 30],
    ]);
    expect(db.prepare("SELECT id, name, owner, energy FROM agents ORDER BY 1").raw().all()).toEqual([
      [1, "one", "ann", 50],
      [2, "two", null, 60],
      [101, "three", "dora", 100],
    ]);
    expect(db.prepare("SELECT user_id, amount, coins FROM payments").raw().all()).toEqual([["ann", 12.34, 5]]);
    expect(notCarried.map(({ table, rows }) => [table, rows])).toEqual([
      ["battles", 2],
      ["users", 3],
    ]);
    expect(db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all()).toEqual(before);
  } finally {
    db.close();
    await client.end();
    await app.end();
  }
});
