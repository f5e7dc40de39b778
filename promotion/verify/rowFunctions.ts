import type { Database } from "better-sqlite3";
import { type Codec, Refusal, type SqliteValue, type TablePlan } from "../model";
import { readValue } from "../source/values";
import { FIELD, fieldText, REAL } from "./rowText";

/** What the functions of a row's text met since it was last set to false. */
export interface Met {
  refused: boolean;
}

/** Registers the functions that `sourceRowText` calls, one of each kind for a column: a further argument would cost as much as the call. */
export function rowFunctions(db: Database, table: TablePlan, codecs: readonly Codec[]): Met {
  const met: Met = { refused: false };
  for (const [at, codec] of codecs.entries()) {
    const kind = table.columns[at]?.codec.kind ?? "";
    const field = (value: SqliteValue): string => {
      const text = codec.encode(value);
      if (!(text instanceof Refusal)) return fieldText(kind, text);
      met.refused = true;
      return "";
    };
    db.function(`${FIELD}${at}`, { safeIntegers: true }, (storage: unknown, raw: unknown) =>
      field(readValue(storage, raw)),
    );
    if (kind === "double") db.function(`${REAL}${at}`, (value: unknown) => field(Number(value)));
  }
  return met;
}
