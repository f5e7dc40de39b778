import type { LeftOut, SourceSchema } from "../../model";
import type { Case } from "./case";

const FULL_TEXT = /^fts\d/i;

/** The first SQLite without the WAL-reset bug, under which a checkpoint could lose committed rows. */
const MENDED_SQLITE = "3.51.3";

/** What a plan says of a thing; before there is a plan, only that it will be told. */
function fate(what: string, leftOut: readonly LeftOut[] | undefined): Pick<Case, "outcome" | "done"> {
  if (leftOut === undefined) return { outcome: "note", done: `${what}: carried if it can be translated exactly` };
  const left = leftOut.find((one) => one.what === what || one.what.startsWith(`${what} `));
  return left === undefined
    ? { outcome: "carried", done: `${what}: translated` }
    : { outcome: "left", done: `${left.what}: ${left.why}; ${left.instead}` };
}

/** What belongs to no single table. `leftOut` is that of the plan, when there is one. */
export function databaseCases(
  schema: SourceSchema,
  journalMode: string,
  leftOut: readonly LeftOut[] | undefined,
): Case[] {
  const views = schema.views.map(
    ({ name }): Case => ({ id: "view", count: 1, keys: [], ...fate(`view ${name}`, leftOut) }),
  );
  const triggers = schema.triggers.map(
    ({ name, table }): Case => ({ id: "trigger", table, count: 1, keys: [], ...fate(`trigger ${name}`, leftOut) }),
  );
  const virtual = schema.virtualTables.map(({ name, module, shadows, columns }): Case => {
    const unknown =
      columns.length === 0
        ? `; its module is not known here, so tables named ${name}_… may be its own: skip those in rules.yaml`
        : "";
    const hidden = shadows.length > 0 ? `; the ${shadows.length} tables that hold its content are not copied` : "";
    const { done } = fate(`virtual table ${name}`, leftOut);
    const id = FULL_TEXT.test(module) ? "full-text" : "virtual-table";
    return { id, table: name, count: 1, keys: [], outcome: "left", done: done + hidden + unknown };
  });
  const isLog = journalMode === "wal";
  const mode: Case = isLog
    ? {
        id: "wal-reset",
        count: 1,
        keys: [],
        outcome: "note",
        done: `ladder's own SQLite is mended; every other program that opens the file needs SQLite ${MENDED_SQLITE} or newer`,
      }
    : {
        id: "journal-mode",
        count: 1,
        keys: [],
        outcome: "note",
        done: `the journal mode is ${journalMode}, in which the copy and the application wait for each other; set journal_mode = WAL before the promotion`,
      };
  return [...views, ...triggers, ...virtual, mode];
}
