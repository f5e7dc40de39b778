import { createReadStream } from "node:fs";
import { ExitCode, UserError } from "../../settings";

/**
 * The objects of a file that holds a JSON array of them, one text after the other, so that a large file needs little memory. Whether an
 * object is valid is for its reader to say.
 * @throws UserError when the file is not there, is no UTF-8, or no array of objects.
 */
export async function* jsonObjects(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const splitter = new Splitter();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of createReadStream(path, { signal }))
      yield* splitter.take(decoder.decode(chunk, { stream: true }));
    splitter.end();
  } catch (error) {
    throw explained(path, error);
  }
}

class NoArray extends Error {}

function explained(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why =
    code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "it is not in UTF-8" : error instanceof NoArray && error.message;
  if (why)
    return new UserError(`${path} is no JSON array of objects: ${why}. Write it anew with: ladder export-sqlite.`);
  if (code === "ENOENT")
    return new UserError(`There is no ${path}. Run ladder export-sqlite first, or name its folder with --folder.`);
  return /^E[A-Z]+$/.test(code) ? new UserError(`${path} cannot be read (${code}).`, ExitCode.failed) : error;
}

/** Finds where an object of the outermost array begins and ends. */
class Splitter {
  /** 0 outside the array, 1 between its objects, more inside one. */
  private depth = 0;
  private inText = false;
  private escaped = false;
  private ended = false;
  private object = "";

  *take(text: string): Generator<string> {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.charAt(at);
      if (this.depth < 2) {
        if (this.between(character)) start = at;
      } else if (this.inside(character)) {
        yield this.object + text.slice(start, at + 1);
        this.object = "";
      }
    }
    if (this.depth > 1) this.object += text.slice(start);
  }

  end(): void {
    if (!this.ended) throw new NoArray("it ends too early");
  }

  /** True where an object begins. */
  private between(character: string): boolean {
    if (/\s/.test(character)) return false;
    const begins = this.depth === 1 && character === "{";
    if (begins) this.depth = 2;
    else if (this.depth === 0 && character === "[" && !this.ended) this.depth = 1;
    else if (this.depth === 1 && character === "]") [this.depth, this.ended] = [0, true];
    else if (this.depth === 0 || character !== ",") throw new NoArray("something else stands outside its objects");
    return begins;
  }

  /** True where the object ends. */
  private inside(character: string): boolean {
    if (this.escaped) this.escaped = false;
    else if (this.inText && character === "\\") this.escaped = true;
    else if (character === '"') this.inText = !this.inText;
    else if (this.inText) return false;
    else if (character === "{" || character === "[") this.depth += 1;
    else if (character === "}" || character === "]") this.depth -= 1;
    return this.depth === 1;
  }
}
