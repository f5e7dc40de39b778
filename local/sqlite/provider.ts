import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { loadMigrations } from "../../catalogue/migrations";
import { type SqliteCatalogueName, UserError } from "../../settings";
import { backupKinds, databaseName, isBackupName } from "../backup/names";
import { type DiffResult, GONE, type LocalProvider, modeText } from "../provider";
import {
  type AppliedMigration,
  applyMigrations,
  history,
  refuseDifferentTables,
  refuseForeignHistory,
} from "./migrate";
import { DatabaseRefused, databaseExists, refuseDamaged, withDatabase } from "./open";
import { setWriteAheadLog } from "./wal";

/** What a stack wants of a SQLite file. */
export interface SqliteFileInputs {
  /** Relative to the project folder. */
  readonly path: string;
  /** The stack that it belongs to, for messages. */
  readonly stack: string;
  readonly catalogue: SqliteCatalogueName;
  readonly busyTimeoutMs: number;
  /** The migrations of the catalogue, so that a new or altered file shows in a preview. */
  readonly migrations: readonly AppliedMigration[];
  /** Where backups of it are kept, relative to the project folder. */
  readonly backups: string;
}

/** What is really there. */
export interface SqliteFileOutputs extends SqliteFileInputs {
  readonly journalMode: string;
  readonly mode: string;
}

const MODE = 0o600;

/** The SQLite file of the development tier. Nothing here ever overwrites, empties or deletes a database. */
export const provider: LocalProvider<SqliteFileInputs, SqliteFileOutputs> = {
  check(olds, news) {
    try {
      inspect(news, olds.path === news.path);
      return { inputs: news, failures: [] };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { inputs: news, failures: [{ property: "path", reason: error.message }] };
    }
  },

  diff(_id, olds, news): DiffResult {
    if (resolve(olds.path) !== resolve(news.path)) return { changes: true, replaces: ["path"] };
    const same =
      olds.catalogue === news.catalogue &&
      olds.busyTimeoutMs === news.busyTimeoutMs &&
      olds.backups === news.backups &&
      olds.journalMode === "wal" &&
      olds.mode === modeText(MODE) &&
      JSON.stringify(digest(olds.migrations)) === JSON.stringify(digest(news.migrations));
    return { changes: !same };
  },

  create: (inputs) => ({ id: inputs.path, outs: bringUp(inputs) }),

  read(id, olds) {
    const path = resolve(id);
    try {
      return databaseExists(path) ? { id, props: { ...olds, ...lookAt(path, olds.busyTimeoutMs) } } : GONE;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // What stands there cannot be read. The next check says why; here it only has to differ from what was left.
      return { id, props: { ...olds, journalMode: "unknown" } };
    }
  },

  update: (_id, _olds, news) => ({ outs: bringUp(news) }),

  // The rows outlive the stack: `destroy` only forgets where they are.
  delete() {},
};

/** Everything that would make `bringUp` fail, found without changing a byte. */
function inspect(inputs: SqliteFileInputs, known: boolean): void {
  const path = resolve(inputs.path);
  const exists = databaseExists(path);
  // SQLite takes an empty file for a new database, so one that was emptied counts as lost.
  const emptied = exists && statSync(path).size === 0;
  if (!exists || emptied) refuseSilentLoss(inputs, emptied);
  if (!exists) return;
  withDatabase(path, { busyTimeoutMs: inputs.busyTimeoutMs, readonly: true }, (database) => {
    if (!known) refuseDamaged(path, database);
    refuseForeignHistory(path, database, inputs.catalogue, inputs.migrations);
    refuseDifferentTables(path, database, loadMigrations(inputs.catalogue, "sqlite"));
  });
}

/** An empty database in the place of one that has backups would look as if all had gone well. */
function refuseSilentLoss({ path: typed, stack, backups: folder }: SqliteFileInputs, emptied: boolean): void {
  const [path, backups] = [resolve(typed), resolve(folder)];
  const kept = backupKinds.flatMap((kind) => {
    const place = join(backups, kind);
    return existsSync(place) ? readdirSync(place).filter((file) => isBackupName(file, databaseName(path), kind)) : [];
  });
  if (kept.length === 0) return;
  const first = emptied ? "move the empty file, with its -wal and -shm, away and " : "";
  throw new DatabaseRefused(
    `${path} is ${emptied ? "empty" : "gone"}, and ${kept.length} backup${kept.length > 1 ? "s" : ""} of it exist in ${backups}. To have the rows back, ${first}restore one (npx ladder restore ${stack} --to ${path}); to begin with an empty database, move the backups elsewhere.`,
  );
}

/** Creates or adopts the file and brings its schema up. Safe to repeat after an interruption at any point. */
function bringUp(inputs: SqliteFileInputs): SqliteFileOutputs {
  const path = resolve(inputs.path);
  inspect(inputs, true);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makePrivate(path);
  withDatabase(path, { busyTimeoutMs: inputs.busyTimeoutMs }, (database) => {
    const mode = setWriteAheadLog(database, inputs.busyTimeoutMs);
    if (mode !== "wal") {
      throw new DatabaseRefused(
        `${path} stays in journal mode ${mode}: its file system cannot hold a write-ahead log. Choose a scaling-ladder:database.path on a local disk.`,
      );
    }
    applyMigrations(database, inputs.catalogue, loadMigrations(inputs.catalogue, "sqlite"));
  });
  return { ...inputs, ...lookAt(path, inputs.busyTimeoutMs) };
}

/** Before SQLite opens it, because the write-ahead log, which holds rows too, gets the mode that the file has then. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, "a", MODE));
    for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, MODE);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new DatabaseRefused(
      `${path} cannot be made private (${String(code)}); no row was changed. Check that you own the file and its folder.`,
    );
  }
}

function lookAt(path: string, busyTimeoutMs: number): Pick<SqliteFileOutputs, "journalMode" | "mode" | "migrations"> {
  return withDatabase(path, { busyTimeoutMs, readonly: true }, (database) => ({
    journalMode: String(database.pragma("journal_mode", { simple: true })),
    mode: modeText(statSync(path).mode),
    migrations: digest(history(database)),
  }));
}

const digest = (migrations: readonly AppliedMigration[]): AppliedMigration[] =>
  migrations.map(({ version, name, checksum }) => ({ version, name, checksum }));
