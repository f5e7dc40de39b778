import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidText, type SqliteValue } from "../../../../promotion/model";
import { readValue, valueColumns } from "../../../../promotion/source/values";

function opened(encoding: string): Database.Database {
  const db = new Database(":memory:");
  db.pragma(`encoding = '${encoding}'`);
  db.exec("CREATE TABLE t(v)");
  return db;
}

function readBack(db: Database.Database): SqliteValue[] {
  return db
    .prepare<[], [unknown, unknown]>(`SELECT ${valueColumns("v")} FROM t ORDER BY rowid`)
    .raw()
    .safeIntegers()
    .all()
    .map(([storage, raw]) => readValue(storage, raw));
}

function stored(encoding: string, values: readonly unknown[]): SqliteValue[] {
  const db = opened(encoding);
  try {
    const insert = db.prepare("INSERT INTO t VALUES (?)");
    for (const value of values) insert.run(value);
    return readBack(db);
  } finally {
    db.close();
  }
}

const ENCODINGS = ["UTF-8", "UTF-16le", "UTF-16be"];

describe("values as SQLite stores them", () => {
  it.each(ENCODINGS)(
    "come back whole from %s: 64 bits, infinity, NUL, and an empty text beside an empty BLOB",
    (encoding) => {
      const values = [
        null,
        9223372036854775807n,
        -9223372036854775808n,
        0.1,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        "",
        "a\0b",
        "é\0",
        "\uFEFFé",
        "\uFFFD",
        "𝒳",
        Buffer.alloc(0),
        Buffer.from([0, 255]),
      ];
      expect(stored(encoding, values)).toEqual(values);
    },
  );

  it("come back as their bytes when a text is no UTF-8, wherever the broken byte stands", () => {
    const db = opened("UTF-8");
    db.exec(
      "INSERT INTO t VALUES (CAST(x'ff41' AS TEXT)), (CAST(x'4100ff' AS TEXT)), (CAST(x'eda080' AS TEXT)), (CAST(x'c3' AS TEXT))",
    );
    const read = readBack(db);
    db.close();
    expect(read.map((value) => (value instanceof InvalidText ? value.bytes.toString("hex") : value))).toEqual([
      "ff41",
      "4100ff",
      "eda080",
      "c3",
    ]);
  });

  it("are broken texts when a UTF-16 database holds half a character", () => {
    const db = opened("UTF-16le");
    db.exec("INSERT INTO t VALUES (CAST(x'410000d8' AS TEXT))");
    const [value] = readBack(db);
    db.close();
    expect(value).toBeInstanceOf(InvalidText);
    expect(value instanceof InvalidText && value.bytes.toString("hex")).toBe("41eda080");
  });

  it("are the same for any text, number or bytes", () => {
    const any = fc.oneof(
      fc.string({ unit: "binary" }).filter((text) => !/\p{Cs}/u.test(text)),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ENCODINGS), fc.array(any, { maxLength: 10 }), (encoding, values) => {
        expect(stored(encoding, values)).toEqual(values);
      }),
      { numRuns: 100 },
    );
  });
});
