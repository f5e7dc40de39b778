import fc from "fast-check";
import { distinct, name, quoted } from "./names";
import { type Given, valuesOf } from "./values";

/** A declared type, and what its values mostly are. */
const DECLARED: readonly (readonly [type: string, ...themes: string[]])[] = [
  ["INTEGER", "integers", "integers", "seconds"],
  ["INT", "integers"],
  ["UNSIGNED BIG INT", "integers"],
  ["SMALLINT", "integers"],
  ["REAL", "doubles", "decimals"],
  ["DOUBLE PRECISION", "doubles"],
  ["FLOATING POINT", "doubles"],
  ["TEXT", "text", "words", "odd", "times", "json", "huge"],
  ["VARCHAR(20)", "text", "words"],
  ["NATIVE CHARACTER(70)", "text"],
  ["CLOB", "odd"],
  ["BLOB", "blobs", "text"],
  ["", "any", "integers", "text", "doubles"],
  ["NUMERIC", "decimals", "integers", "doubles"],
  ["DECIMAL(10,2)", "decimals", "decimals", "doubles"],
  ["MONEY", "decimals"],
  ["BOOLEAN", "booleans", "booleans", "integers"],
  ["DATETIME", "times", "zoned", "dates", "seconds", "milliseconds", "microseconds", "julian"],
  ["TIMESTAMP", "times", "seconds"],
  ["TIMESTAMP WITH TIME ZONE", "zoned", "times"],
  ["DATE", "dates", "times", "julian"],
  ["JSON", "json", "noJson"],
  ["UUID", "words", "integers"],
  ["STRING", "text", "integers"],
  ["FLOATING MONKEY", "any", "words"],
];
const STRICT: typeof DECLARED = [
  ["INTEGER", "integers"],
  ["REAL", "doubles"],
  ["TEXT", "text", "odd"],
  ["BLOB", "blobs"],
  ["ANY", "any", "words", "integers"],
];
export const KEYS = ["number", "autoincrement", "text", "pair", "without rowid", "none", "strict"] as const;

const DEFAULTS = [
  "1",
  "-2.5",
  "'it''s'",
  "NULL",
  "(1 + 1)",
  "CURRENT_TIMESTAMP",
  "x'00ff'",
  "TRUE",
  "(lower('A'))",
  "(random())",
];
const CHECKS = ["> 0", "<> ''", "IS NOT NULL", "IN (1, 2, 'x', 'a')", "BETWEEN 0 AND 100", "LIKE 'a%'", "< 'b'"];
const GENERATED = [
  "upper(§)",
  "§ + 1",
  "§ || '!'",
  "length(§)",
  "coalesce(§, 0)",
  "§ > 1",
  "substr(§, 1, 2)",
  "typeof(§)",
  "§ * 2",
];

interface Column {
  readonly name: string;
  readonly declared: string;
  readonly theme: string;
  readonly clean: boolean;
  readonly constraints: string;
}

/** A row is as many values as the table has columns without the generated ones. */
export interface RandomTable {
  readonly name: string;
  readonly key: (typeof KEYS)[number];
  /** Of the columns that have values. */
  readonly columns: readonly string[];
  readonly sql: readonly string[];
  readonly rows: readonly (readonly Given[])[];
  /** So many more of the first row, where the key is a number that SQLite gives, or there is none. */
  readonly more: number;
}

export interface Write {
  readonly table: number;
  readonly kind: "delete" | "update" | "insert" | "replace";
  readonly at: number;
  readonly column: number;
  readonly values: readonly Given[];
}

export interface RandomDatabase {
  readonly tables: readonly RandomTable[];
  /** Check constraints are not looked at when the rows come in. */
  readonly unchecked: boolean;
  /** What the application does while rows are copied. */
  readonly writes: readonly Write[];
}

const rarely = (weight: number) => fc.integer({ min: 1, max: weight }).map((n) => n === 1);

function column(types: typeof DECLARED, strict: boolean): fc.Arbitrary<Column> {
  return fc
    .record({
      name,
      type: fc.constantFrom(...types),
      theme: fc.nat(7),
      clean: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
      notNull: rarely(6),
      unique: rarely(8),
      nocase: rarely(8),
      fallback: fc.option(fc.constantFrom(...DEFAULTS), { freq: 6 }),
      check: fc.option(fc.constantFrom(...CHECKS), { freq: 6 }),
    })
    .map(({ name, type: [declared, ...themes], theme, clean, notNull, unique, nocase, fallback, check }) => ({
      name,
      declared,
      theme: themes[theme % themes.length] ?? "any",
      clean: clean || strict,
      constraints: [
        ...(nocase ? [" COLLATE NOCASE"] : []),
        ...(notNull ? [" NOT NULL"] : []),
        ...(unique ? [" UNIQUE"] : []),
        ...(fallback !== null && !strict ? [` DEFAULT ${fallback}`] : []),
        ...(check === null ? [] : [` CHECK (§ ${check})`]),
      ].join(""),
    }));
}

/** The key's own columns, which come first. */
const keyColumns = (key: RandomTable["key"], names: readonly string[]): Column[] => {
  const plain = { clean: true, constraints: "" };
  const first = names[0] ?? "id";
  const second = names[1] ?? "id2";
  switch (key) {
    case "number":
    case "strict":
      return [{ ...plain, name: first, declared: "INTEGER", theme: "integers", constraints: " PRIMARY KEY" }];
    case "autoincrement":
      return [
        { ...plain, name: first, declared: "INTEGER", theme: "integers", constraints: " PRIMARY KEY AUTOINCREMENT" },
      ];
    case "text":
      return [{ ...plain, clean: false, name: first, declared: "TEXT", theme: "odd", constraints: " PRIMARY KEY" }];
    case "pair":
      return [
        { ...plain, name: first, declared: "TEXT", theme: "words" },
        { ...plain, clean: false, name: second, declared: "NUMERIC", theme: "integers" },
      ];
    case "without rowid":
      return [
        { ...plain, name: first, declared: "", theme: "words", constraints: " NOT NULL" },
        { ...plain, name: second, declared: "REAL", theme: "decimals" },
      ];
    case "none":
      return [];
  }
};

interface Extras {
  readonly generated: { readonly what: string; readonly stored: boolean; readonly declared: string } | null;
  readonly index: { readonly unique: boolean; readonly columns: number; readonly form: number } | null;
  readonly parent: number | null;
}

function statements(
  table: string,
  key: RandomTable["key"],
  columns: readonly Column[],
  extras: Extras,
  parents: readonly string[],
): string[] {
  const keys = keyColumns(
    key,
    columns.map((one) => one.name),
  ).length;
  const of = (at: number): string => quoted(columns[at % columns.length]?.name ?? "");
  const free = columns.length > keys ? keys + ((extras.index?.columns ?? 0) % (columns.length - keys)) : 0;
  const { generated, index, parent } = extras;
  const lines = [
    ...columns.map((one) => `${quoted(one.name)} ${one.declared}${one.constraints.replaceAll("§", quoted(one.name))}`),
    ...(generated
      ? [
          `"computed" ${key === "strict" ? "ANY" : generated.declared} AS (${generated.what.replaceAll("§", of(free))}) ${generated.stored ? "STORED" : "VIRTUAL"}`,
        ]
      : []),
    ...(keys > 1 ? [`PRIMARY KEY (${of(1)}, ${of(0)})`] : []),
    ...(parent !== null && parents.length > 0
      ? [`FOREIGN KEY (${of(free)}) REFERENCES ${quoted(parents[parent % parents.length] ?? "")} ON DELETE CASCADE`]
      : []),
  ];
  const ending = key === "without rowid" ? " WITHOUT ROWID" : key === "strict" ? " STRICT" : "";
  const terms = [
    of(free),
    `${of(free)}, ${of(free + 1)}`,
    `lower(${of(free)})`,
    `${of(free)} COLLATE NOCASE`,
    `${of(free)} DESC`,
  ][index?.form ?? 0];
  const where = (index?.form ?? 0) % 2 === 0 ? "" : ` WHERE ${of(free)} IS NOT NULL`;
  return [
    `CREATE TABLE ${quoted(table)} (${lines.join(", ")})${ending}`,
    ...(index
      ? [
          `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoted(`${table} index`)} ON ${quoted(table)} (${terms})${where}`,
        ]
      : []),
  ];
}

/** Tables' names come first: a foreign key may be to any of them. */
function table(own: string, all: readonly string[]): fc.Arbitrary<RandomTable> {
  return fc
    .constantFrom(...KEYS)
    .chain((key) =>
      fc.record({
        key: fc.constant(key),
        columns: fc.array(column(key === "strict" ? STRICT : DECLARED, key === "strict"), {
          minLength: key === "none" ? 1 : 0,
          maxLength: 5,
        }),
        keyNames: fc.tuple(name, name),
        extras: fc.record<Extras>({
          generated: fc.option(
            fc.record({
              what: fc.constantFrom(...GENERATED),
              stored: fc.boolean(),
              declared: fc.constantFrom("", "TEXT", "INTEGER", "BOOLEAN", "REAL"),
            }),
            { freq: 2 },
          ),
          index: fc.option(fc.record({ unique: rarely(2), columns: fc.nat(4), form: fc.nat(4) }), { freq: 1 }),
          parent: fc.option(fc.nat(3), { freq: 2 }),
        }),
        more: fc.integer({ min: 0, max: 15 }).map((n) => (n === 15 ? 150 : 0)),
      }),
    )
    .chain(({ key, columns, keyNames, extras, more }) => {
      const keys = keyColumns(key, keyNames);
      const drawn = [...keys, ...columns];
      const names = distinct(drawn.map((one) => one.name));
      const named = drawn.map((one, at) => ({ ...one, name: names[at] ?? one.name }));
      return fc.record<RandomTable>({
        name: fc.constant(own),
        key: fc.constant(key),
        columns: fc.constant(names),
        sql: fc.constant(statements(own, key, named, extras, all)),
        rows: fc.array(fc.tuple(...named.map(({ theme, clean }) => valuesOf(theme, clean))), { maxLength: 12 }),
        more: fc.constant(key === "none" || key === "number" || key === "autoincrement" ? more : 0),
      });
    });
}

const write: fc.Arbitrary<Write> = fc.record({
  table: fc.nat(3),
  kind: fc.constantFrom("delete", "update", "insert", "replace"),
  at: fc.nat(12),
  column: fc.nat(6),
  values: fc.array(valuesOf("any", true), { minLength: 7, maxLength: 7 }),
});

export const database: fc.Arbitrary<RandomDatabase> = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map(distinct)
  .chain((names) =>
    fc.record({
      tables: fc.tuple(...names.map((own) => table(own, names))),
      unchecked: rarely(10),
      writes: fc.array(write, { maxLength: 6 }),
    }),
  );
