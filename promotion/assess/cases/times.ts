import type { Finding, Seen } from "./finding";

/** Times as numbers, of several kinds, and without an offset; in columns that are declared or ruled to be times. */
export function timeFindings({ column, profile, assessed }: Seen, name: string): Finding[] {
  const { codec, question, type } = assessed;
  const isTime = codec?.kind === "timestamp" || codec?.kind === "date";
  if (!isTime && !/DATE|TIMESTAMP/i.test(column.declared)) return [];
  const { integer, real, text } = profile.classes;
  const numbers = integer + real;
  if (question !== undefined)
    return [
      {
        id: "mixed-time",
        count: numbers + text,
        where: `${name} IS NOT NULL`,
        outcome: "question",
        done: "rules.yaml must say what the values are",
      },
    ];
  const plain = (profile.texts?.time ?? 0) - (profile.texts?.withOffset ?? 0);
  const found: Finding[] = [];
  if (numbers > 0)
    found.push({
      id: "number-time",
      count: numbers,
      where: `typeof(${name}) IN ('integer', 'real')`,
      outcome: !isTime || codec.from !== "text" ? "carried" : "aside",
      done:
        isTime && codec.from !== "text"
          ? `read as ${codec.from}; the column becomes ${type}`
          : `the column becomes ${type}`,
    });
  if (plain > 0 && isTime)
    found.push({
      id: "plain-time",
      count: plain,
      where: `typeof(${name}) = 'text' AND ${name} <> '' COLLATE BINARY`,
      outcome: "carried",
      done: `taken as UTC; the column becomes ${type}`,
    });
  return found;
}
