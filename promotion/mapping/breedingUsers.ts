import type { Database } from "better-sqlite3";
import type { TablePlan } from "../model";
import { columnOf, isMissing, type MappedCheck, type MappedColumn } from "./mapped";

/** The side table in SQLite that gives every user name its number, the same in each pass. */
export const USERS = "_ladder_users";

/** Where the application writes names of users (C-23: all of them, not the owners of agents alone). */
const NAMED_IN: readonly (readonly [table: string, column: string])[] = [
  ["agents", "owner"],
  ["user_balance", "user_id"],
  ["payments", "user_id"],
  ["chat_messages", "user_id"],
];

const LONGEST = 255;

/**
 * True for a value that can be a user's name. What the application's own, perhaps older SQLite must know, for it stands in triggers.
 * `instr` and not `length` alone: the latter stops at a NUL.
 */
const canBeName = (value: string): string =>
  `${value} IS NOT NULL AND typeof(${value}) <> 'blob' AND NOT ${isMissing(value)}` +
  ` AND length(CAST(${value} AS TEXT)) <= ${LONGEST} AND instr(CAST(${value} AS TEXT), char(0)) = 0`;

/**
 * 1 for a text of valid UTF-8, which PostgreSQL asks for and SQLite does not: each character is taken apart and made again. Texts of
 * plain ASCII, which is nearly all, are known by GLOB.
 */
const isUtf8 = (text: string): string =>
  `(${text} NOT GLOB '*[^ -~]*' OR NOT EXISTS (
    WITH RECURSIVE at(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM at WHERE i < length(${text}))
    SELECT 1 FROM at WHERE CAST(substr(${text}, i, 1) AS BLOB) <> CAST(char(unicode(substr(${text}, i, 1))) AS BLOB)))`;

/** NOT EXISTS and no OR IGNORE: the conflict clause of the application's statement would override it inside a trigger. */
const addName = (value: string): string =>
  `INSERT INTO "${USERS}" (username) SELECT CAST(${value} AS TEXT) WHERE ${canBeName(value)}
   AND NOT EXISTS (SELECT 1 FROM "${USERS}" WHERE username = CAST(${value} AS TEXT) COLLATE BINARY)`;

const triggers = NAMED_IN.flatMap(([table, column]) =>
  [
    [`_ladder_users_${table}_insert`, "INSERT"],
    [`_ladder_users_${table}_update`, `UPDATE OF "${column}"`],
  ].map(([name, event]) => ({ name, sql: `AFTER ${event} ON "${table}" BEGIN ${addName(`NEW."${column}"`)}; END` })),
);

/** Sorted, so that two runs over the same rows give the same numbers. */
const FILL = `INSERT INTO "${USERS}" (username)
  SELECT DISTINCT name COLLATE BINARY FROM (${NAMED_IN.map(
    ([table, column]) =>
      `SELECT CAST(x."${column}" AS TEXT) AS name FROM "${table}" AS x WHERE ${canBeName(`x."${column}"`)}`,
  ).join(" UNION ALL ")})
  WHERE NOT EXISTS (SELECT 1 FROM "${USERS}" WHERE username = name COLLATE BINARY) ORDER BY name COLLATE BINARY`;

const MAKE = `CREATE TABLE IF NOT EXISTS "${USERS}" (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE)`;

export const usersSetup: readonly string[] = [
  MAKE,
  ...triggers.map(({ name, sql }) => `CREATE TRIGGER IF NOT EXISTS "${name}" ${sql}`),
  FILL,
];

export const usersTeardown: readonly string[] = [
  ...triggers.map(({ name }) => `DROP TRIGGER IF EXISTS "${name}"`),
  `DROP TABLE IF EXISTS "${USERS}"`,
];

export const usersTable: TablePlan = {
  source: USERS,
  target: "users",
  sourceKey: ["id"],
  targetKey: ["id"],
  rowid: "id",
  columns: [
    { select: 's."id"', target: "id", codec: { kind: "integer", bits: 32 } },
    { select: 's."username"', target: "username", codec: { kind: "text", length: LONGEST } },
  ],
  uniques: [["username"]],
  identity: { column: "id", beyond: "0" },
};

const numberOf = (value: string): string =>
  `(SELECT u.id FROM "${USERS}" AS u WHERE u.username = CAST(${value} AS TEXT))`;

/** A column with the name of a user, which becomes the user's number. An empty name is nobody (S2-25). */
export const userColumn = (source: string, target: string): MappedColumn => ({
  source,
  target,
  codec: { kind: "integer", bits: 32 },
  select: numberOf,
  back: { select: `(SELECT u.username FROM users AS u WHERE u.id = t."${target}")`, codec: { kind: "text" } },
});

/** Printable ASCII without a NUL, where `length` and GLOB would stop: nearly all names, which need no look into the side table. */
const isPlainName = (value: string): string =>
  `(typeof(${value}) = 'text' AND octet_length(${value}) = length(${value}) AND length(${value}) BETWEEN 1 AND ${LONGEST} AND ${value} NOT GLOB '*[^ -~]*')`;

/** The name is one that PostgreSQL can hold; without `required`, or nobody's. */
export const userCheck = (column: string, required = false): MappedCheck => ({
  sql: (row) => {
    const value = columnOf(row, column);
    const carried = `${isPlainName(value)} OR (typeof(${value}) <> 'blob' AND EXISTS (SELECT 1 FROM "${USERS}" AS u WHERE u.username = CAST(${value} AS TEXT) AND ${isUtf8("u.username")}))`;
    return required ? carried : `${carried} OR ${isMissing(value)}`;
  },
  reason: `${column} is no name of a user: a text of 1 to ${LONGEST} characters, in valid UTF-8 and without a NUL`,
});

/**
 * Gives the names that the target has already their numbers there, before the setup numbers the others: a target that was filled before
 * keeps its users.
 */
export function seedUsers(db: Database, users: readonly { readonly id: number; readonly username: string }[]): void {
  db.exec(MAKE);
  const insert = db.prepare(`INSERT INTO "${USERS}" (id, username) VALUES (?, ?)`);
  for (const { id, username } of users) insert.run(id, username);
}
