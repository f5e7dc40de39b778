import { createHash } from "node:crypto";
import type { Client } from "pg";
import { decodeBase64 } from "../../../schema/files/base64";
import { FILE, fileTable } from "../../../schema/files/fileTable";
import { ExitCode, UserError } from "../../../settings";
import { pool } from "../parallel";
import { type Left, leftCollector } from "../pass";
import { hashOf } from "../store/contents";
import type { Store } from "../store/store";
import { keyOf, type RowsMove, SESSIONS } from "./move";
import { openSessions } from "./sessions";
import { type StoredRow, storedRows } from "./stored";

/** What `moveRowsBack` did. */
export interface RowsBack {
  /** Rows that have their contents in the database again. */
  readonly back: number;
  /** Of those, rows whose contents had to be read from the store. */
  readonly fetched: number;
  /** Rows that are still in the store only, and why. */
  readonly left: Left;
}

/** Base64 of it fits into a value of PostgreSQL, and into memory. */
const LARGEST = 256 * 1024 ** 2;

/**
 * The way back of `moveRows`, as long as the column is there: each row with storageType `s3` gets its contents as Base64 again, those
 * that the application has written to the store since too. What `"data"` still has is compared with contentSha256 and used.
 * @throws UserError when the column was removed, or the database or the store fails.
 */
export async function moveRowsBack({
  connect,
  store,
  signal,
  onProgress = () => undefined,
}: RowsMove): Promise<RowsBack> {
  const lister = await connect();
  try {
    if (!(await fileTable(lister)).dataColumn)
      throw new UserError(
        'The way back ended when "File"."data" was removed. Its backup tells how to bring it back (docs/file-evacuation.md, phase 3).',
        ExitCode.refused,
      );
    const sessions = await openSessions(connect, SESSIONS);
    const left = leftCollector();
    let [back, fetched] = [0, 0];
    const moving = pool(sessions.count);
    try {
      for await (const row of storedRows(lister)) {
        signal?.throwIfAborted();
        await moving.add(1, () =>
          sessions.use(async (client) => {
            const done = await rowBack(client, store, row, signal);
            if (done === "kept" || done === "fetched") {
              back++;
              if (done === "fetched") fetched++;
            } else left.add({ path: row.id, why: done });
            onProgress({ phase: "files back into the database", done: back, unit: "files" });
          }),
        );
      }
    } finally {
      await moving.end();
      await sessions.end();
    }
    return { back, fetched, left: left.left };
  } finally {
    await lister.end().catch(() => undefined);
  }
}

type Back = "kept" | "fetched";

async function rowBack(
  client: Client,
  store: Store,
  row: StoredRow,
  signal: AbortSignal | undefined,
): Promise<Back | string> {
  if (!row.filePath) return "it has no filePath";
  // Elsewhere the application has put contents of its own, of which the old checksum says nothing.
  const ours = row.contentSha256 !== null && row.filePath.startsWith(keyOf(row.id, ""));
  if (ours && (await dataAgrees(client, row))) {
    const there = await hashOf(store, row.filePath, signal);
    if (there !== undefined && there.sha256 !== row.contentSha256) return OTHER;
    return (await note(client, row)) ? "kept" : CHANGED;
  }
  const found = await store.get(row.filePath, signal);
  if (found === undefined) return "there is no object at its filePath";
  if (found.bytes > LARGEST) {
    found.body.destroy();
    return `it has more than ${LARGEST / 1024 ** 2} MiB`;
  }
  const parts: Buffer[] = [];
  for await (const part of found.body) parts.push(part);
  const contents = Buffer.concat(parts);
  if (contents.length !== found.bytes || (ours && sha256(contents) !== row.contentSha256)) return OTHER;
  return (await note(client, row, contents)) ? "fetched" : CHANGED;
}

const OTHER = "its object has other contents than its contentSha256 tells";
const CHANGED = "it was written meanwhile";

async function dataAgrees(client: Client, { id, contentSha256 }: StoredRow): Promise<boolean> {
  const { rows } = await client.query<{ data: string | null }>(`SELECT f."data" FROM ${FILE} f WHERE f."id" = $1`, [
    id,
  ]);
  const contents = decodeBase64(rows[0]?.data ?? "");
  return typeof rows[0]?.data === "string" && contents !== undefined && sha256(contents) === contentSha256;
}

/** Unless somebody has moved or rewritten the file meanwhile. */
async function note(client: Client, { id, filePath, contentSha256 }: StoredRow, contents?: Buffer): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE ${FILE} f SET "storageType" = 'database'${contents === undefined ? "" : ', "data" = $4, "contentSha256" = $5'}
      WHERE f."id" = $1 AND f."storageType" = 's3' AND f."filePath" IS NOT DISTINCT FROM $2 AND f."contentSha256" IS NOT DISTINCT FROM $3`,
    [id, filePath, contentSha256, ...(contents === undefined ? [] : [contents.toString("base64"), sha256(contents)])],
  );
  return rowCount === 1;
}

const sha256 = (contents: Buffer): string => createHash("sha256").update(contents).digest("hex");
