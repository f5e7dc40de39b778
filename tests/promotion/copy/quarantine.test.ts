import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { copyAll } from "../../../promotion/copy/copy";
import { quarantinedKeys, quarantineKey } from "../../../promotion/copy/quarantine";
import { recopyTable } from "../../../promotion/copy/recopy";
import type { Run } from "../../../promotion/model";
import { ExitCode, UserError } from "../../../settings/errors";
import { planned, planOf } from "./plans";
import { arrived, database, expected, prepared, serverForThisFile, sourceFile } from "./scene";

const server = serverForThisFile();

const text = { kind: "text" } as const;
const int = { kind: "integer", bits: 32 } as const;

const sql = (run: Run, query: string): Promise<string> => server().psql(query, run.target.connection.database);

const ROWS = 5_000;
/** Texts that are no UTF-8, and rows that PostgreSQL alone refuses, among many that are fine. */
const mixed = planned(
  "mixed",
  { id: int, name: text, energy: int },
  { sourceKey: ["id"], rowid: "id", constraints: ["CONSTRAINT energy_fits CHECK (energy <= 100)"] },
);
const MIXED = `CREATE TABLE mixed (id INTEGER PRIMARY KEY, name TEXT, energy INTEGER);
  INSERT INTO mixed SELECT value, 'name ' || value, value % 100 FROM generate_series(1, ${ROWS});
  UPDATE mixed SET name = CAST(x'ff41' AS TEXT) WHERE id IN (7, 4000);
  UPDATE mixed SET energy = 101 WHERE id IN (8, 9);
  UPDATE mixed SET energy = 'a lot' WHERE id = 10;
  UPDATE mixed SET name = 'a' || char(0) || 'b' WHERE id = 11;
  UPDATE mixed SET energy = x'00' WHERE id = 4500;`;

const failure = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => Promise.reject(new Error("nothing failed")),
    (error: unknown) => (error instanceof UserError ? error : Promise.reject(error)),
  );

describe("C-23: rows that cannot be carried", () => {
  it("stop the copy, which names tables, reasons and keys and no value, and goes on with --quarantine", async () => {
    const fine = planned("fine", { id: int, name: text }, { sourceKey: ["id"], rowid: "id" });
    const path = sourceFile(
      `${MIXED} CREATE TABLE fine (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO fine VALUES (1, 'x');`,
    );
    const run = await prepared(await database(server()), path, planOf([mixed, fine]));
    const { message, exitCode } = await failure(copyAll(run, { quarantine: false }));
    expect(exitCode).toBe(ExitCode.refused);
    expect(message).toContain("mixed: 7 rows");
    for (const part of [
      "name is a text that is no UTF-8 (key 7; 4000)",
      "breaks the constraint energy_fits (key 8; 9)",
      "energy is a text that is no integer (key 10)",
      "name has a NUL character (key 11)",
      "--quarantine",
    ])
      expect(message).toContain(part);
    expect(message).not.toContain("a lot");
    expect(await sql(run, "SELECT (SELECT count(*) FROM mixed), (SELECT count(*) FROM fine)")).toBe("0|1");

    const result = await copyAll(run, { quarantine: true });
    expect(result).toMatchObject({
      quarantined: 7,
      tables: [
        { table: "mixed", rows: ROWS - 7, quarantined: 7 },
        { table: "fine", rows: 1, quarantined: 0 },
      ],
    });
    expect(await sql(run, "SELECT count(*), sum(id) FROM mixed")).toBe(
      `${ROWS - 7}|${(ROWS * (ROWS + 1)) / 2 - (7 + 4000 + 8 + 9 + 10 + 11 + 4500)}`,
    );
    expect(
      await sql(
        run,
        `SELECT key, refusals ->> 0, "row" FROM ladder_promotion.quarantine WHERE key IN ('[{"integer": "7"}]', '[{"integer": "10"}]') ORDER BY no`,
      ),
    ).toBe(
      [
        `[{"integer": "7"}]|{"column": "name", "reason": "is a text that is no UTF-8"}|{"id": {"integer": "7"}, "name": {"textBase64": "/0E="}, "energy": {"integer": "7"}}`,
        `[{"integer": "10"}]|{"column": "energy", "reason": "is a text that is no integer"}|{"id": {"integer": "10"}, "name": {"text": "name 10"}, "energy": {"text": "a lot"}}`,
      ].join("\n"),
    );
    const client = await run.target.connect();
    expect((await quarantinedKeys(client, mixed.plan)).sort()).toEqual(
      [7n, 8n, 9n, 10n, 11n, 4000n, 4500n].map((key) => quarantineKey([key])).sort(),
    );
    await client.end();
  });

  it("are told up to a hundred of each table, and the rest of it is not looked at", async () => {
    const run = await prepared(
      await database(server()),
      sourceFile(`CREATE TABLE bad (id INTEGER PRIMARY KEY, n INTEGER);
        INSERT INTO bad SELECT value, 'x' FROM generate_series(1, 30000)`),
      planOf([planned("bad", { id: int, n: int }, { sourceKey: ["id"], rowid: "id" })]),
    );
    const { message } = await failure(copyAll(run, { quarantine: false }));
    const rows = Number(/bad: (\d+) rows/.exec(message)?.[1]);
    expect(rows).toBeGreaterThanOrEqual(100);
    expect(rows).toBeLessThan(30_000);
    expect(await copyAll(run, { quarantine: true })).toMatchObject({ rows: 0, quarantined: 30_000 });
  });

  it("break a check of the plan, have NULL in their key, or are equal for PostgreSQL alone", async () => {
    const checked = planned(
      "checked",
      { key: text, n: { kind: "text", numbers: true } },
      {
        sourceKey: ["key"],
        checks: [{ sql: "s.n <> 'bad'", reason: "n is bad" }],
        constraints: ["CONSTRAINT n_once UNIQUE (n)"],
      },
    );
    const run = await prepared(
      await database(server()),
      sourceFile(`CREATE TABLE checked (key TEXT PRIMARY KEY, n BLOB UNIQUE);
        INSERT INTO checked VALUES ('a', 'bad'), ('b', 'good'), (NULL, 'x'), (NULL, 'y'), ('c', NULL), ('d', 1), ('e', '1')`),
      planOf([checked]),
    );
    expect(await copyAll(run, { quarantine: true })).toMatchObject({ rows: 2, quarantined: 5 });
    expect(await sql(run, `SELECT string_agg(key || n, ',' ORDER BY key) FROM checked`)).toBe("bgood,d1");
    expect(await sql(run, "SELECT refusals #>> '{0,reason}' FROM ladder_promotion.quarantine ORDER BY no")).toBe(
      [
        "n is bad",
        "is NULL, and PostgreSQL has no NULL in a key",
        "is NULL, and PostgreSQL has no NULL in a key",
        "n is bad",
        "has the values of another row in the unique n_once",
      ].join("\n"),
    );
  });

  it("of a table without a key are known by all their values, and go when it is copied again", async () => {
    const loose = planned("loose", { n: int, name: text });
    const path = sourceFile(
      "CREATE TABLE loose (n INTEGER, name TEXT); INSERT INTO loose VALUES (1, 'a'), ('x', 'b'), ('x', 'b'), (2, 'c')",
    );
    const run = await prepared(await database(server()), path, planOf([loose]));
    expect(await copyAll(run, { quarantine: true })).toMatchObject({ rows: 2, quarantined: 2 });
    const client = await run.target.connect();
    const key = quarantineKey(["x", "b"]);
    expect(await quarantinedKeys(client, loose.plan)).toEqual([key, key]);

    const db = new Database(path);
    db.exec(
      "UPDATE loose SET n = 3 WHERE rowid = 2; DELETE FROM loose WHERE rowid = 1; INSERT INTO loose VALUES (9, 'new')",
    );
    await client.query("BEGIN");
    expect(await recopyTable(db, client, loose.plan)).toEqual({ rows: 3, quarantined: 1 });
    await client.query("COMMIT");
    expect(await arrived(run, loose.plan)).toEqual(expected(run, loose.plan));
    expect(await quarantinedKeys(client, loose.plan)).toEqual([key]);
    db.close();
    await client.end();
  });
});
