import type { CodecSpec } from "../../model";
import { type Found, few, found, type Given, list, type Proposal } from "./proposal";
import { byClasses } from "./untyped";

/** Values that are not of the column's kind: few are put aside at the copy, many make the column wider. */
export function strays(given: Given, codec: CodecSpec, why: string, wrong: Readonly<Record<string, number>>): Proposal {
  const { values } = found(given.profile);
  const count = Object.values(wrong).reduce((sum, one) => sum + one, 0);
  if (count === 0) return { codec, why };
  if (few(count, values)) return { codec, why, warning: `${list(wrong)} of ${values} values will be put aside` };
  const wider = byClasses(given);
  return { ...wider, warning: `declared ${given.column.declared || "without a type"}, but it holds ${list(wrong)}` };
}

/** INT, INTEGER, BIGINT and whatever else has the letters INT. Always 64 bits: SQLite's are, whatever the name says. */
export function integer(given: Given): Proposal {
  const { reals, texts, blobs } = found(given.profile);
  const why = "SQLite's integers have 64 bits";
  return strays(given, { kind: "integer", bits: 64 }, why, { reals, texts, blobs });
}

export function double(given: Given): Proposal {
  const { texts, blobs } = found(given.profile);
  return strays(given, { kind: "double" }, "SQLite's REAL has 8 bytes", { texts, blobs });
}

const SMALL = 32_767n;

/** A boolean only when every value is one: `2` in a BOOLEAN column is a number that somebody counts with. */
export function boolean(given: Given): Proposal {
  const { profile, rule } = given;
  const { profiled, numbers, reals, texts, blobs } = found(profile);
  const others = numbers - (profile?.numbers?.zeroOrOne ?? 0);
  if (others === 0) {
    const words = (profile?.texts?.words ?? 0) + (rule?.empty ? (profile?.texts?.empty ?? 0) : 0);
    const why = profiled ? "every value is 0, 1, or a word for one of them" : "declared BOOLEAN";
    return strays(given, { kind: "boolean" }, why, { texts: texts - words, blobs });
  }
  const { minimum = 0n, maximum = 0n } = profile?.integers ?? {};
  const bits = minimum >= -SMALL && maximum <= SMALL ? 16 : 64;
  const why = `${others} of ${numbers} numbers are neither 0 nor 1`;
  const proposal = strays(given, { kind: "integer", bits }, why, { reals, texts, blobs });
  return { ...proposal, warning: proposal.warning ?? "declared BOOLEAN, but it holds other numbers than 0 and 1" };
}

/** PostgreSQL's limit of a numeric's declared precision. */
const MOST_DIGITS = 1_000;

/** DECIMAL(p,s) and the like. What does not fit before the point makes it a numeric without limits. */
export function decimal(given: Given): Proposal {
  const all = found(given.profile);
  const { profile, column } = given;
  if ((profile?.reals?.infinite ?? 0) > 0)
    return {
      codec: { kind: "double" },
      why: "it holds infinity, which a numeric of a set size cannot",
      warning: `declared ${column.declared}, but ${profile?.reals?.infinite} values are infinite`,
    };
  const size = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(column.declared);
  const precision = Number(size?.[1] ?? 0);
  const scale = Number(size?.[2] ?? 0);
  const sized = precision > 0 && precision <= MOST_DIGITS && scale <= precision;
  const fits = sized && largest(given) < 10 ** (precision - scale);
  const wrong = {
    texts: all.texts - (profile?.texts?.decimal ?? 0) - (profile?.texts?.integer ?? 0),
    blobs: all.blobs,
  };
  const codec: CodecSpec = fits ? { kind: "numeric", precision, scale } : { kind: "numeric" };
  const proposal = strays(given, codec, sized ? `declared ${column.declared}` : "exact decimals", wrong);
  const told = [
    ...(proposal.warning ? [proposal.warning] : []),
    ...(sized && !fits ? [`values do not fit ${column.declared}: numeric without limits instead`] : []),
    ...rounded(all, profile?.numbers?.rounded ?? 0),
  ];
  return told.length > 0 ? { ...proposal, warning: told.join("; ") } : proposal;
}

const rounded = ({ reals }: Found, count: number): string[] =>
  count > 0 ? [`${count} of ${reals} reals carry the rounding of a floating point number`] : [];

function largest({ profile }: Given): number {
  const { integers, reals } = profile ?? {};
  const ends = [integers?.minimum, integers?.maximum, reals?.minimum, reals?.maximum];
  return Math.max(0, ...ends.map((end) => Math.abs(Number(end ?? 0))));
}
