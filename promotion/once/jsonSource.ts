import { join } from "node:path";
import Database from "better-sqlite3";
import { loadMigrations } from "../../catalogue/migrations";
import { quoteName } from "../../local/sqlite/shape";
import { UserError } from "../../settings";
import { JSON_FILES } from "../export/json";
import { jsonObjects } from "./jsonObjects";

const PER_TRANSACTION = 1_000;

/**
 * Makes a SQLite file of the documented tables (S2-02 to S2-05) from the four files of JSON, so that they take the same way as a database.
 * Whole numbers are exact up to 64 bits; a missing key is NULL.
 * @throws UserError that names the file and the object for what is no such row.
 */
export async function sqliteFromJson(folder: string, path: string, signal?: AbortSignal): Promise<void> {
  const db = new Database(path);
  try {
    // It is made anew when the machine fails.
    db.pragma("synchronous = OFF");
    db.function("ladder_bytes", { deterministic: true }, (json: unknown) =>
      Buffer.from(JSON.parse(String(json)) as number[]),
    );
    for (const { sql } of loadMigrations("ai_breeding", "sqlite")) db.exec(sql);
    for (const [file, table] of JSON_FILES) await loadFile(db, join(folder, file), table, signal);
  } finally {
    db.close();
  }
}

async function loadFile(db: Database.Database, path: string, table: string, signal?: AbortSignal): Promise<void> {
  const insert = rowInserter(db, table);
  let row = 0;
  db.exec("BEGIN");
  for await (const object of jsonObjects(path, signal)) {
    row += 1;
    const problem = insert(object);
    if (problem !== undefined) throw new UserError(`${path}, object ${row}: ${problem}.`);
    if (row % PER_TRANSACTION === 0) db.exec("COMMIT; BEGIN");
  }
  db.exec("COMMIT");
}

/** Puts one object into a table; tells why it cannot. SQLite reads the JSON, for JavaScript would round whole numbers beyond 2^53. */
function rowInserter(db: Database.Database, table: string): (object: string) => string | undefined {
  const columns = db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table);
  const unknown = db
    .prepare<[string], string>(
      `SELECT key FROM json_each(?) WHERE key NOT IN (${columns.map((name) => `'${name}'`).join(", ")}) LIMIT 1`,
    )
    .pluck();
  const tooLarge = db
    .prepare<[string], string>("SELECT key FROM json_each(?) WHERE type = 'integer' AND typeof(atom) = 'real' LIMIT 1")
    .pluck();
  const insert = db.prepare<[string]>(
    `INSERT INTO ${quoteName(table)} (${columns.map(quoteName).join(", ")}) SELECT ${columns.map(fieldOf).join(", ")} FROM (SELECT ? AS object)`,
  );
  return (object) => {
    try {
      const other = unknown.get(object);
      if (other !== undefined) return `${JSON.stringify(other)} is no column of ${table}`;
      const large = tooLarge.get(object);
      if (large !== undefined) return `${large} is a whole number beyond 64 bits`;
      insert.run(object);
      return undefined;
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      if (error.code.startsWith("SQLITE_CONSTRAINT")) return `its key is there twice, or is none (${error.message})`;
      return error.message;
    }
  };
}

/** A BLOB is written as `JSON.stringify` shows a Buffer. */
const fieldOf = (column: string): string =>
  `CASE WHEN json_type(object, '$."${column}".data') = 'array' AND json_extract(object, '$."${column}".type') = 'Buffer'
   THEN ladder_bytes(json_extract(object, '$."${column}".data')) ELSE json_extract(object, '$."${column}"') END`;
