import { open, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ExitCode, UserError } from "../../settings";

const CHUNK = 256 * 1024;

function* inChunks(parts: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const part of parts) {
    chunk += part;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/**
 * Writes a file for its owner alone: it may hold personal data. It is there as a whole, on the disk, or not at all; a file of that name
 * is replaced then.
 * @throws UserError (failed) when it cannot be written; AbortError when `signal` says stop.
 */
export async function writeWhole(path: string, parts: Iterable<string>, signal?: AbortSignal): Promise<void> {
  const part = `${path}.part`;
  try {
    // Opened before anything may be cut off: a file still being opened would appear after its removal.
    const file = await open(part, "w", 0o600);
    await pipeline(Readable.from(inChunks(parts)), file.createWriteStream({ flush: true }), { signal });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (!(error instanceof Error) || !("code" in error) || !/^E[A-Z]+$/.test(String(error.code))) throw error;
    throw new UserError(
      `${path} could not be written (${String(error.code)}). Free some space or name another folder, and run again.`,
      ExitCode.failed,
    );
  }
}
