import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { CatalogueName } from "../settings";
import { UserError } from "../settings/errors";
import { statementsOf } from "./statements";

/** One numbered SQL file of a logical database. */
export interface Migration {
  /** From the file name: 0001 is 1. Versions begin at 1 and have no gaps. */
  readonly version: number;
  readonly name: string;
  /** SHA-256 of the file with what it includes, hex; line ends count as one character, so a checkout on Windows agrees. */
  readonly checksum: string;
  readonly sql: string;
}

/** The engines that migrations are written for. */
export type MigrationEngine = "sqlite" | "postgresql";

const FILE = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** psql's own notation, so that psql runs the files too: a line `\ir <path>`, the path relative to the file. */
const INCLUDE = /^\\ir[ \t]+(\S+)[ \t]*$/;

/** What a migration of PostgreSQL must leave to the runner, which puts each file into one transaction. */
const OUTSIDE =
  /^(begin|start transaction|commit|end|abort|rollback|prepare transaction|vacuum|(create|drop) database|alter system|(create( unique)?|drop|re)\s*index (\S+ )?concurrently)\b/i;

/** A migration as the runner takes it, made from the text of its file. */
export function migrationOf(version: number, name: string, text: string): Migration {
  const sql = text.replaceAll("\r\n", "\n");
  return { version, name, checksum: createHash("sha256").update(sql).digest("hex"), sql };
}

/** The name of its file without the ending: `0001_platform_tables`. It is also what a database records. */
export const recordedName = ({ version, name }: Pick<Migration, "version" | "name">): string =>
  `${String(version).padStart(4, "0")}_${name}`;

/**
 * The migrations of a logical database for one engine, in order. Throws a `UserError` that names the file when the
 * numbering has a gap, a file is none of ours, an included file is not there, or one could not run in a transaction.
 */
export function loadMigrations(database: CatalogueName, engine: MigrationEngine): Migration[] {
  return readMigrations(join(__dirname, database, engine), engine);
}

/** The same for a folder: what `loadMigrations` reads, and what tests make up. */
export function readMigrations(folder: string, engine: MigrationEngine): Migration[] {
  const shown = (path: string) => `catalogue/${relative(__dirname, path).replaceAll("\\", "/")}`;
  if (!existsSync(folder)) throw new UserError(`${shown(folder)} is not there: it has no migrations for ${engine}.`);
  return readdirSync(folder)
    .sort()
    .map((file, index) => {
      const path = join(folder, file);
      const [, digits, name] = FILE.exec(file) ?? [];
      if (digits === undefined || name === undefined || Number(digits) !== index + 1)
        throw new UserError(`${shown(path)}: expected ${String(index + 1).padStart(4, "0")}_<name>.sql`);
      const text = engine === "postgresql" ? withIncludes(path, shown) : readFileSync(path, "utf8");
      const migration = migrationOf(index + 1, name, text);
      if (engine === "postgresql") refuseTransactionControl(migration.sql, shown(path));
      return migration;
    });
}

/** The text of a file with each `\ir` line replaced by the file that it names. An included file includes no other. */
function withIncludes(path: string, shown: (path: string) => string): string {
  return linesOf(path)
    .map((line, index) => {
      const at = `${shown(path)}, line ${index + 1}`;
      const included = INCLUDE.exec(line)?.[1];
      if (included === undefined) return refuseBackslash(line, at);
      const file = join(dirname(path), included);
      if (!existsSync(file))
        throw new UserError(`${at}: there is no ${shown(file)} to include. The path is relative to the file.`);
      return linesOf(file)
        .map((inner, innerIndex) => refuseBackslash(inner, `${shown(file)}, line ${innerIndex + 1}`))
        .join("\n")
        .replace(/\n$/, "");
    })
    .join("\n");
}

const linesOf = (path: string): string[] => readFileSync(path, "utf8").replaceAll("\r\n", "\n").split("\n");

/** No other command of psql works in a migration: the runner sends SQL only. */
function refuseBackslash(line: string, at: string): string {
  if (line.startsWith("\\"))
    throw new UserError(
      `${at}: "${line}" is no SQL. Allowed: \\ir <path> alone on a line of the migration itself, where the path has no blank.`,
    );
  return line;
}

function refuseTransactionControl(sql: string, path: string): void {
  for (const { text, line } of statementsOf(sql)) {
    const found = OUTSIDE.exec(text)?.[0];
    if (found !== undefined)
      throw new UserError(
        `${path}, line ${line} (its includes counted): ${found.toUpperCase()} cannot stand in a migration. Each file runs in one transaction, which the runner begins and commits; write a file more instead.`,
      );
  }
}
