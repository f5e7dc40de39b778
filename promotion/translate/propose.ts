import { boolean, decimal, double, integer } from "./types/numbers";
import type { Given, Proposal } from "./types/proposal";
import { ruled } from "./types/ruled";
import { bytes, json, text } from "./types/texts";
import { time, timeType } from "./types/times";
import { byClasses } from "./types/untyped";

export type { Given, Proposal } from "./types/proposal";

/** The first that fits the declared type's name decides. Names that SQLite's affinity misreads come before it is asked. */
const DECLARED: readonly (readonly [RegExp, (given: Given) => Proposal])[] = [
  [/^BOOL(EAN)?\b/i, boolean],
  [/^(DECIMAL|NUMERIC|NUMBER|DEC|MONEY|SMALLMONEY|CURRENCY)\b/i, decimal],
  [/^JSONB?\b/i, json],
  [/^(DATE|DATETIME\w*|SMALLDATETIME|TIMESTAMP\w*)\b/i, time],
  [/^(TIME\b|UUID\b|GUID\b|UNIQUEIDENTIFIER\b)/i, text],
  [/^(BYTEA|BINARY|VARBINARY|.*BLOB)/i, bytes],
  // Of INTEGER affinity, for the letters INT in POINT.
  [/^FLOATING POINT\b/i, double],
];

const BY_AFFINITY = { INTEGER: integer, REAL: double, TEXT: text, BLOB: byClasses, NUMERIC: byClasses } as const;

/**
 * Decides the type of a column in PostgreSQL from its declared type, what its values are, and what rules.yaml says, which wins.
 * `question` is set where values of several meanings are mixed and no rule has decided.
 */
export function propose(given: Given): Proposal {
  const { rule, column } = given;
  const type = rule?.type ?? (rule?.from ? timeType(given, rule.from) : undefined);
  if (type) return refined(given, ruled(given, type));
  const decide = DECLARED.find(([name]) => name.test(column.declared.trim()))?.[1] ?? BY_AFFINITY[column.affinity];
  return refined(given, decide(given));
}

/** What a rule says besides the type. */
function refined({ rule }: Given, proposal: Proposal): Proposal {
  if (!rule) return proposal;
  const { codec } = proposal;
  const { empty, nul, invalid, round } = rule;
  if (codec.kind === "text")
    return { ...proposal, codec: { ...codec, ...(nul ? { nul } : {}), ...(invalid ? { invalid } : {}) } };
  const common = empty ? { empty } : {};
  const rounds = codec.kind === "numeric" && round !== undefined ? { round } : {};
  return { ...proposal, codec: { ...codec, ...common, ...rounds } };
}
