import { classes, found, type Given, type Proposal, ruling } from "./proposal";

const SAFE = 2n ** 53n;

/** The narrowest type that holds every value there is; for columns without a type, and for those that do not keep to theirs. */
export function byClasses(given: Given): Proposal {
  const all = found(given.profile);
  const { integers, reals, texts, blobs, numbers } = all;
  const why = all.values === 0 ? "no value to judge by" : `it holds ${classes(all)}`;
  if (all.values === 0) return { codec: { kind: "text", numbers: true }, why };
  if (blobs > 0 && numbers > 0)
    return {
      codec: { kind: "bytea" },
      why,
      question: `it holds ${classes(all)}, which no one type of PostgreSQL takes; say which to keep, ${ruling(given, "type: bytea")} (or text, bigint, …; the others are put aside)`,
    };
  if (blobs > 0) return { codec: { kind: "bytea" }, why };
  if (texts > 0) return { codec: numbers > 0 ? { kind: "text", numbers: true } : { kind: "text" }, why };
  if (reals === 0) return { codec: { kind: "integer", bits: 64 }, why };
  return integers === 0 || exactAsDouble(given)
    ? { codec: { kind: "double" }, why }
    : { codec: { kind: "numeric" }, why };
}

function exactAsDouble({ profile }: Given): boolean {
  const { minimum = 0n, maximum = 0n } = profile?.integers ?? {};
  return minimum >= -SAFE && maximum <= SAFE;
}
