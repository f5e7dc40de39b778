import { below, oneOf, type Random } from "./random";

/** JSON of a value that an operation binds; `bytes` is a BLOB in hexadecimal. */
export type Value = string | number | null | { readonly bytes: string };
export type Side = "sqlite" | "postgresql";

/** One thing that the application does. JSON: it is kept in the application's log, and done again in the model. */
export type Operation = readonly [Kind, ...(readonly Value[])];

export interface Statement {
  /** With `?` for each value. */
  readonly sql: string;
  readonly values: readonly Value[];
}

/** `clock` gives each transaction its number, and with that their order; `done` says which ones were kept. */
export const SCHEMA = `
CREATE TABLE clock (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE done (n INTEGER PRIMARY KEY, writer TEXT NOT NULL, serial INTEGER NOT NULL);
CREATE TABLE accounts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, code INTEGER UNIQUE, balance REAL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, account INTEGER REFERENCES accounts (id) ON DELETE CASCADE ON UPDATE CASCADE, note TEXT, data BLOB);
CREATE INDEX orders_account ON orders (account);
CREATE TABLE labels (name TEXT PRIMARY KEY NOT NULL, colour TEXT, slot TEXT UNIQUE);
CREATE TABLE seats (room TEXT NOT NULL, place INTEGER NOT NULL, holder TEXT, PRIMARY KEY (room, place)) WITHOUT ROWID;
CREATE UNIQUE INDEX seats_holder ON seats (room, holder);
CREATE TABLE events (kind TEXT, amount REAL);
INSERT INTO clock VALUES (1, 0);`;

export const TABLES = ["clock", "done", "accounts", "orders", "labels", "seats", "events"] as const;

type Maker = (values: readonly Value[], side: Side) => Statement[];

const same: (sql: string) => Maker = (sql) => (values) => [{ sql, values }];

/** REPLACE takes away all rows that stand in the way; PostgreSQL is told so. */
const replace =
  (table: string, columns: readonly string[], conflicts: readonly (readonly string[])[]): Maker =>
  (values, side) => {
    const into = `INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
    if (side === "sqlite") return [{ sql: `INSERT OR REPLACE ${into}`, values }];
    const where = conflicts.map((names) => `(${names.map((name) => `${name} = ?`).join(" AND ")})`).join(" OR ");
    const keys = conflicts.flatMap((names) => names.map((name) => values[columns.indexOf(name)] ?? null));
    return [
      { sql: `DELETE FROM ${table} WHERE ${where}`, values: keys },
      { sql: `INSERT ${into}`, values },
    ];
  };

const MAKERS = {
  open: (values) =>
    values.length === 3
      ? [{ sql: "INSERT INTO accounts (name, code, balance) VALUES (?, ?, ?) RETURNING id", values }]
      : [{ sql: "INSERT INTO accounts (name, code, balance, id) VALUES (?, ?, ?, ?)", values }],
  "replace account": replace("accounts", ["id", "name", "code", "balance"], [["id"], ["name"], ["code"]]),
  recode: (values, side) =>
    side === "sqlite"
      ? [{ sql: "UPDATE OR REPLACE accounts SET code = ? WHERE id = ?", values }]
      : [
          {
            sql: "DELETE FROM accounts WHERE code = ? AND id <> ? AND EXISTS (SELECT 1 FROM accounts WHERE id = ?)",
            values: [...values, values[1] ?? null],
          },
          { sql: "UPDATE accounts SET code = ? WHERE id = ?", values },
        ],
  pay: same("UPDATE accounts SET balance = ? WHERE id = ?"),
  close: same("DELETE FROM accounts WHERE id = ?"),
  "new number": same("UPDATE accounts SET id = ? WHERE id = ?"),
  order: same(
    "INSERT INTO orders (id, account, note, data) VALUES (?, (SELECT min(id) FROM accounts WHERE id >= ?), ?, ?) ON CONFLICT (id) DO UPDATE SET account = excluded.account, note = excluded.note, data = excluded.data",
  ),
  "drop orders": same("DELETE FROM orders WHERE id BETWEEN ? AND ?"),
  label: replace("labels", ["name", "colour", "slot"], [["name"], ["slot"]]),
  rename: same("UPDATE labels SET name = ? WHERE name = ?"),
  unlabel: same("DELETE FROM labels WHERE name = ?"),
  sit: same(
    "INSERT INTO seats (room, place, holder) VALUES (?, ?, ?) ON CONFLICT (room, place) DO UPDATE SET holder = excluded.holder",
  ),
  "sit instead": replace(
    "seats",
    ["room", "place", "holder"],
    [
      ["room", "place"],
      ["room", "holder"],
    ],
  ),
  move: same("UPDATE seats SET room = ?, place = ? WHERE room = ? AND place = ?"),
  leave: same("DELETE FROM seats WHERE room = ? AND place = ?"),
  event: same("INSERT INTO events (kind, amount) VALUES (?, ?)"),
  "change events": same("UPDATE events SET amount = ? WHERE kind = ?"),
  forget: same("DELETE FROM events WHERE kind = ?"),
} satisfies Record<string, Maker>;
type Kind = keyof typeof MAKERS;

/** What an operation is in the SQL of a side. */
export const statementsOf = ([kind, ...values]: Operation, side: Side): Statement[] => MAKERS[kind](values, side);

const TEXTS = ["plain", "", "tab\tand\nline", "back\\slash \\N", "Grüße, 日本 🙂", "'quoted' \"twice\"", "a\rb", "\\."];
const NUMBERS = [0, 0.1, -1.5, 1e300, 1 / 3, 12_345.678, -0.000_001];
const text = (random: Random): Value => (random() < 0.1 ? null : `${oneOf(random, TEXTS)} ${below(random, 1_000)}`);
const bytes = (random: Random): Value =>
  random() < 0.2
    ? null
    : { bytes: Buffer.from(Array.from({ length: below(random, 12) }, () => below(random, 256))).toString("hex") };
const amount = (random: Random): number => oneOf(random, NUMBERS) * below(random, 100);
const account = (random: Random): number => 1 + below(random, 80);
const code = (random: Random): Value => (random() < 0.2 ? null : below(random, 60));
const label = (random: Random): string => `${oneOf(random, TEXTS)} ${below(random, 12)}`;
const room = (random: Random): string => oneOf(random, ["A", "a", "Ä", "B\\"]);

const CHOICES: { readonly [K in Kind]: (random: Random) => Value[] } = {
  open: (random) => [`name ${below(random, 5_000)}`, code(random), amount(random)],
  "replace account": (random) => [account(random), `name ${below(random, 90)}`, code(random), amount(random)],
  recode: (random) => [below(random, 60), account(random)],
  pay: (random) => [amount(random), account(random)],
  close: (random) => [account(random)],
  "new number": (random) => [account(random), account(random)],
  order: (random) => [below(random, 500), account(random), text(random), bytes(random)],
  "drop orders": (random) => [below(random, 500), below(random, 500)],
  label: (random) => [label(random), text(random), random() < 0.2 ? null : `slot ${below(random, 12)}`],
  rename: (random) => [label(random), label(random)],
  unlabel: (random) => [label(random)],
  sit: (random) => [room(random), below(random, 15), `holder ${below(random, 30)}`],
  "sit instead": (random) => [room(random), below(random, 15), `holder ${below(random, 30)}`],
  move: (random) => [room(random), below(random, 15), room(random), below(random, 15)],
  leave: (random) => [room(random), below(random, 15)],
  event: (random) => [`kind ${below(random, 8)}`, amount(random)],
  "change events": (random) => [amount(random), `kind ${below(random, 8)}`],
  forget: (random) => [`kind ${below(random, 8)}`],
};
const KINDS = Object.keys(CHOICES) as Kind[];

const operation = (random: Random, kind: Kind): Operation => [kind, ...CHOICES[kind](random)];

/** What one transaction does: mostly one or two things, now and then hundreds. */
export function transaction(random: Random): Operation[] {
  if (random() < 0.03)
    return Array.from({ length: 50 + below(random, 200) }, () => operation(random, oneOf(random, ["order", "event"])));
  return Array.from({ length: 1 + below(random, 3) }, () => operation(random, oneOf(random, KINDS)));
}

/** What is in the tables before the application begins to write: all kinds of values, so that no type is guessed too narrow. */
export function beginning(seed: number, random: Random): Operation[] {
  const rows = 20 + (seed % 7) * 60;
  return [
    ...Array.from({ length: 80 }, (_, n): Operation => ["open", `first ${n}`, null, NUMBERS[n % NUMBERS.length] ?? 0]),
    ...Array.from({ length: rows }, (): Operation => operation(random, "order")),
    ...Array.from({ length: rows / 2 }, (): Operation => operation(random, "label")),
    ...Array.from({ length: rows / 2 }, (): Operation => operation(random, "sit instead")),
    ...Array.from({ length: 10 }, (): Operation => operation(random, "event")),
  ];
}
