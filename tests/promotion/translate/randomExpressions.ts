import fc from "fast-check";

const pick = (...of: string[]) => fc.constantFrom(...of);

const LITERALS = [
  "0",
  "1",
  "2",
  "-1",
  "3.5",
  "0.1",
  "'a'",
  "'ABC'",
  "'5'",
  "''",
  "NULL",
  "x'61'",
  "100",
  "TRUE",
  "'a%'",
  "'_b%'",
];
const COLUMNS = ["i", "j", "flag", "r", "d", "s", "n", "p", "v", "b", "at"];

/** Expressions of SQLite without sense: whatever it takes, mostly of mixed classes. */
export const senseless = fc.letrec<{ any: string; leaf: string }>((tie) => ({
  leaf: fc.oneof({ weight: 3, arbitrary: pick(...COLUMNS) }, { weight: 2, arbitrary: pick(...LITERALS) }),
  any: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    tie("leaf"),
    joined(
      tie("any"),
      pick("=", "==", "<>", "!=", "<", "<=", ">", ">=", "IS", "IS NOT", "IS DISTINCT FROM"),
      tie("any"),
    ),
    joined(tie("any"), pick("AND", "OR", "+", "-", "*", "/", "%", "||", "&", "|"), tie("any")),
    bracketed(tie("any"), pick("AND", "OR", "+", "-", "*", "/", "%", "||"), tie("any")),
    joined(pick("NOT", "-", "+", "~"), tie("any")),
    joined(tie("any"), pick("IS NULL", "NOTNULL", "NOT NULL", "IS TRUE", "IS NOT FALSE")),
    joined(tie("any"), pick("LIKE", "NOT LIKE"), tie("leaf")),
    joined(tie("any"), pick("BETWEEN", "NOT BETWEEN"), tie("leaf"), pick("AND"), tie("leaf")),
    fc
      .tuple(tie("any"), pick("IN", "NOT IN"), tie("leaf"), tie("leaf"))
      .map(([a, o, b, c]) => `${a} ${o} (${b}, ${c})`),
    choice(tie("any"), tie("any")),
    fc.tuple(tie("any"), tie("leaf"), tie("any")).map(([a, b, c]) => `CASE ${a} WHEN ${b} THEN ${c} END`),
    fc.tuple(tie("any"), pick("INTEGER", "TEXT", "REAL", "VARCHAR(3)")).map(([a, t]) => `CAST(${a} AS ${t})`),
    fc.tuple(tie("leaf"), pick("NOCASE", "BINARY", "RTRIM")).map(([a, c]) => `${a} COLLATE ${c}`),
    calling(pick("lower", "upper", "length", "abs", "trim", "rtrim", "hex", "typeof", "round"), tie("any")),
    calling(pick("coalesce", "ifnull", "nullif", "instr", "min", "max", "trim", "iif"), tie("any"), tie("any")),
    fc
      .tuple(tie("any"), pick("1", "2", "-2", "3"), pick("", ", 0", ", 2"))
      .map(([a, n, m]) => `substr(${a}, ${n}${m})`),
    calling(pick("replace"), tie("any"), tie("leaf"), tie("leaf")),
  ),
})).any;

/** Expressions that keep to numbers, texts and conditions where those belong, as people write them. */
export const sensible = fc.letrec<{ number: string; text: string; condition: string; value: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    pick("i", "j", "flag", "r", "d", "0", "1", "2", "-3", "2.5", "0.1", "1000"),
    bracketed(tie("number"), pick("+", "-", "*", "/", "%", "&", "|"), tie("number")),
    joined(tie("number"), pick("+", "-", "*", "/", "%"), tie("number")),
    calling(pick("abs", "round", "-"), tie("number")),
    calling(pick("coalesce", "nullif", "min", "max"), tie("number"), tie("number")),
    calling(pick("length"), tie("text")),
    calling(pick("instr"), tie("text"), tie("text")),
    fc.tuple(tie("number"), pick("INTEGER", "REAL", "NUMERIC")).map(([a, t]) => `CAST(${a} AS ${t})`),
    choice(tie("condition"), tie("number")),
    tie("condition").map((a) => `(${a})`),
  ),
  text: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    pick("s", "n", "p", "v", "'a'", "'ABC'", "'x '", "''", "'É'"),
    bracketed(tie("text"), pick("||"), tie("value")),
    calling(pick("lower", "upper", "trim", "ltrim", "rtrim"), tie("text")),
    calling(pick("coalesce", "nullif", "min", "max", "trim"), tie("text"), tie("text")),
    calling(pick("replace"), tie("text"), pick("'a'", "'b'"), tie("text")),
    calling(pick("substr"), tie("text"), pick("1", "2"), pick("0", "1", "2")),
    calling(pick("typeof"), tie("value")),
    fc.tuple(tie("number"), pick("TEXT")).map(([a, t]) => `CAST(${a} AS ${t})`),
    choice(tie("condition"), tie("text")),
  ),
  condition: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    pick("flag", "flag = 1", "flag = 0", "flag IN (0, 1)", "s IS NULL", "at IS NOT NULL", "b = x'00'"),
    joined(tie("number"), pick("=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"), tie("number")),
    joined(tie("text"), pick("=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"), tie("text")),
    fc
      .tuple(tie("text"), pick("NOCASE", "RTRIM"), pick("=", "<"), tie("text"))
      .map(([a, c, o, b]) => `(${a}) COLLATE ${c} ${o} (${b})`),
    joined(tie("text"), pick("LIKE", "NOT LIKE"), pick("'a%'", "'%B%'", "'_'", "v", "'%\\%' ESCAPE '\\'")),
    bracketed(tie("condition"), pick("AND", "OR", "=", "IS"), tie("condition")),
    tie("condition").map((a) => `NOT (${a})`),
    joined(tie("number"), pick("BETWEEN", "NOT BETWEEN"), tie("number"), pick("AND"), tie("number")),
    joined(tie("text"), pick("BETWEEN", "NOT BETWEEN"), tie("text"), pick("AND"), tie("text")),
    fc
      .tuple(tie("text"), pick("IN", "NOT IN"), tie("text"), tie("text"))
      .map(([a, o, b, c]) => `(${a}) ${o} (${b}, ${c})`),
    fc
      .tuple(tie("number"), pick("IN", "NOT IN"), tie("number"), tie("number"))
      .map(([a, o, b, c]) => `(${a}) ${o} (${b}, ${c})`),
    tie("value").map((a) => `(${a}) IS NULL`),
  ),
  value: fc.oneof(tie("number"), tie("text"), tie("condition")),
})).value;

function joined(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((all) => all.join(" "));
}

function bracketed(left: fc.Arbitrary<string>, operator: fc.Arbitrary<string>, right: fc.Arbitrary<string>) {
  return fc.tuple(left, operator, right).map(([a, o, b]) => `(${a}) ${o} (${b})`);
}

function calling(name: fc.Arbitrary<string>, ...args: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(name, ...args).map(([called, ...all]) => `${called}(${all.join(", ")})`);
}

function choice(test: fc.Arbitrary<string>, result: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(test, result, result).map(([a, b, c]) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`);
}
