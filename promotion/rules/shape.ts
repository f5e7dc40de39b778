import { z } from "zod";
import { TIME_FORMS } from "../model";

export const TYPES = [
  "smallint",
  "integer",
  "bigint",
  "boolean",
  "double precision",
  "numeric",
  "text",
  "bytea",
  "jsonb",
  "timestamp",
  "timestamptz",
  "date",
] as const;

/** PostgreSQL cuts longer names off, in bytes. */
const LONGEST_NAME = 63;
/** PostgreSQL's limit of a numeric's declared digits. */
const MOST_DIGITS = 1_000;

const rename = z
  .string({ error: "it is a name, as text" })
  .min(1, { error: "a name has at least one character" })
  .refine((name) => Buffer.byteLength(name) <= LONGEST_NAME, { error: `a name has at most ${LONGEST_NAME} bytes` })
  .refine((name) => !name.includes("\0"), { error: "a name has no NUL character" });

const digits = (least: number) =>
  z
    .int({ error: "it is a whole number" })
    .min(least)
    .max(MOST_DIGITS, { error: `it is at most ${MOST_DIGITS}` });

const one = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `it is one of ${values.join(", ")}` });

/** `empty: null` is YAML's null, and the rule is a word. */
const empty = z.preprocess((value) => (value === null ? "null" : value), one(["null"]));

export const columnShape = z.strictObject({
  type: one(TYPES).optional(),
  precision: digits(1).optional(),
  scale: digits(0).optional(),
  round: z.boolean({ error: "it is true or false" }).optional(),
  from: one(TIME_FORMS).optional(),
  empty: empty.optional(),
  nul: one(["strip"]).optional(),
  invalid: one(["replace", "latin1"]).optional(),
  rename: rename.optional(),
});

/** A key without a value is one that nobody has answered yet. */
const unanswered = (rules: unknown): unknown =>
  typeof rules === "object" && rules !== null && !Array.isArray(rules)
    ? Object.fromEntries(Object.entries(rules).filter(([key, value]) => value !== null || key === "empty"))
    : rules;

/** A key under which everything is commented out has the value null, and says nothing. */
const orNothing = <T extends z.ZodType>(shape: T) => z.preprocess((value) => unanswered(value ?? {}), shape);

export const tableShape = z.strictObject({
  rename: rename.optional(),
  skip: z.boolean({ error: "it is true or false" }).optional(),
  columns: orNothing(z.record(z.string(), orNothing(columnShape))).optional(),
});

export const rulesShape = z.strictObject({
  version: z.literal(1, { error: "it is 1: write `version: 1` at the top" }),
  tables: orNothing(z.record(z.string(), orNothing(tableShape))),
});

export type RulesText = z.infer<typeof rulesShape>;
