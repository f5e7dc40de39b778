import { existsSync } from "node:fs";
import type { Asked } from "../../promotion/machine/asked";
import type { Beginning } from "../../promotion/machine/assessSource";
import { findFolder } from "../../promotion/machine/folder";
import { MAPPED } from "../../promotion/mapping";
import { type CatalogueName, ExitCode, UserError } from "../../settings";
import { localPlaces } from "../local";
import { typedPath } from "../project";
import { type PromoteCommand, TARGET_TIERS } from "./options";

/** What a new promotion of the stack begins with: its settings, and what was typed. @throws UserError for what does not go together. */
export function beginningOf(stack: string, command: PromoteCommand): Beginning {
  const { to, source, rules, quarantine, resetTarget } = command;
  if (to === undefined)
    throw new UserError(
      `Where to? Name the tier with --to <tier>. Allowed: ${TARGET_TIERS.join(", ")}.`,
      ExitCode.usage,
    );
  const places = localPlaces(stack);
  const path = source === undefined ? places.database : typedPath(source);
  if (!existsSync(path))
    throw new UserError(
      `There is no database at ${path}. ${source === undefined ? `Bring stack ${stack} up first, or name the file with --source <file>.` : "Check what --source names."}`,
      ExitCode.usage,
    );
  const catalogue = catalogueFor(stack, command);
  return {
    to,
    source: { path, busyTimeoutMs: places.settings.database.busyTimeoutMs },
    backups: places.backups,
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(rules === undefined ? {} : { rules: typedPath(rules) }),
    quarantine,
    resetTarget,
  };
}

/** What was typed of the beginning. */
export const askedOf = ({ to, source, rules, database, translate, quarantine }: PromoteCommand): Asked => ({
  ...(to === undefined ? {} : { to }),
  ...(source === undefined ? {} : { source: typedPath(source) }),
  ...(translate ? { onto: "translate" } : database === undefined ? {} : { onto: database }),
  ...(rules === undefined ? {} : { rules: typedPath(rules) }),
  quarantine,
});

function catalogueFor(stack: string, { database, translate }: PromoteCommand): CatalogueName | undefined {
  if (translate) return undefined;
  if (database !== undefined) return database;
  const { name } = localPlaces(stack).settings.database;
  return MAPPED.find((mapped) => mapped === name);
}

/** The database that PGDATABASE leaves open: that of the promotion that was begun, else that of the stack. */
export function databaseFor(stack: string, parent: string, command: PromoteCommand): string {
  const known = findFolder(parent);
  if (known !== undefined && !known.ended) return known.folder.promotion.target.replace(/^.*\//, "");
  return catalogueFor(stack, command) ?? stack;
}
