import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqliteValue } from "../../../promotion/model";
import { readValue, valueColumns } from "../../../promotion/source/values";
import { columnTyped } from "../../../promotion/translate/expression/columns";
import { isRough } from "../../../promotion/translate/expression/digits";
import { translateExpression } from "../../../promotion/translate/expression/translate";
import type { Kind, Scope } from "../../../promotion/translate/expression/typed";
import { sureOr } from "../../../promotion/translate/sql/unsure";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { senseless, sensible } from "./randomExpressions";
import { bothSides, type Sides } from "./sides";

const SQL = `
CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, j INT, flag BOOLEAN, r REAL, d DECIMAL(8,2), s TEXT, n TEXT COLLATE NOCASE,
  p TEXT COLLATE RTRIM, v VARCHAR(9), b BLOB, at DATETIME);
INSERT INTO t (i, j, flag, r, d, s, n, p, v, b, at) VALUES
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (0, 0, 0, 0.0, 0, '', '', '', '', x'', '2024-01-01 00:00:00'),
  (1, -1, 1, -0.5, 0.1, 'a', 'A', 'a ', 'a', x'00', '2024-01-01T10:00:00'),
  (2, 5, 1, 0.5, 2.5, 'abc', 'aBc', 'abc', 'ABC', x'616263', '2024-12-31'),
  (-7, 3, 0, 1.5, -2.5, 'ABC', 'abc', 'abc  ', '%b_', x'ff', NULL),
  (7, -3, NULL, 2.5, 999999.99, '5', '10', '9', '05', x'35', NULL),
  (2147483647, 2, 1, -2.5, 12.34, ' x ', 'É', 'é', 'éß', x'0a', NULL),
  (-2147483648, 10, 0, 1e10, -0.01, 'x''y\\z', 'Z', 'z', '_', x'5c', NULL),
  (4611686018427387904, 1, 1, 1.25e-5, 5, 'zz', 'zZ', 'zz', 'a%', x'7a7a', NULL),
  (10, 100, 0, 4503599627370497.0, 10, 'true', 'TRUE', '1', '日本', x'e6', NULL);
`;

let server: Postgres;
let sides: Sides;
let scope: Scope;
beforeAll(async () => {
  server = await startPostgres();
  sides = await bothSides(server, SQL);
  const columns = new Map(
    sides.schema.tables[0]?.columns.map((column) => {
      const codec = sides.plan.tables[0]?.columns.find(({ target }) => target === column.name)?.codec;
      if (!codec) throw new Error(`${column.name} is not copied`);
      return [column.name, columnTyped(column, column.name, codec, undefined)];
    }),
  );
  scope = { column: (name) => columns.get(name) };
});
afterAll(async () => {
  await sides.close();
  await server.stop();
});

const expressions = fc.oneof({ weight: 1, arbitrary: senseless }, { weight: 2, arbitrary: sensible });

const rows = <T>(found: unknown[]): T[] => found as T[];

function ofSqlite(expression: string): SqliteValue[] {
  const select = sides.sqlite.prepare(
    `SELECT ${valueColumns("x")} FROM (SELECT id, ${expression} AS x FROM t) ORDER BY id`,
  );
  return rows<unknown[]>(select.raw().safeIntegers().all()).map(([storage, raw]) => readValue(storage, raw));
}

/** PostgreSQL's value as SQLite has it. */
function asSqlite(kind: Kind, shown: string | null): SqliteValue {
  if (shown === null) return null;
  if (kind === "boolean") return shown === "true" ? 1n : 0n;
  if (kind === "integer") return BigInt(shown);
  if (kind === "double") return Number(shown);
  return kind === "bytea" ? Buffer.from(shown.slice(2), "hex") : shown;
}

/** A decimal is one number, whether SQLite keeps it as an integer or a float. */
const decimal = (value: SqliteValue): SqliteValue => (value === null ? null : Number(value) + 0);

const explained = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const RUNS = 3_000;

it("C-20: an expression gives the same on both sides, or is left out", async () => {
  const seen = { sure: 0, unsure: 0 };
  await fc.assert(
    fc.asyncProperty(expressions, async (expression) => {
      const result = sureOr(() => translateExpression(expression, scope));
      const sqlite = sureOrError(() => ofSqlite(expression));
      if ("reason" in result || "error" in sqlite) {
        seen.unsure++;
        return;
      }
      const { sql, kind, mixed } = result.value;
      if (isRough(result.value)) return;
      if (kind === "null" || kind === "opaque") return;
      seen.sure++;
      const asked = await sides.client
        .query<{ x: string | null }>(`SELECT (${sql})::text AS x FROM (SELECT * FROM t ORDER BY id) t ORDER BY id`)
        .catch((error: unknown) => explained(error));
      // Beyond 64 bits SQLite goes on in floats and PostgreSQL stops: never another value.
      if (typeof asked === "string") {
        expect(`${sql}: ${asked}`).toMatch(/out of range/);
        return;
      }
      const shown = asked.rows.map(({ x }) => asSqlite(kind, x));
      const decimals = kind === "numeric" || mixed === true;
      expect(decimals ? shown.map(decimal) : shown, sql).toEqual(decimals ? sqlite.values.map(decimal) : sqlite.values);
    }),
    { numRuns: RUNS },
  );
  expect(seen.sure).toBeGreaterThan(seen.unsure / 10);
});

function sureOrError(ask: () => SqliteValue[]): { values: SqliteValue[] } | { error: string } {
  try {
    return { values: ask() };
  } catch (error) {
    return { error: explained(error) };
  }
}
