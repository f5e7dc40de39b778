import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogueName } from "../settings";

/** One numbered SQL file of a logical database. */
export interface Migration {
  /** From the file name: 0001 is 1. Versions begin at 1 and have no gaps. */
  readonly version: number;
  readonly name: string;
  /** SHA-256 of the file, hex; line ends count as one character, so a checkout on Windows agrees. */
  readonly checksum: string;
  readonly sql: string;
}

const FILE = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/** The migrations of a logical database for one engine, in order. Throws when the numbering has a gap or a stray file. */
export function loadMigrations(database: CatalogueName, engine: "sqlite"): Migration[] {
  const folder = join(__dirname, database, engine);
  const files = readdirSync(folder).sort();
  return files.map((file, index) => {
    const [, digits, name] = FILE.exec(file) ?? [];
    if (digits === undefined || name === undefined || Number(digits) !== index + 1) {
      throw new Error(
        `catalogue/${database}/${engine}/${file}: expected ${String(index + 1).padStart(4, "0")}_<name>.sql`,
      );
    }
    const sql = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n");
    return { version: index + 1, name, checksum: createHash("sha256").update(sql).digest("hex"), sql };
  });
}
