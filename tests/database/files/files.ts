import { createHash } from "node:crypto";
import type { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { applyMigrations } from "../../../schema/apply";
import { markMoved, readFile } from "../../../schema/files/move";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";

export const MIGRATIONS = loadMigrations("4g3n7db", "postgresql");

/** 4g3n7db on a server of its own for a file of tests, its schema made by the runner, and a connection of its owner. */
export interface Files extends CatalogueDatabase {
  readonly server: Postgres;
  readonly owner: Client;
}

export function filesForThisFile(): () => Files {
  let server: Postgres | undefined;
  let files: Files | undefined;
  beforeAll(async () => {
    server = await startPostgres();
    const database = await catalogueDatabase(server, "4g3n7db", { upTo: 0 });
    const owner = await database.connect("owner");
    await applyMigrations({ client: owner, database: "4g3n7db", migrations: MIGRATIONS });
    files = { ...database, server, owner };
  });
  afterAll(async () => {
    await files?.owner.end().catch(() => undefined);
    await server?.stop();
  });
  return () => {
    if (files === undefined) throw new Error("the files are there within tests only");
    return files;
  };
}

/** Contents of file n: bytes of every value, of different lengths. */
export const contentsOf = (n: number): Buffer =>
  Buffer.from(Array.from({ length: 500 + (n % 300) }, (_, at) => (at * n) % 256));

export const sha256 = (contents: Buffer): string => createHash("sha256").update(contents).digest("hex");

/** Key of file n, in the order of n. */
export const keyOf = (n: number): string => `file-${String(n).padStart(5, "0")}`;

/** Files 1 to `count`, as Base64 in the table; some with line breaks, some as data URLs. */
export async function makeFiles({ owner }: Files, count: number): Promise<void> {
  await owner.query('TRUNCATE "File"');
  const rows = Array.from({ length: count }, (_, at) => at + 1);
  const text = (n: number): string => {
    const plain = contentsOf(n).toString("base64");
    if (n % 3 === 0) return plain.replace(/.{76}/g, "$&\r\n");
    return n % 3 === 1 ? plain : `data:image/png;base64,${plain}`;
  };
  await owner.query(
    'INSERT INTO "File" ("id", "name", "data") SELECT * FROM unnest($1::text[], $2::text[], $3::text[])',
    [rows.map(keyOf), rows.map((n) => `${n}.png`), rows.map(text)],
  );
}

/** Moves a file as phase 2 does it, but to nowhere. */
export async function move(client: Client, id: string): Promise<boolean> {
  const file = await readFile(client, id);
  if (file === undefined || file === "damaged") return false;
  const { contentSha256, textSha256 } = file;
  return markMoved(client, { id, filePath: `files/${id}`, storageType: "s3", contentSha256, textSha256 });
}
