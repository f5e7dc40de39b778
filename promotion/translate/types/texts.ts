import type { CodecSpec } from "../../model";
import { strays } from "./numbers";
import { found, type Given, type Proposal } from "./proposal";

/** PostgreSQL's longest varchar. */
const LONGEST = 10_485_760;

/** TEXT, VARCHAR(n), CLOB. The length is kept only where every value has it: SQLite never looked at it. */
export function text(given: Given): Proposal {
  const { blobs, numbers, profiled } = found(given.profile);
  const length = Number(/\(\s*(\d+)\s*\)/.exec(given.column.declared)?.[1] ?? 0);
  const longest = given.profile?.texts?.longestCharacters ?? 0;
  const sized = length > 0 && length <= LONGEST;
  const fits = sized && longest <= length;
  const why = fits
    ? profiled
      ? `the longest text has ${longest} characters`
      : `declared ${given.column.declared}`
    : "text";
  // Such as a UUID column, whose affinity makes numbers of texts of digits.
  const mixed = numbers > 0 ? { numbers: true } : {};
  const proposal = strays(given, { kind: "text", ...mixed, ...(fits ? { length } : {}) }, why, { blobs });
  const told = [
    ...(proposal.warning ? [proposal.warning] : []),
    ...(sized && !fits
      ? [`texts of up to ${longest} characters do not fit ${given.column.declared}: text instead`]
      : []),
    ...unclean(given, proposal.codec),
  ];
  return told.length > 0 ? { ...proposal, warning: told.join("; ") } : proposal;
}

/** Texts that PostgreSQL does not take, unless a rule repairs them. */
export function unclean({ profile, rule }: Given, codec: CodecSpec): string[] {
  if (codec.kind !== "text") return [];
  const { nul = 0, invalid = 0 } = profile?.texts ?? {};
  return [
    ...(nul > 0 && !rule?.nul
      ? [`${nul} texts with a NUL character will be put aside (or rule nul: strip, or type: bytea)`]
      : []),
    ...(invalid > 0 && !rule?.invalid
      ? [`${invalid} texts that are no UTF-8 will be put aside (or rule invalid: replace or latin1, or type: bytea)`]
      : []),
  ];
}

export function json(given: Given): Proposal {
  const { texts, blobs, numbers, profiled } = found(given.profile);
  const { json: valid = 0, jsonNul = 0 } = given.profile?.texts ?? {};
  const empty = given.rule?.empty ? (given.profile?.texts?.empty ?? 0) : 0;
  if (valid + empty === texts && jsonNul === 0 && numbers === 0 && blobs === 0)
    return { codec: { kind: "json" }, why: profiled ? "every value is valid JSON" : "declared JSON" };
  const problem =
    valid + empty < texts
      ? `${texts - valid - empty} of ${texts} texts are no valid JSON`
      : jsonNul > 0
        ? `${jsonNul} documents hold \\u0000, which jsonb does not take`
        : `it holds ${numbers} numbers and ${blobs} blobs`;
  const codec: CodecSpec = numbers > 0 ? { kind: "text", numbers: true } : { kind: "text" };
  const proposal = strays(given, codec, problem, { blobs });
  return {
    ...proposal,
    warning: [`declared JSON, but ${problem}: ${proposal.codec.kind} instead`, ...unclean(given, proposal.codec)].join(
      "; ",
    ),
  };
}

export function bytes(given: Given): Proposal {
  const { integers, reals } = found(given.profile);
  return strays(given, { kind: "bytea" }, "bytes as they are", { integers, reals });
}
