import { quoteName } from "../../../local/sqlite/shape";
import type { CodecSpec } from "../../model";
import type { AssessedColumn } from "../assessment";
import type { CaseId, Outcome } from "./case";
import { isInvalid } from "./examples";
import type { Finding, Seen } from "./finding";
import { timeFindings } from "./times";

const TYPED_OTHERWISE = /BOOL|JSON|DATE|TIME/i;

/** Classes that a column of each affinity does not turn into its own, and that are not meant by its declaration. */
const STRAYS = {
  INTEGER: ["real", "text", "blob"],
  REAL: ["text", "blob"],
  NUMERIC: ["text", "blob"],
  TEXT: ["blob"],
  BLOB: [],
} as const;

/** Classes that a codec takes, if not every value of them. */
function takes(codec: CodecSpec | undefined): readonly string[] {
  switch (codec?.kind) {
    case "text":
      return codec.numbers ? ["text", "integer", "real"] : ["text"];
    case "bytea":
      return ["text", "blob"];
    case "numeric":
    case "double":
      return ["integer", "real"];
    default:
      return ["integer"];
  }
}

const becomes = ({ type, question }: AssessedColumn): string => {
  if (question !== undefined) return "rules.yaml must say what the column becomes";
  return type === undefined ? "the mapping decides" : `the column becomes ${type}`;
};

/** Refused row by row: what happens then is told once, in the report. */
const ASIDE = "such rows are refused, or put into quarantine";

const outcomeOf = (assessed: AssessedColumn, carried: boolean): Outcome =>
  assessed.question !== undefined ? "question" : carried ? "carried" : "aside";

const doneOf = (assessed: AssessedColumn, carried: boolean): string =>
  carried || assessed.question !== undefined ? becomes(assessed) : `${becomes(assessed)}; ${ASIDE}`;

function wrongClass({ column, profile, assessed }: Seen, name: string): Finding[] {
  if (TYPED_OTHERWISE.test(column.declared)) return [];
  const found = STRAYS[column.affinity].filter((storage) => profile.classes[storage] > 0);
  const count = found.reduce((sum, storage) => sum + profile.classes[storage], 0);
  const carried = found.every((storage) => takes(assessed.codec).includes(storage));
  const where = `typeof(${name}) IN (${found.map((storage) => `'${storage}'`).join(", ")})`;
  const done = `${found.join(" and ")} in ${column.declared}: ${doneOf(assessed, carried)}`;
  return count === 0 ? [] : [{ id: "wrong-class", count, where, outcome: outcomeOf(assessed, carried), done }];
}

function booleans({ column, profile, assessed }: Seen, name: string): Finding[] {
  const { classes, numbers, texts } = profile;
  const count =
    classes.integer + classes.real + classes.text - (numbers?.zeroOrOne ?? 0) - (texts?.words ?? 0) + classes.blob;
  if (!/BOOL/i.test(column.declared) || count === 0) return [];
  const where = `${name} IS NOT NULL AND (${name} COLLATE BINARY) NOT IN (0, 1) AND lower(${name}) NOT IN ('true', 'false', 'yes', 'no', 'on', 'off', 't', 'f', 'y', 'n')`;
  const carried = assessed.codec?.kind !== "boolean" && classes.blob + classes.text === 0;
  return [{ id: "boolean", count, where, outcome: outcomeOf(assessed, carried), done: doneOf(assessed, carried) }];
}

const LARGEST = 2n ** 31n;

function numbers({ column, profile, assessed }: Seen, name: string): Finding[] {
  const { integers, reals, classes } = profile;
  const found: Finding[] = [];
  const kind = assessed.codec?.kind;
  if (integers !== undefined && (integers.maximum >= LARGEST || integers.minimum < -LARGEST))
    found.push({
      id: "large-integer",
      where: `typeof(${name}) = 'integer' AND (${name} >= ${LARGEST} OR ${name} < -${LARGEST})`,
      outcome: "carried",
      done: `${becomes(assessed)}; read with all 64 bits, where a number of JavaScript has 53`,
    });
  if (classes.real > 0 && kind === "double")
    found.push({
      id: "real",
      count: classes.real,
      where: `typeof(${name}) = 'real'`,
      outcome: "carried",
      done: "double precision, every bit of it",
    });
  if ((reals?.infinite ?? 0) > 0)
    found.push({
      id: "infinity",
      count: reals?.infinite ?? 0,
      where: `typeof(${name}) = 'real' AND abs(${name}) > 1.7976931348623157e308`,
      outcome: outcomeOf(assessed, kind === "double"),
      done: kind === "double" ? "'Infinity' in PostgreSQL" : doneOf(assessed, false),
    });
  if ((profile.numbers?.rounded ?? 0) > 0 && /DEC|NUM|MONEY|CURRENCY/i.test(column.declared))
    found.push({
      id: "rounded-decimal",
      count: profile.numbers?.rounded ?? 0,
      where: `typeof(${name}) = 'real' AND CAST(printf('%.15g', ${name}) AS REAL) <> ${name}`,
      outcome: outcomeOf(assessed, kind !== "numeric" || assessed.codec?.scale === undefined),
      done: `${becomes(assessed)}; SQLite keeps a decimal as a floating point number, so its last digits are not those that were written`,
    });
  return found;
}

const TEXT_LIKE: readonly (string | undefined)[] = ["text", "bytea", undefined];

function texts({ column, profile, assessed }: Seen, name: string): Finding[] {
  const { codec } = assessed;
  const { empty = 0, invalid = 0, nul = 0, json = 0, jsonNul = 0 } = profile.texts ?? {};
  const isNull = codec?.empty === "null";
  const declaredJson = /JSON/i.test(column.declared);
  const kept = codec?.kind === "bytea";
  const finding = (id: CaseId, count: number, where: string, carried: boolean, done?: string): Finding[] =>
    count > 0
      ? [{ id, count, where, outcome: outcomeOf(assessed, carried), done: done ?? doneOf(assessed, carried) }]
      : [];
  const noJson = profile.classes.text - json - (isNull ? empty : 0);
  const nulRule = codec?.kind === "text" ? codec.nul : undefined;
  const repair = codec?.kind === "text" ? codec.invalid : undefined;
  return [
    ...(TEXT_LIKE.includes(codec?.kind)
      ? []
      : finding(
          "empty-text",
          empty,
          `${name} = '' COLLATE BINARY`,
          isNull,
          isNull ? "NULL, by rules.yaml" : undefined,
        )),
    ...finding(
      "invalid-text",
      invalid,
      isInvalid(name),
      kept || repair !== undefined,
      repair === undefined ? undefined : `repaired by the rule invalid: ${repair}`,
    ),
    ...finding(
      "nul",
      nul,
      `typeof(${name}) = 'text' AND instr(${name}, char(0)) > 0`,
      kept || nulRule !== undefined,
      nulRule === undefined ? undefined : `the NUL characters are left out, by the rule nul: ${nulRule}`,
    ),
    ...(declaredJson || codec?.kind === "json"
      ? [
          ...finding(
            "invalid-json",
            noJson,
            `typeof(${name}) = 'text' AND NOT json_valid(${name})${isNull ? ` AND ${name} <> '' COLLATE BINARY` : ""}`,
            codec?.kind !== "json",
          ),
          ...finding(
            "json-escape",
            jsonNul,
            `typeof(${name}) = 'text' AND ladder_jsonb_refuses(${name})`,
            codec?.kind !== "json",
          ),
        ]
      : []),
  ];
}

function blobs({ column, profile, assessed }: Seen, name: string): Finding[] {
  const { classes } = profile;
  const kept = assessed.codec?.kind === "bytea";
  const found: Finding[] = [];
  if (classes.blob > 0 && column.affinity === "BLOB")
    found.push({
      id: "blob",
      count: classes.blob,
      where: `typeof(${name}) = 'blob'`,
      outcome: outcomeOf(assessed, kept),
      done: doneOf(assessed, kept),
    });
  if (classes.text > 0 && /BLOB|BINARY|BYTEA/i.test(column.declared))
    found.push({
      id: "text-in-blob",
      count: classes.text,
      where: `typeof(${name}) = 'text'`,
      outcome: outcomeOf(assessed, true),
      done: kept ? "the bytes of the text, as they are" : becomes(assessed),
    });
  return found;
}

/** The cases of one column. A collation of the application's own is not known here, so none is used. Its values are told of by their number alone. */
export function columnFindings(seen: Seen): Finding[] {
  const name = quoteName(seen.column.name);
  return [wrongClass, booleans, numbers, timeFindings, texts, blobs].flatMap((find) => find(seen, name));
}
