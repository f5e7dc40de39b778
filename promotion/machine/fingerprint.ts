import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";

/** Names of tables and triggers that are not the application's; changes among them do not count. */
const NOT_THEIRS = ["sqlite\\_%", "\\_ladder\\_%", "\\_litestream\\_%"];

/**
 * A checksum of the application's schema: tables, indexes, views and triggers as they were written. Unlike `pragma schema_version` it does
 * not change with ladder's own triggers, nor with VACUUM or ANALYZE.
 */
export function schemaFingerprint(db: Database): string {
  const theirs = NOT_THEIRS.map(() => "name NOT LIKE ? ESCAPE '\\'").join(" AND ");
  const rows = db
    .prepare(`SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE ${theirs} ORDER BY type, name`)
    .raw()
    .all(...NOT_THEIRS);
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}
