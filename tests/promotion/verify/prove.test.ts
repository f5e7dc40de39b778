import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putInQuarantine } from "../../../promotion/copy/quarantine";
import { installSourceLog } from "../../../promotion/log/sourceLog";
import { prove } from "../../../promotion/verify/prove";
import { verifyAll } from "../../../promotion/verify/verify";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { type Columns, planned } from "../copy/plans";
import { carry, sceneOf } from "./scene";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const INTEGER = { kind: "integer", bits: 64 } as const;
const TEXT = { kind: "text" } as const;

/** A column of each kind of codec, and in SQL another value for it. */
const KINDS: Columns = {
  id: INTEGER,
  small: { kind: "integer", bits: 16 },
  flag: { kind: "boolean" },
  score: { kind: "double" },
  price: { kind: "numeric", precision: 10, scale: 2 },
  exact: { kind: "numeric" },
  "na me": TEXT,
  code: { kind: "text", length: 8 },
  data: { kind: "bytea" },
  doc: { kind: "json" },
  at: { kind: "timestamp", from: "text", zone: false },
  seen: { kind: "timestamp", from: "milliseconds", zone: true },
  born: { kind: "date", from: "text" },
};

const OTHER: Readonly<Record<string, string>> = {
  small: "small + 1",
  flag: "NOT flag",
  score: "score * (1 + 2.3e-16)",
  price: "price + 0.01",
  exact: "(exact::text || '0')::numeric",
  '"na me"': `"na me" || ' '`,
  code: "upper(code)",
  data: "set_byte(data, 1, 9)",
  doc: `doc || '{"z": null}'`,
  at: "at + interval '1 microsecond'",
  seen: "seen + interval '1 hour'",
  born: "born - 1",
};

const THINGS = `CREATE TABLE things (id INTEGER PRIMARY KEY, small INT, flag INT, score REAL, price NUMERIC, exact, "na me" TEXT, code TEXT,
    data BLOB, doc TEXT, at TEXT, seen INTEGER, born TEXT);
  WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300)
  INSERT INTO things SELECT n * 3 - 400, n, n % 2, n / 7.0, round(n * 1.37, 2), n || '.50', 'é' || n || char(9) || '\\', 'c' || n, x'00ff' || n,
    '{"b": [1.50, "' || n || '"], "a":null}', '2024-02-29T03:04:0' || (n % 10), 1700000000123 + n, '1990-01-02' FROM n;
  INSERT INTO things (id) VALUES (9000000000000000000);`;
const things = () => planned("things", KINDS, { sourceKey: ["id"], rowid: "id" });

const PEOPLE = `CREATE TABLE people (a TEXT, b INTEGER, c TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
  INSERT INTO people VALUES ('x', 1, 'one'), ('x', 2, 'two'), ('Ä', 1, NULL), ('ä', 1, '');
  CREATE TABLE logs (line TEXT, n INTEGER); INSERT INTO logs VALUES ('same', 1), ('same', 1), ('other', NULL);`;
const people = () => [
  planned("people", { a: TEXT, b: INTEGER, c: TEXT }, { sourceKey: ["a", "b"] }),
  planned("logs", { line: TEXT, n: INTEGER }),
];

describe("a verdict", () => {
  it("says identical of every kind of value, and of tables with any key or none (S0-41, S0-02)", async () => {
    const { run } = await sceneOf(server, THINGS + PEOPLE, [things(), ...people()]);
    const verdict = await prove(run);
    expect(verdict).toMatchObject({ identical: true, differences: [] });
    expect(verdict.tables.map(({ target, rows }) => [target, rows.source, rows.target])).toEqual([
      ["things", 301, 301],
      ["people", 4, 4],
      ["logs", 3, 3],
    ]);
    for (const { checksum } of verdict.tables) {
      expect(checksum.source).toBe(checksum.target);
      expect(checksum.source).not.toBe("0000000000000000");
    }
  });

  it("names each column in which one value differs, and its row by the key alone (S0-41)", async () => {
    const { run, client } = await sceneOf(server, THINGS, [things()]);
    const expected: string[] = [];
    for (const [at, [column, other]] of Object.entries(OTHER).entries()) {
      await client.query(`UPDATE things SET ${column} = ${other} WHERE id = ${3 * at + 2}`);
      expected.push(`things, id = ${3 * at + 2}: differs in ${column.replaceAll('"', "")}`);
    }
    await client.query(
      "UPDATE things SET code = NULL WHERE id = -100; UPDATE things SET at = '2024-01-01' WHERE id = 9000000000000000000",
    );
    expected.push("things, id = -100: differs in code", "things, id = 9000000000000000000: differs in at");
    const verdict = await prove(run);
    expect(verdict.identical).toBe(false);
    expect([...verdict.differences].sort()).toEqual(expected.sort());
    expect(verdict.tables[0]?.differing).toBe(expected.length);
  });

  it("has one row that differs in one value, and is not identical", async () => {
    const { run, client } = await sceneOf(server, THINGS, [things()]);
    await client.query("UPDATE things SET data = set_byte(data, 1, 9) WHERE id = 2");
    expect(await prove(run)).toMatchObject({ identical: false, differences: ["things, id = 2: differs in data"] });
  });

  it("finds rows that are missing, too many, or have their values swapped", async () => {
    const { run, client } = await sceneOf(server, THINGS + PEOPLE, [things(), ...people()]);
    await client.query(`DELETE FROM things WHERE id = -100; INSERT INTO things (id) VALUES (-99);
      UPDATE things SET small = CASE id WHEN -97 THEN 102 ELSE 101 END WHERE id IN (-97, -94);
      DELETE FROM people WHERE a = 'Ä'; INSERT INTO people VALUES ('x', 3, 'three'); UPDATE people SET c = NULL WHERE a = 'ä';
      DELETE FROM logs WHERE line = 'same'; INSERT INTO logs VALUES ('same', 1), ('same', 2)`);
    const verdict = await prove(run);
    expect(verdict.identical).toBe(false);
    expect([...verdict.differences].sort()).toEqual(
      [
        "things, id = -100: is not in PostgreSQL",
        "things, id = -99: is in PostgreSQL only",
        "things, id = -97: differs in small",
        "things, id = -94: differs in small",
        "people, a = Ä, b = 1: is not in PostgreSQL",
        "people, a = x, b = 3: is in PostgreSQL only",
        "people, a = ä, b = 1: differs in c",
        "a row of logs: differs",
        "a row of logs: differs",
      ].sort(),
    );
  });

  it("counts rows in quarantine, and finds those that are not there or in the target all the same (C-23)", async () => {
    const t = planned("t", { id: INTEGER, n: INTEGER }, { sourceKey: ["id"], rowid: "id" });
    const k = planned("k", { n: INTEGER });
    const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, n); INSERT INTO t VALUES (1, 1), (2, 'no'), (3, x'00'), (4, 4);
      CREATE TABLE k (n); INSERT INTO k VALUES (1), ('no')`;
    const { run, client } = await sceneOf(server, sql, [t, k]);
    const verdict = await prove(run);
    expect(verdict.identical).toBe(true);
    expect(verdict.tables.map(({ quarantined, rows }) => [quarantined, rows.source])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    // A row that its codecs would carry, and the server would not.
    await putInQuarantine(client, t.plan, [{ key: [4n], values: [4n, 4n], failed: [], refusals: [] }]);
    expect((await prove(run)).differences).toEqual([]);
    await client.query("DELETE FROM t WHERE id = 4");
    expect(await prove(run)).toMatchObject({ identical: true, tables: [{ quarantined: 3 }, { quarantined: 1 }] });
    await client.query(
      `DELETE FROM ladder_promotion.quarantine WHERE key = '[{"integer": "2"}]'; INSERT INTO t VALUES (3, 0)`,
    );
    const wrong = await prove(run);
    expect(wrong.identical).toBe(false);
    expect(wrong.differences).toEqual([
      "t, id = 2: cannot be carried, and is not in quarantine",
      "t, id = 3: is in quarantine, and in PostgreSQL too",
    ]);
  });

  it("tells sums of money exactly, rows without a parent, and sequences that would give a number twice (S0-02)", async () => {
    const money = planned(
      "money",
      { id: INTEGER, amount: { kind: "numeric", precision: 12, scale: 2 }, owner: INTEGER },
      {
        sourceKey: ["id"],
        rowid: "id",
        identity: { column: "id", beyond: "7" },
      },
    );
    const columns = money.plan.columns.map((column) => ({ ...column, money: column.target === "amount" }));
    const create = money.create.replace('"id" bigint', '"id" bigint GENERATED BY DEFAULT AS IDENTITY');
    const sql = `CREATE TABLE money (id INTEGER PRIMARY KEY AUTOINCREMENT, amount REAL, owner INTEGER);
      INSERT INTO money VALUES (1, 0.1 + 0.2, 1), (2, 1e9, 5), (3, -0.05, 99), (4, NULL, NULL), (20, 1, NULL); DELETE FROM money WHERE id = 20`;
    const { run, client } = await sceneOf(server, sql, [{ plan: { ...money.plan, columns }, create }]);
    await client.query("CREATE TABLE owners (id bigint PRIMARY KEY); INSERT INTO owners VALUES (1)");
    await client.query("ALTER TABLE money ADD CONSTRAINT owned FOREIGN KEY (owner) REFERENCES owners NOT VALID");
    const before = await prove(run);
    expect(before).toMatchObject({
      identical: true,
      foreignKeys: [{ table: "money", name: "owned", references: "owners", orphans: 2 }],
      sequences: [{ table: "money", column: "id", last: "0", greatest: "20", beyond: false }],
    });
    expect(before.tables[0]?.sums).toEqual([{ column: "amount", source: "1000000000.25", target: "1000000000.25" }]);
    expect((await prove(run, { sequences: true })).identical).toBe(false);
    await client.query("SELECT setval('money_id_seq', 20)");
    expect(await prove(run, { sequences: true })).toMatchObject({ identical: true, sequences: [{ beyond: true }] });
  });

  it("of 200,000 rows is made in ranges, tells how far it is, and finds one wrong row in them", async () => {
    const many = planned(
      "many",
      { id: INTEGER, a: INTEGER, b: TEXT, c: { kind: "double" } },
      { sourceKey: ["id"], rowid: "id" },
    );
    const sql = `CREATE TABLE many (id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL);
      WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 199999)
      INSERT INTO many SELECT (n - 50000) * 1000003, n, 'row ' || n, n * 1.1 FROM n`;
    const told: number[] = [];
    const { run, client } = await sceneOf(server, sql, [many], {
      run: { workers: 2, onProgress: ({ done }) => told.push(done) },
    });
    const verdict = await prove(run);
    expect(verdict).toMatchObject({
      identical: true,
      tables: [{ rows: { source: 200_000, target: 200_000 }, ranges: 5 }],
    });
    expect(told.at(-1)).toBe(200_000);
    await client.query(
      "UPDATE many SET b = b || '.' WHERE a = 123456; INSERT INTO many (id) VALUES (-1), (9000000000000000000)",
    );
    expect([...(await prove(run)).differences].sort()).toEqual([
      "many, id = -1: is in PostgreSQL only",
      "many, id = 73456220368: differs in b",
      "many, id = 9000000000000000000: is in PostgreSQL only",
    ]);
    await client.query("UPDATE many SET c = c + 1 WHERE a BETWEEN 50000 AND 70000");
    const [table] = (await verifyAll(run)).tables;
    expect(table).toMatchObject({ more: true });
  });

  it("compares texts that no program wrote: broken UTF-8 as it was repaired, and UTF-16 databases", async () => {
    const t = planned(
      "t",
      { id: INTEGER, a: { kind: "text", nul: "strip", invalid: "replace" }, j: { kind: "json" } },
      { sourceKey: ["id"], rowid: "id" },
    );
    const rows = `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, j TEXT);
      INSERT INTO t VALUES (1, 'plain', '{"b":1,"a":"\\u00e9"}'), (3, 'é😀', NULL), (4, 'a' || char(0) || 'b', '1e2')`;
    const broken = "INSERT INTO t VALUES (2, CAST(x'61ff62' AS TEXT), '[]')";
    for (const sql of [`${rows};${broken}`, `PRAGMA encoding = 'UTF-16le';${rows}`]) {
      const { run, client } = await sceneOf(server, sql, [t]);
      expect(await prove(run)).toMatchObject({ identical: true });
      await client.query("UPDATE t SET a = a || 'x' WHERE id = 3");
      expect((await prove(run)).differences).toEqual(["t, id = 3: differs in a"]);
    }
  });

  it("looks again at what is written while it compares, after PostgreSQL has caught up (S0-41)", async () => {
    const { run, db, client } = await sceneOf(server, THINGS + PEOPLE, [things(), ...people()]);
    installSourceLog(db, run.plan);
    db.exec(
      "UPDATE things SET small = 0 WHERE id = -100; DELETE FROM people WHERE b = 2; INSERT INTO logs VALUES ('new', 1)",
    );
    const catchUp = async () => {
      for (const table of run.plan.tables) await carry(db, client, table);
    };
    const verdict = await prove(run, { catchUp });
    expect(verdict).toMatchObject({ identical: true, tables: [{ settled: 1 }, { settled: 1 }, { settled: 1 }] });
    // Rows that are always ahead are left to the cut-over; a row that nobody wrote is wrong.
    await client.query("UPDATE things SET small = 1 WHERE id = -94");
    let n = 1_000;
    const busy = async () => {
      db.exec(`UPDATE things SET small = ${n++} WHERE id = -100; INSERT INTO logs VALUES ('busy', ${n})`);
    };
    await busy();
    const ahead = await prove(run, { catchUp: busy });
    expect(ahead.differences).toEqual(["things, id = -94: differs in small"]);
    expect(ahead.tables).toMatchObject([{ moving: 1 }, { moving: 0 }, { moving: "table" }]);
  });

  it("follows the application for as long as it compares, and no longer (S0-41)", async () => {
    const { run } = await sceneOf(server, THINGS, [things()]);
    let followed = 0;
    const follow = async () => {
      followed++;
    };
    expect(await prove(run, { follow })).toMatchObject({ identical: true });
    const calls = followed;
    expect(calls).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(followed).toBe(calls);
    const lost = async () => {
      throw new Error("the target is gone");
    };
    await expect(prove(run, { follow: lost })).rejects.toThrow("the target is gone");
  });

  it("stops when it is told to, and says in one sentence that it was interrupted", async () => {
    const stop = new AbortController();
    const { run } = await sceneOf(server, THINGS, [things()], {
      run: { signal: stop.signal, onProgress: () => stop.abort() },
    });
    await expect(verifyAll(run)).rejects.toThrow(/^Interrupted\./);
    await expect(verifyAll(run)).rejects.toThrow(/^Interrupted\./);
  });
});
