import { quoteName } from "../../local/sqlite/shape";
import type { LoggedTable, Unique, UniqueTerm } from "./sourceShape";

/** Where the keys of written rows go, in their order; `t` is the table's number. No types: values stay as they are stored. */
export const LOG = "_ladder_log";
/** How often a table without a key was written. */
export const DIRTY = "_ladder_dirty";
/** Column of the log that holds the key's n-th part. */
export const keyColumn = (at: number): string => `k${at}`;

/** The triggers that log a table's writes. An application's own conflict clause cannot make them fail: the log has no constraints. */
export function logTriggers(table: LoggedTable): string[] {
  const on = `ON ${quoteName(table.name)}`;
  const named = (what: string): string => `CREATE TRIGGER ${quoteName(`${LOG}_${table.no}_${what}`)}`;
  if (table.key.length === 0)
    return ["INSERT", "UPDATE", "DELETE"].map(
      (event) =>
        `${named(event.toLowerCase())} AFTER ${event} ${on} BEGIN UPDATE ${DIRTY} SET n = n + 1 WHERE t = ${table.no}; END`,
    );
  const log = (row: "NEW" | "OLD"): string =>
    `${into(table)} VALUES (${[table.no, ...table.key.map((name) => `${row}.${quoteName(name)}`)].join(", ")});`;
  const displaced = table.uniques.map((unique) => logDisplaced(table, unique));
  return [
    `${named("insert")} AFTER INSERT ${on} BEGIN ${log("NEW")} END`,
    `${named("update")} AFTER UPDATE ${on} BEGIN ${log("NEW")} END`,
    `${named("delete")} AFTER DELETE ${on} BEGIN ${log("OLD")} END`,
    `${named("key")} AFTER UPDATE ${setting(table.keySetBy)} ${on} WHEN ${table.key.map(differs).join(" OR ")} BEGIN ${log("OLD")} END`,
    // REPLACE fires no delete trigger for the rows it takes away; before it does, they can still be looked up.
    ...(displaced.length === 0 ? [] : [`${named("replace")} BEFORE INSERT ${on} BEGIN ${displaced.join(" ")} END`]),
    ...table.uniques.map(
      (unique, at) =>
        `${named(`replace_${at}`)} BEFORE UPDATE ${setting(unique.setBy)} ${on} WHEN ${unique.terms.map((term) => termDiffers(table, term)).join(" OR ")} BEGIN ${displaced[at]} END`,
    ),
  ];
}

const into = (table: LoggedTable): string =>
  `INSERT INTO ${LOG} (${["t", ...table.key.map((_, at) => keyColumn(at))].join(", ")})`;

const setting = (names: readonly string[] | undefined): string =>
  names === undefined ? "" : `OF ${names.map(quoteName).join(", ")}`;

/** 1 is equal to 1.0, and "a" may be to "A", but each is another key in PostgreSQL. */
function differs(name: string): string {
  const [old, now] = [`OLD.${quoteName(name)}`, `NEW.${quoteName(name)}`];
  return `${old} IS NOT ${now} COLLATE BINARY OR typeof(${old}) <> typeof(${now})`;
}

const termDiffers = (table: LoggedTable, { column, expression }: UniqueTerm): string =>
  column === undefined
    ? `${ofRow(table, expression, "OLD")} IS NOT ${ofRow(table, expression, "NEW")} COLLATE BINARY`
    : differs(column);

/** An index's expression, over the values of the old or the new row. */
function ofRow({ columns }: LoggedTable, expression: string | undefined, row: "OLD" | "NEW"): string {
  const values = columns.map((name) => `${row}.${quoteName(name)} AS ${quoteName(name)}`);
  return `(SELECT ${expression} FROM (SELECT ${values.join(", ")}))`;
}

function logDisplaced(table: LoggedTable, unique: Unique): string {
  const key = table.key.map(quoteName).join(", ");
  const same = unique.terms.map(({ column, expression, collation }) => {
    const now = column === undefined ? ofRow(table, expression, "NEW") : `NEW.${quoteName(column)}`;
    const there = column === undefined ? expression : quoteName(column);
    return `${there} = ${now}${collation === undefined ? "" : ` COLLATE ${quoteName(collation)}`}`;
  });
  return `${into(table)} SELECT ${table.no}, ${key} FROM ${quoteName(table.name)} WHERE ${same.join(" AND ")};`;
}
