import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import Database from "better-sqlite3";
import fc from "fast-check";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CodecSpec, InvalidText, Refusal, type SqlEncoding } from "../../../promotion/model";
import { readValue, valueColumns } from "../../../promotion/source/values";
import { targetOf } from "../../../promotion/target/session";
import { codecOf } from "../../../promotion/values/codec";
import { copyField } from "../../../promotion/values/copyText";
import { AS_TEXT } from "../../../promotion/verify/targetRows";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { anyValue } from "./pool";

let server: Postgres;
let client: Client;
beforeAll(async () => {
  server = await startPostgres();
  const { host, port, user, password } = server;
  const connection = {
    host,
    port,
    user,
    password,
    database: "postgres",
    sslmode: "disable",
    connectTimeoutSeconds: 10,
  } as const;
  client = await targetOf(connection, "11111111-1111-4111-8111-111111111111").connect();
});
afterAll(async () => {
  await client.end();
  await server.stop();
});

const SEED = Number(process.env.FC_SEED ?? 20_260_801);
const COUNT = 6_000;
const values = fc.sample(anyValue, { seed: SEED, numRuns: COUNT });

const SPECS: readonly CodecSpec[] = [
  { kind: "integer", bits: 16 },
  { kind: "integer", bits: 32 },
  { kind: "integer", bits: 64 },
  { kind: "integer", bits: 64, empty: "null" },
  { kind: "boolean" },
  { kind: "double" },
  { kind: "numeric" },
  { kind: "numeric", precision: 10, scale: 2 },
  { kind: "numeric", precision: 10, scale: 2, round: true },
  { kind: "numeric", precision: 38, scale: 18, round: true },
  { kind: "numeric", precision: 6 },
  { kind: "numeric", scale: 4 },
  { kind: "text" },
  { kind: "text", length: 5 },
  { kind: "text", nul: "strip", invalid: "replace", numbers: true },
  { kind: "text", invalid: "latin1" },
  { kind: "bytea" },
  { kind: "json" },
  { kind: "timestamp", from: "text", zone: false },
  { kind: "timestamp", from: "text", zone: true },
  { kind: "timestamp", from: "seconds", zone: true },
  { kind: "timestamp", from: "milliseconds", zone: false },
  { kind: "timestamp", from: "microseconds", zone: false },
  { kind: "timestamp", from: "julian", zone: false },
  { kind: "date", from: "text", empty: "null" },
  { kind: "date", from: "seconds" },
  { kind: "date", from: "julian" },
];

/** Sends texts as COPY takes them, and gives them back as PostgreSQL shows what it stored. */
async function throughPostgres(type: string, texts: readonly (string | null)[]): Promise<(string | null)[]> {
  await client.query(`DROP TABLE IF EXISTS v; CREATE UNLOGGED TABLE v (n int, v ${type})`);
  const lines = texts.map((text, n) => `${n}\t${copyField(text)}\n`).join("");
  await pipeline(Readable.from([Buffer.from(lines)]), client.query(from("COPY v FROM STDIN")));
  const { rows } = await client.query<[string | null]>({
    text: "SELECT v FROM v ORDER BY n",
    rowMode: "array",
    types: AS_TEXT,
  });
  return rows.map(([text]) => text);
}

const refuses = (type: string, text: string): Promise<boolean> =>
  client.query(`SELECT CAST($1::text AS ${type})`, [text]).then(
    () => false,
    () => true,
  );

/** A table without affinities that holds the values as they are. */
function inSqlite(): Database.Database {
  const db = new Database(":memory:");
  db.exec("CREATE TABLE v (n INTEGER PRIMARY KEY, x)");
  const plain = db.prepare("INSERT INTO v VALUES (?, ?)");
  const bytes = db.prepare("INSERT INTO v VALUES (?, CAST(? AS TEXT))");
  for (const [n, value] of values.entries())
    if (value instanceof InvalidText) bytes.run(n, value.bytes);
    else if (typeof value === "string") bytes.run(n, Buffer.from(value));
    else plain.run(n, value);
  return db;
}

describe.each(SPECS.map((spec) => [JSON.stringify(spec), spec] as const))(`codec %s, seed ${SEED}`, (_name, spec) => {
  const codec = codecOf(spec);
  const encoded = values.map((value) => codec.encode(value));
  const carried = encoded.flatMap((text) => (text instanceof Refusal ? [] : [text]));

  it("gives PostgreSQL's own text of what it stores (S0-41)", async () => {
    expect(carried.length).toBeGreaterThan(COUNT / 200);
    expect(await throughPostgres(codec.type, carried)).toEqual(carried);
  });

  it("reads a text back into a value that gives the same text", () => {
    for (const text of carried) expect(codec.encode(codec.decode(text))).toBe(text);
  });

  it("gives a reason without the value where it refuses", () => {
    for (const [n, text] of encoded.entries()) {
      const value = values[n];
      if (text instanceof Refusal && typeof value === "string" && value.length > 12)
        expect(text.reason).not.toContain(value);
    }
  });

  it("carries the same by SQLite's own SQL, where it says that it may", async () => {
    const sql = codec.sql("x");
    // Only Julian days have no SQL.
    expect(sql === undefined).toBe("from" in spec && spec.from === "julian");
    if (sql === undefined) return;
    const rows = cleanRows(sql);
    const good = rows.filter(({ n }) => !(encoded[n] instanceof Refusal));
    const expected = good.map(({ n }) => encoded[n]);
    const given = good.map(({ text }) => text);
    expect(given.length).toBeGreaterThan(COUNT / 200);
    if (!sql.escapes) expect(given.filter((text) => /[\\\t\n\r]/.test(text ?? ""))).toEqual([]);
    if (sql.canonical) expect(given).toEqual(expected);
    expect(await throughPostgres(codec.type, given)).toEqual(expected);
    // What SQL lets through and the codec does not, PostgreSQL refuses: the chunk then goes through JavaScript.
    const bad = new Set(rows.filter(({ n }) => encoded[n] instanceof Refusal).map(({ text }) => text ?? ""));
    for (const text of bad) expect(await refuses(codec.type, text), text).toBe(true);
  });
});

describe("limits", () => {
  it("are PostgreSQL's: JSON of 6,000 levels, numerics of 131,072 and 16,383 digits, and not one more", async () => {
    const deep = `${'{"a": ['.repeat(3_000)}${"]}".repeat(3_000)}`;
    const [shown] = await throughPostgres("jsonb", [deep]);
    expect(codecOf({ kind: "json" }).encode(deep) === shown).toBe(true);
    const numeric = codecOf({ kind: "numeric" });
    for (const [most, beyond] of [
      ["9".repeat(131_072), "9".repeat(131_073)],
      [`0.${"9".repeat(16_383)}`, `0.${"9".repeat(16_384)}`],
    ] as const) {
      const [stored] = await throughPostgres("numeric", [most]);
      expect(numeric.encode(most) === stored).toBe(true);
      expect(numeric.encode(beyond)).toBeInstanceOf(Refusal);
      expect(await refuses("numeric", beyond)).toBe(true);
    }
  });

  it.each([
    ["smallint", { kind: "integer", bits: 16 }, 32_768n],
    ["boolean", { kind: "boolean" }, "2"],
    ["double precision", { kind: "double" }, "1e400"],
    ["numeric(4,2)", { kind: "numeric", precision: 4, scale: 2 }, 100n],
    ["varchar(2)", { kind: "text", length: 2 }, "abc"],
    ["jsonb", { kind: "json" }, "{'a':1}"],
    ["jsonb", { kind: "json" }, '"\\ud83d"'],
    ["timestamp", { kind: "timestamp", from: "text", zone: false }, "2023-02-29 00:00:00"],
    ["date", { kind: "date", from: "text" }, "2023-13-01"],
  ] as const)("%s of PostgreSQL refuses what the codec refuses", async (type, spec, value) => {
    expect(codecOf(spec).encode(value)).toBeInstanceOf(Refusal);
    // Stored, for a cast to varchar would only cut it off.
    await expect(throughPostgres(type, [String(value)])).rejects.toThrow();
  });
});

/** The rows that are clean to SQL, and its texts; those of bytes that are no UTF-8 left out, which PostgreSQL refuses. */
function cleanRows({ text, clean }: SqlEncoding): { n: number; text: string | null }[] {
  const db = inSqlite();
  const rows = db.prepare<[], unknown[]>(`SELECT n, ${clean}, ${valueColumns(`(${text})`)} FROM v ORDER BY n`);
  const found = rows.raw().safeIntegers().all();
  db.close();
  expect(new Set(found.map(([, isClean]) => isClean))).toEqual(new Set([0n, 1n]));
  return found.flatMap(([n, isClean, storage, raw]) => {
    const value = readValue(storage, raw);
    if (isClean === 0n || values[Number(n)] instanceof InvalidText) return [];
    if (value !== null && typeof value !== "string") throw new Error(`the text of row ${n} is no text`);
    return [{ n: Number(n), text: value }];
  });
}
