import { createHash } from "node:crypto";
import type { ClientBase } from "pg";
import { decodeBase64 } from "./base64";
import { DATA, FILE, IN_DATABASE } from "./fileTable";

/** The part of phase 2 that the database does (S3-05, C-28): what is to be moved, its contents, and the note that it was moved. */

/** A file that is still in the database. */
export interface FileToMove {
  readonly id: string;
  /** Characters of its Base64, about 4/3 of its bytes; 0 for a row without contents. */
  readonly characters: number;
}

/**
 * Files that are to be moved, in the order of their keys.
 * @param after key of the last one that was treated; those that were moved meanwhile are no longer listed.
 */
export async function filesToMove(
  client: ClientBase,
  { after, limit = 100 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<FileToMove[]> {
  const { rows } = await client.query<FileToMove>(
    `SELECT f."id"::text, coalesce(octet_length(f."${DATA}"), 0) AS characters FROM ${FILE} f
      WHERE ${IN_DATABASE} ${after === undefined ? "" : 'AND f."id" > $2'} ORDER BY f."id" LIMIT $1`,
    after === undefined ? [limit] : [limit, after],
  );
  return rows;
}

/** The contents of a file as they were when they were read. */
export interface FileContents {
  readonly contents: Buffer;
  /** SHA-256 of the contents, hex: what `"contentSha256"` is to say. */
  readonly contentSha256: string;
  /** Of the text in `"data"`, hex: by it `markMoved` knows whether it is the same still. */
  readonly textSha256: string;
}

/** Reads a file that is in the database. Undefined when it is not there, or not any more; `damaged` when its text is no Base64. */
export async function readFile(client: ClientBase, id: string): Promise<FileContents | "damaged" | undefined> {
  const { rows } = await client.query<{ data: string | null }>(
    `SELECT f."${DATA}" AS data FROM ${FILE} f WHERE f."id" = $1 AND ${IN_DATABASE}`,
    [id],
  );
  const text = rows[0]?.data;
  if (text === undefined || text === null) return undefined;
  const contents = decodeBase64(text);
  if (contents === undefined) return "damaged";
  return { contents, contentSha256: sha256(contents), textSha256: sha256(Buffer.from(text)) };
}

export interface MovedFile {
  readonly id: string;
  /** Key of the object, or path in the folder. */
  readonly filePath: string;
  readonly storageType: "local" | "s3" | "azure" | "gcs";
  readonly contentSha256: string;
  readonly textSha256: string;
}

/**
 * Notes that a file is elsewhere, unless its contents were changed or somebody else has moved it since they were read. `"data"` stays
 * until phase 3.
 * @returns whether it was noted. If not, read the file again: what was stored is out of date.
 */
export async function markMoved(client: ClientBase, file: MovedFile): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE ${FILE} f SET "filePath" = $2, "storageType" = $3, "contentSha256" = $4
      WHERE f."id" = $1 AND ${IN_DATABASE} AND encode(sha256(convert_to(f."${DATA}", 'UTF8')), 'hex') = $5`,
    [file.id, file.filePath, file.storageType, file.contentSha256, file.textSha256],
  );
  return rowCount === 1;
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
