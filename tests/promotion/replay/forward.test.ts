import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { installSourceLog, keysSince, sourceMark } from "../../../promotion/log/sourceLog";
import type { Run } from "../../../promotion/model";
import { catchUp, replay } from "../../../promotion/replay/forward";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";
import { contents, newWorld, PLAN, type World } from "./world";

let server: Postgres;
let world: World;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  world = await newWorld(server, temporaryFolder());
  installSourceLog(world.db, PLAN);
});
afterEach(() => world.end());

async function texts(sql: string): Promise<string[]> {
  const { rows } = await world.client.query<unknown[]>({ text: sql, rowMode: "array" });
  return rows.map((row) => row.map(String).join("|"));
}

describe("replay from SQLite to PostgreSQL", () => {
  it("lets rows change places in a unique column, in a circle and over several parts of the log", async () => {
    const { db, client, run } = world;
    db.exec("INSERT INTO person (id, mail) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    await replay(db, client, run);
    db.exec(`UPDATE person SET mail = 'x' WHERE id = 1; UPDATE person SET mail = 'a' WHERE id = 2;
      WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO person (id) SELECT i FROM n;
      UPDATE person SET mail = 'b' WHERE id = 3; UPDATE person SET mail = 'c' WHERE id = 1`);
    const { keys, rows, mark } = await replay(db, client, run);
    expect([keys, rows]).toEqual([8905, 8905]);
    expect(mark).toBe(sourceMark(db));
    const { sqlite, postgres } = await contents(world);
    expect(postgres).toEqual(sqlite);
    expect(await replay(db, client, run)).toMatchObject({ keys: 0, rows: 0, recopied: [] });
  });

  it("stays within one snapshot while the application writes, and takes the rest the next time", async () => {
    const { db, run } = world;
    db.exec("INSERT INTO person (id, mail) VALUES (1, 'a')");
    const onProgress = (): void => {
      db.exec("UPDATE person SET mail = 'later' WHERE id = 1; INSERT INTO person (id, mail) VALUES (2, 'b')");
    };
    await catchUp({ ...run, onProgress }, { maxPasses: 1 });
    expect(await texts("SELECT id, mail FROM person")).toEqual(["1|a"]);
    await catchUp(run);
    expect(await texts("SELECT id, mail FROM person ORDER BY id")).toEqual(["1|later", "2|b"]);
  });

  it("refuses a file that is older than what was carried from it", async () => {
    const { db, client, run } = world;
    db.exec("INSERT INTO person (id) VALUES (1), (2)");
    await replay(db, client, run);
    db.exec("DELETE FROM _ladder_log WHERE seq = (SELECT max(seq) FROM _ladder_log)");
    await expect(replay(db, client, run)).rejects.toThrow(/is older than what was carried from it/);
  });

  it("refuses a row that cannot be carried, without its values, and changes nothing then", async () => {
    const { db, client, run } = world;
    db.exec(
      "INSERT INTO person (id, mail) VALUES (1, 'a'); INSERT INTO person (id, note) VALUES (7, 'secret' || char(0))",
    );
    await expect(replay(db, client, run)).rejects.toThrow(
      /1 of the rows .* cannot be carried, such as person 7: note .*--quarantine/,
    );
    await expect(replay(db, client, run)).rejects.not.toThrow("secret");
    expect(await texts("SELECT id FROM person")).toEqual([]);
  });

  it("keeps such a row in quarantine as long as it is so, when that is accepted", async () => {
    const { db, client, run } = world;
    const kept = "SELECT tbl, key, refusals->0->>'column' FROM ladder_promotion.quarantine";
    db.exec("INSERT INTO person (id, note) VALUES (1, 'a'), (7, 'x' || char(0))");
    expect(await replay(db, client, run, { quarantine: true })).toMatchObject({ keys: 2, rows: 1, quarantined: 1 });
    expect(await texts("SELECT id FROM person")).toEqual(["1"]);
    expect((await client.query(kept)).rows).toHaveLength(1);
    db.exec("UPDATE person SET note = 'x' || char(0, 0) WHERE id = 7");
    await replay(db, client, run, { quarantine: true });
    expect((await client.query(kept)).rows).toHaveLength(1);
    db.exec("UPDATE person SET note = 'good' WHERE id = 7");
    expect(await replay(db, client, run)).toMatchObject({ rows: 1, quarantined: 0 });
    expect((await client.query(kept)).rows).toHaveLength(0);
    expect(await texts("SELECT id, note FROM person ORDER BY id")).toEqual(["1|a", "7|good"]);
  });

  it("finds the row that the server alone refuses, among good ones", async () => {
    const { db, client, run } = world;
    await client.query("ALTER TABLE person ADD CONSTRAINT sane CHECK (score < 100)");
    db.exec("INSERT INTO person (id, score) VALUES (1, 1), (2, 1e6), (3, 3)");
    await expect(replay(db, client, run)).rejects.toThrow(/person 2: breaks the constraint sane/);
    expect(await replay(db, client, run, { quarantine: true })).toMatchObject({ rows: 2, quarantined: 1 });
    expect(await texts("SELECT id FROM person ORDER BY id")).toEqual(["1", "3"]);
  });

  it("does not let a unique index that is stricter than SQLite's take a row away unseen", async () => {
    const { db, client, run } = world;
    await client.query("CREATE UNIQUE INDEX strict ON person (note)");
    db.exec("INSERT INTO person (id, note) VALUES (1, 'same')");
    await replay(db, client, run);
    db.exec("INSERT INTO person (id, note) VALUES (2, 'same')");
    await expect(replay(db, client, run)).rejects.toThrow(
      /Row 1 of person is in SQLite, and PostgreSQL takes it for a double/,
    );
  });

  it("copies a table without a key again when it was written, and only then", async () => {
    const { db, client, run } = world;
    db.exec("INSERT INTO line VALUES ('a', 1), ('a', 1), ('b', 2)");
    expect((await replay(db, client, run)).recopied).toEqual(["line"]);
    expect((await replay(db, client, run)).recopied).toEqual([]);
    db.exec("DELETE FROM line WHERE text = 'b'");
    expect((await replay(db, client, run, { keyless: false })).recopied).toEqual([]);
    expect((await replay(db, client, run)).recopied).toEqual(["line"]);
    expect(await texts("SELECT * FROM line")).toEqual(["a|1", "a|1"]);
  });

  it("works in the transaction that holds the writers, and leaves it open", async () => {
    const { db, client, run } = world;
    db.exec("INSERT INTO person (id) VALUES (1); BEGIN IMMEDIATE");
    expect(await replay(db, client, run)).toMatchObject({ rows: 1 });
    expect(db.inTransaction).toBe(true);
    db.exec("COMMIT");
  });

  it("gives up on an application that writes faster than it follows, and keeps what was done", async () => {
    const { db, run } = world;
    let next = 1;
    const write = (): void => {
      db.exec(`INSERT INTO person (id) VALUES (${next++}), (${next++})`);
    };
    write();
    const busy: Run = { ...run, onProgress: write };
    await expect(catchUp(busy, { lagKeys: 1, lagMilliseconds: 0, maxPasses: 3 })).rejects.toThrow(
      /writes faster than PostgreSQL follows: after 3 passes, the last one still had 2 changed rows/,
    );
    expect(await texts("SELECT count(*) FROM person")).toEqual(["6"]);
  });

  it("can be interrupted, and goes on", async () => {
    const { db, run } = world;
    db.exec("INSERT INTO person (id) VALUES (1)");
    await expect(catchUp({ ...run, signal: AbortSignal.abort() })).rejects.toThrow("aborted");
    expect(await catchUp(run)).toMatchObject({ passes: 1, rows: 1 });
  });

  it("gives keys by which both sides can be compared since a mark", async () => {
    const { db, client, run } = world;
    db.exec("INSERT INTO pair (a, b) VALUES (1, 'x')");
    const { mark } = await replay(db, client, run);
    db.exec("UPDATE pair SET a = 2");
    const [, , pair] = PLAN.tables;
    if (pair === undefined) throw new Error("no table");
    expect(keysSince(db, pair, mark)).toEqual([
      [1n, "x"],
      [2n, "x"],
    ]);
  });
});
