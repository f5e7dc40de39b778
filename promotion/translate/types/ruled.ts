import type { CodecSpec, ColumnProfile, ColumnRule, TimeForm } from "../../model";
import { found, type Given, list, type Proposal } from "./proposal";
import { unclean } from "./texts";

const BITS = { smallint: 16, integer: 32, bigint: 64 } as const;

/** What a rule's type means. A rule is obeyed also where the values speak against it; what does not fit is put aside, and told. */
export function ruled(given: Given, type: NonNullable<ColumnRule["type"]>): Proposal {
  const codec = codecOfRule(given, type);
  const wrong = misfits(given, codec);
  const told = [...(wrong ? [`${wrong} will be put aside: rules.yaml says ${type}`] : []), ...unclean(given, codec)];
  const proposal = { codec, why: `rules.yaml says ${type}` };
  return told.length > 0 ? { ...proposal, warning: told.join("; ") } : proposal;
}

function codecOfRule(given: Given, type: NonNullable<ColumnRule["type"]>): CodecSpec {
  const { precision, scale } = given.rule ?? {};
  switch (type) {
    case "smallint":
    case "integer":
    case "bigint":
      return { kind: "integer", bits: BITS[type] };
    case "boolean":
      return { kind: "boolean" };
    case "double precision":
      return { kind: "double" };
    case "numeric":
      return { kind: "numeric", ...(precision === undefined ? {} : { precision, scale: scale ?? 0 }) };
    case "text":
      return found(given.profile).numbers > 0 ? { kind: "text", numbers: true } : { kind: "text" };
    case "bytea":
      return { kind: "bytea" };
    case "jsonb":
      return { kind: "json" };
    case "timestamp":
    case "timestamptz":
      return { kind: "timestamp", from: formOf(given), zone: type === "timestamptz" };
    case "date":
      return { kind: "date", from: formOf(given) };
  }
}

/** What the rule says, or what most of the values are. */
function formOf({ rule, profile }: Given): TimeForm {
  if (rule?.from) return rule.from;
  const { texts, numbers } = found(profile);
  if (texts >= numbers) return "text";
  const forms = ["seconds", "milliseconds", "microseconds", "julian"] as const;
  return forms.reduce((best, form) =>
    (profile?.numbers?.[form] ?? 0) > (profile?.numbers?.[best] ?? 0) ? form : best,
  );
}

/** Values that the type certainly does not take, as far as the profile tells. Undefined: none. */
function misfits({ profile, rule }: Given, codec: CodecSpec): string | undefined {
  const { integers, reals, texts, blobs, numbers } = found(profile);
  const told = profile?.texts;
  const left = texts - (rule?.empty ? (told?.empty ?? 0) : 0);
  const wrong: Record<CodecSpec["kind"], Record<string, number>> = {
    integer: { reals: reals - (profile?.reals?.whole ?? 0), texts: left - (told?.integer ?? 0), blobs },
    boolean: {
      "other numbers": numbers - (profile?.numbers?.zeroOrOne ?? 0),
      texts: left - (told?.words ?? 0),
      blobs,
    },
    double: { texts: left - (told?.decimal ?? 0) - (told?.integer ?? 0), blobs },
    numeric: { texts: left - (told?.decimal ?? 0) - (told?.integer ?? 0), blobs },
    text: { blobs },
    bytea: { integers, reals },
    json: { "invalid texts": left - (told?.json ?? 0) + (told?.jsonNul ?? 0), blobs },
    timestamp: times(codec, left, numbers, blobs, told),
    date: times(codec, left, numbers, blobs, told),
  };
  return list(wrong[codec.kind]) || undefined;
}

/** Among numbers, a text that is a time or a number is taken too. */
function times(
  codec: CodecSpec,
  texts: number,
  numbers: number,
  blobs: number,
  told: ColumnProfile["texts"],
): Record<string, number> {
  const noTimes = texts - (told?.time ?? 0);
  if ("from" in codec && codec.from === "text") return { texts: noTimes, numbers, blobs };
  return { texts: noTimes - (told?.decimal ?? 0) - (told?.integer ?? 0), blobs };
}
