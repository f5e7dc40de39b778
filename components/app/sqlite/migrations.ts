import { loadMigrations } from "../../../catalogue/migrations";
import type { SqliteCatalogueName } from "../../../settings";
import { scriptOf } from "./scripts";

/**
 * The image that applies them, with a shell, gzip and tar. 3.51.3 is the first without the fault of the write-ahead log that 3.7.0
 * brought: two processes that write could lose pages by it.
 */
export const SQLITE_IMAGE = "alpine/sqlite:3.53.4";

/** Where the pod finds them. */
export const MIGRATIONS_FOLDER = "/migrations";

/**
 * The files of the ConfigMap from which a pod brings the schema up: the migrations of the catalogue, their list, and the script
 * that applies what is missing. It records the same as `ladder up` does for a database on one's own machine.
 */
export function migrationFiles(catalogue: SqliteCatalogueName): Record<string, string> {
  const migrations = loadMigrations(catalogue, "sqlite").map((migration) => ({
    ...migration,
    file: `${String(migration.version).padStart(4, "0")}_${migration.name}.sql`,
  }));
  const rows = migrations.map(({ version, name, checksum, file }) =>
    [version, catalogue, name, checksum, file].join("\t"),
  );
  return {
    "migrate.sh": scriptOf("migrate.sh"),
    "history.sql": scriptOf("history.sql"),
    "migrations.tsv": `${rows.join("\n")}\n`,
    ...Object.fromEntries(migrations.map(({ file, sql }) => [file, sql])),
  };
}
