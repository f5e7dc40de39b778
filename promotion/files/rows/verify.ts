import { countFiles } from "../../../schema/files/fileTable";
import { pool } from "../parallel";
import { type Left, leftCollector } from "../pass";
import { hashOf } from "../store/contents";
import { placeOf } from "../store/settings";
import type { RowsMove } from "./move";
import { storedRows } from "./stored";

/** Whether the store has every file whose row says so. */
export interface RowsVerdict {
  readonly agrees: boolean;
  readonly store: string;
  /** Rows by storageType. */
  readonly places: Readonly<Record<string, number>>;
  /** Objects that were read. */
  readonly objects: number;
  readonly bytes: number;
  readonly differences: Left;
}

const ROOM = 16;

/** Reads the object of every row with storageType `s3`, and compares it with the row's contentSha256. Changes nothing. */
export async function verifyRows({
  connect,
  store,
  signal,
  onProgress = () => undefined,
}: RowsMove): Promise<RowsVerdict> {
  const client = await connect();
  const differences = leftCollector();
  let [objects, bytes] = [0, 0];
  const reading = pool(ROOM);
  try {
    try {
      for await (const { id, filePath, contentSha256 } of storedRows(client)) {
        signal?.throwIfAborted();
        await reading.add(1, async () => {
          const found = filePath ? await hashOf(store, filePath, signal) : undefined;
          if (found === undefined) return differences.add({ path: id, why: "there is no object at its filePath" });
          objects++;
          bytes += found.bytes;
          onProgress({ phase: "verify files of the database", done: objects, unit: "files" });
          if (contentSha256 !== null && contentSha256 !== found.sha256)
            differences.add({ path: id, why: "its object has other contents than its contentSha256 tells" });
        });
      }
    } finally {
      await reading.end();
    }
    const { places } = await countFiles(client);
    const agrees = differences.left.count === 0;
    return { agrees, store: placeOf(store.settings), places, objects, bytes, differences: differences.left };
  } finally {
    await client.end().catch(() => undefined);
  }
}
