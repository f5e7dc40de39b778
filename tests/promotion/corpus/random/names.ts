import fc from "fast-check";

const NAMES = [
  "id",
  "name",
  "a",
  "b",
  "s",
  "t",
  "key",
  "row",
  "Order",
  "select",
  "user",
  "UPPER",
  'quo"te',
  "it's",
  "two words",
  "größe",
  "日本",
  "😀",
  "e\u0301",
  "semi;colon",
  "back`tick",
  "[br]",
  "$1",
  "%s",
  "a.b",
  "-- no comment",
  "xmin",
  "ctid",
  "oid",
  "_rowid_",
  "tbl",
  "n".repeat(70),
  `${"n".repeat(69)}m`,
  "é".repeat(40),
];

export const name = fc.constantFrom(...NAMES);

/** The names, made different in the way of SQLite, which does not look at the case of letters. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((wanted) => {
    let name = wanted;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
