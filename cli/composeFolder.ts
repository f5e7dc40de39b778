import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExitCode, UserError } from "../settings";

/** A folder of rendered files, which remembers what was written there, so that nothing of anybody else is lost. */

export interface Written {
  readonly path: string;
  readonly state: "new" | "changed" | "same" | "removed";
}

/** What was written last: the stack, and the checksum of each file. */
interface Rendering {
  readonly stack: string;
  readonly files: Readonly<Record<string, string>>;
}

const RECORD = ".rendered.json";

/**
 * Writes the files. Files that somebody changed, or that were there before, stop it unless `force`; files of an earlier rendering
 * that are no more are removed. @throws UserError
 */
export function writeRendered(
  folder: string,
  stack: string,
  files: Readonly<Record<string, string>>,
  force: boolean,
): Written[] {
  const before = readRecord(folder);
  if (before.stack !== undefined && before.stack !== stack && !force)
    throw new UserError(
      `${folder} holds the files of stack ${before.stack}. Give another folder with --out, or --force to replace them.`,
      ExitCode.refused,
    );
  const gone = Object.keys(before.files).filter((path) => !(path in files) && existsSync(join(folder, path)));
  const foreign = [...Object.keys(files), ...gone].filter((path) => {
    const text = textAt(folder, path);
    return text !== undefined && text !== files[path] && checksum(text) !== before.files[path];
  });
  if (foreign.length > 0 && !force)
    throw new UserError(
      `${foreign.map((path) => join(folder, path)).join(", ")} ${foreign.length === 1 ? "was" : "were"} not written here, or changed since; nothing was written. Put what you want otherwise into compose.override.yaml, or give --force to replace ${foreign.length === 1 ? "it" : "them"}.`,
      ExitCode.refused,
    );
  const written = Object.entries(files).map(([path, text]): Written => {
    const there = textAt(folder, path);
    if (there !== text) put(folder, path, text, path.endsWith(".sh") ? 0o755 : 0o644);
    return { path, state: there === undefined ? "new" : there === text ? "same" : "changed" };
  });
  for (const path of gone) rmSync(join(folder, path));
  const record: Rendering = {
    stack,
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, checksum(text)])),
  };
  put(folder, RECORD, `${JSON.stringify(record, null, 2)}\n`, 0o644);
  return [...written, ...gone.map((path): Written => ({ path, state: "removed" }))];
}

const checksum = (text: string): string => createHash("sha256").update(text).digest("hex");

const textAt = (folder: string, path: string): string | undefined => {
  const file = join(folder, path);
  return existsSync(file) ? attempt(file, "read", () => readFileSync(file, "utf8")) : undefined;
};

/** In one step: a container that has the old file mounted never sees half of a new one. */
function put(folder: string, path: string, text: string, mode: number): void {
  const file = join(folder, path);
  attempt(file, "written", () => {
    mkdirSync(dirname(file), { recursive: true });
    const partial = `${file}.partial`;
    rmSync(partial, { force: true });
    writeFileSync(partial, text, { mode });
    // Containers run as other users: the mask of whoever renders must not hide the files from them.
    chmodSync(partial, mode);
    renameSync(partial, file);
  });
}

function attempt<T>(file: string, what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`${file} cannot be ${what} (${code}). Give another folder with --out.`, ExitCode.failed);
  }
}

function readRecord(folder: string): Partial<Rendering> & Pick<Rendering, "files"> {
  const text = textAt(folder, RECORD);
  if (text === undefined) return { files: {} };
  try {
    const record: Rendering = JSON.parse(text);
    if (typeof record?.stack === "string" && typeof record.files === "object" && record.files !== null) return record;
  } catch {
    // Said below.
  }
  throw new UserError(
    `${join(folder, RECORD)} cannot be understood, so that it is not known what was changed by hand. Give another folder with --out, or remove that file and give --force.`,
    ExitCode.refused,
  );
}

/** Where the passwords are: read by Docker Compose, ignored by git. */
export const ENV_FILE = ".env";

const assignment = (name: string): RegExp => new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(.*)$`, "m");

/** What a line has where Docker Compose reads no value: nothing, quotes around nothing, a comment. */
const EMPTY = /^(""|'')?[ \t]*(#.*)?$/;

/** Those of the names that have no value in the folder's `.env`. */
export function unset(folder: string, names: readonly string[]): string[] {
  const text = textAt(folder, ENV_FILE) ?? "";
  return names.filter((name) => EMPTY.test(assignment(name).exec(text)?.[1] ?? ""));
}

/**
 * Gives those names a random value in `.env`, which becomes readable by its owner only. A value that is there stays.
 * Returns the names that got one.
 */
export function fillSecrets(folder: string, names: readonly string[]): string[] {
  const missing = unset(folder, names);
  let text = textAt(folder, ENV_FILE) ?? "";
  for (const name of missing) {
    // Hexadecimal digits need no encoding in an address, a shell or a configuration: 192 bits.
    const line = `${name}=${randomBytes(24).toString("hex")}`;
    if (assignment(name).test(text)) text = text.replace(assignment(name), line);
    else text += `${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
  }
  if (missing.length > 0) put(folder, ENV_FILE, text, 0o600);
  return missing;
}
