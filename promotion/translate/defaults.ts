import Sqlite from "better-sqlite3";
import { Refusal } from "../model";
import { readValue, valueColumns } from "../source/values";
import { codecOf } from "../values/codec";
import { assigned } from "./expression/assign";
import { translateExpression } from "./expression/translate";
import { quoteText } from "./expression/typed";
import type { PlannedColumn } from "./planned";
import { tokens } from "./sql/tokens";
import { Unsure } from "./sql/unsure";

const CHANGING =
  /^(current_(date|time|timestamp)|random|randomblob|date|time|datetime|julianday|unixepoch|strftime|timediff)$/i;

/** SQL of the column's default in PostgreSQL; undefined for none. @throws Unsure */
export function defaultOf({ source, codec }: Pick<PlannedColumn, "source" | "codec">): string | undefined {
  if (source.default === undefined) return undefined;
  const changes = tokens(source.default).some(({ kind, value }) => kind === "word" && CHANGING.test(value));
  if (!changes) return constant(source.default, { source, codec });
  const value = translateExpression(source.default, { column: () => undefined, changing: true });
  return assigned(value, source, codec);
}

/** A constant's value is what SQLite itself makes of it, and what the copy would make of that. */
function constant(sql: string, { source, codec }: Pick<PlannedColumn, "source" | "codec">): string | undefined {
  const value = evaluated(sql, source.affinity);
  const shown = codecOf(codec).encode(value);
  if (shown instanceof Refusal) throw new Unsure(`its value cannot be carried: ${shown.reason}`);
  if (shown === null) return undefined;
  if (codec.kind === "boolean") return shown === "t" ? "true" : "false";
  return codec.kind === "integer" || codec.kind === "numeric" ? shown : quoteText(shown);
}

function evaluated(sql: string, affinity: string) {
  const db = new Sqlite(":memory:");
  try {
    // A bare word is a string in a default, but not in parentheses.
    for (const written of [`(${sql})`, sql]) {
      try {
        db.exec(`CREATE TABLE t (c ${affinity} DEFAULT ${written})`);
        break;
      } catch (error) {
        if (written === sql) throw error;
      }
    }
    db.exec("INSERT INTO t DEFAULT VALUES");
    const row = db
      .prepare(`SELECT ${valueColumns("c")} FROM t`)
      .raw()
      .safeIntegers()
      .get();
    const [storage, raw] = Array.isArray(row) ? row : [];
    return readValue(storage, raw);
  } catch (error) {
    throw new Unsure(`SQLite itself cannot compute it: ${error instanceof Error ? error.message : error}`);
  } finally {
    db.close();
  }
}
