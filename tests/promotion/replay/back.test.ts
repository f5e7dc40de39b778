import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closeSource, reopenSource } from "../../../promotion/log/sourceGate";
import { installSourceLog } from "../../../promotion/log/sourceLog";
import { closeGate, installTarget, openGate } from "../../../promotion/log/targetGate";
import { type ReplayedBack, replayBack } from "../../../promotion/replay/back";
import { replay } from "../../../promotion/replay/forward";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";
import { newWorld, PLAN, type World } from "./world";

let server: Postgres;
let world: World;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  world = await newWorld(server, temporaryFolder());
});
afterEach(() => world.end());

/** SQLite writes, PostgreSQL takes over and is written, and SQLite takes over again. */
async function thereAndBack(sqlite: string, postgres: string): Promise<ReplayedBack> {
  const { db, client, run } = world;
  installSourceLog(db, PLAN);
  await installTarget(client, PLAN, run.id);
  db.exec(sqlite);
  await replay(db, client, run, { quarantine: true });
  closeSource(db, PLAN, { id: run.id });
  await openGate(client);
  await (await world.connectAs("app")).query(postgres);
  await closeGate(client);
  db.exec("BEGIN IMMEDIATE");
  try {
    reopenSource(db, { id: run.id });
    const result = await replayBack(db, client, run);
    db.exec("COMMIT");
    return result;
  } finally {
    if (db.inTransaction) db.exec("ROLLBACK");
  }
}

const all = (sql: string): unknown[] => world.db.prepare(sql).raw().all();

describe("replay from PostgreSQL back to SQLite (C-25)", () => {
  it("keeps what PostgreSQL does not know, and values that it did not change as they are stored", async () => {
    const result = await thereAndBack(
      "INSERT INTO person (id, mail, note, local) VALUES (1, 'a', 'n', 'mine'), (2, 'b', 'n', 'too'); INSERT INTO loud (rowid, name, at) VALUES (77, 'x', '2024-02-29T12:00'), (78, 'y', '2024-02-29T12:00')",
      "UPDATE person SET note = 'new' WHERE id = 1; UPDATE loud SET at = at WHERE name = 'x'; INSERT INTO person (id, mail) VALUES (9, 'c')",
    );
    expect(result).toEqual({ keys: 3, written: 3, replaced: 2, notCarried: [] });
    expect(all("SELECT id, mail, note, local FROM person ORDER BY id")).toEqual([
      [1, "a", "new", "mine"],
      [2, "b", "n", "too"],
      [9, "c", null, "kept"],
    ]);
    expect(all("SELECT rowid, name, at FROM loud WHERE name = 'x'")).toEqual([[77, "x", "2024-02-29T12:00"]]);
  });

  it("does not give a hidden row number to a new row that another one comes back with", async () => {
    await thereAndBack(
      "INSERT INTO tag (name) VALUES ('a'), ('b'), ('z')",
      "INSERT INTO tag (name) SELECT g FROM generate_series(1, 200) AS g; UPDATE tag SET n = 1 WHERE name IN ('a', 'z')",
    );
    expect(all("SELECT rowid, name FROM tag WHERE name > ':' ORDER BY rowid")).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "z"],
    ]);
    expect(all("SELECT min(rowid), count(*) FROM tag WHERE name < ':'")).toEqual([[4, 200]]);
  });

  it("runs none of the application's triggers, keeps them, and brings its full-text search up to date", async () => {
    const { db } = world;
    db.exec(`CREATE TABLE seen (id INTEGER);
      CREATE VIRTUAL TABLE found USING fts5(note, content='person', content_rowid='id');
      CREATE TRIGGER watch AFTER INSERT ON person BEGIN INSERT INTO seen VALUES (NEW.id); INSERT INTO found (rowid, note) VALUES (NEW.id, NEW.note); END`);
    await thereAndBack(
      "INSERT INTO person (id, note) VALUES (1, 'first')",
      "UPDATE person SET note = 'second'; INSERT INTO person (id, note) VALUES (2, 'third')",
    );
    expect(all("SELECT * FROM seen")).toEqual([[1]]);
    expect(all("SELECT rowid FROM found WHERE found MATCH 'second OR third' ORDER BY rowid")).toEqual([[1], [2]]);
    expect(all("SELECT rowid FROM found WHERE found MATCH 'first'")).toEqual([]);
    db.exec("INSERT INTO person (id) VALUES (5)");
    expect(all("SELECT * FROM seen")).toEqual([[1], [5]]);
  });

  it("does not give again a number that PostgreSQL gave and took back", async () => {
    await thereAndBack(
      "INSERT INTO person (id) VALUES (1)",
      "SELECT setval('person_id_seq', 40); INSERT INTO person (mail) VALUES ('x'); DELETE FROM person WHERE mail = 'x'",
    );
    world.db.exec("INSERT INTO person (mail) VALUES ('next')");
    expect(all("SELECT id FROM person")).toEqual([[1], [42]]);
  });

  it("tells of rows that SQLite has no place for", async () => {
    const { notCarried } = await thereAndBack("", "INSERT INTO unknown_to_sqlite VALUES (1), (2)");
    expect(notCarried).toEqual([{ table: "unknown_to_sqlite", rows: 2, why: "SQLite has no such table" }]);
  });

  it("leaves rows alone that PostgreSQL never had, also when the table was emptied there", async () => {
    await thereAndBack(
      "INSERT INTO tag VALUES ('a', 1, 1), ('b' || char(0), 2, 2), ('c', 'text', 3)",
      "TRUNCATE tag; INSERT INTO tag (name, slot) VALUES ('d', 4)",
    );
    expect(all("SELECT hex(name), slot FROM tag ORDER BY name")).toEqual([
      ["6200", 2],
      ["63", "text"],
      ["64", 4],
    ]);
  });

  it("says which row SQLite refuses, and changes nothing then", async () => {
    world.db.exec("CREATE UNIQUE INDEX strict ON person (note)");
    await expect(
      thereAndBack(
        "INSERT INTO person (id, note) VALUES (1, 'x')",
        "UPDATE person SET mail = 'm'; INSERT INTO person (id, note) VALUES (2, 'x')",
      ),
    ).rejects.toThrow(
      /Row [12] of person cannot go back, for SQLite refuses it: UNIQUE constraint failed: person\.note/,
    );
    expect(all("SELECT id, mail FROM person")).toEqual([[1, null]]);
    expect(() => world.db.exec("DELETE FROM person")).toThrow("moved to PostgreSQL");
  });
});
