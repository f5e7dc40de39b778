import { createHash } from "node:crypto";
import { decodeBase64 } from "./base64";
import { fieldsOf, linesOf } from "./copyText";

/** How many wrong files are named. */
const NAMED = 20;

/** What reading a copy of the files' data has shown. */
export interface CheckedRows {
  readonly rows: number;
  /** SHA-256 of the copy, hex, and its bytes, before compression. */
  readonly sha256: string;
  readonly bytes: number;
  readonly wrong: number;
  /** Ids of the first files whose data does not agree with their contentSha256. */
  readonly wrongIds: readonly string[];
}

/** Reads a copy with the columns id, contentSha256 and data, and compares each file with its checksum. */
export async function checkRows(copy: AsyncIterable<Buffer>, onRow?: (rows: number) => void): Promise<CheckedRows> {
  const hash = createHash("sha256");
  let bytes = 0;
  const hashed = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of copy) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const wrong: string[] = [];
  let rows = 0;
  let wrongRows = 0;
  for await (const line of linesOf(hashed())) {
    const [id, contentSha256, data] = fieldsOf(line);
    rows++;
    if (!agrees(data, contentSha256)) {
      wrongRows++;
      if (wrong.length < NAMED) wrong.push(id ?? "");
    }
    onRow?.(rows);
  }
  return { rows, sha256: hash.digest("hex"), bytes, wrong: wrongRows, wrongIds: wrong };
}

function agrees(data: string | null | undefined, contentSha256: string | null | undefined): boolean {
  const contents = typeof data === "string" ? decodeBase64(data) : undefined;
  return contents !== undefined && createHash("sha256").update(contents).digest("hex") === contentSha256;
}
