import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { ExitCode, UserError } from "../settings/errors";
import { placesOf } from "./places";

/**
 * Makes sure that the passphrase of the project's own state is there, readable for this user alone. Gives true when it
 * was made now. It is never replaced: the state's secrets cannot be read with another one.
 * @throws UserError `refused` when a state exists but its passphrase is gone or empty.
 */
export function ensurePassphrase(root: string): boolean {
  const { passphrase: file, state } = placesOf(root);
  if (!existsSync(file)) {
    if (hasStacks(state)) throw lost(file, state, "is missing");
    return create(file);
  }
  if (readFileSync(file, "utf8").trim() === "") throw lost(file, state, "is empty");
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  return false;
}

/** True when the file backend in the folder holds a stack. */
export function hasStacks(state: string): boolean {
  const stacks = join(state, ".pulumi", "stacks");
  return (
    existsSync(stacks) &&
    readdirSync(stacks, { recursive: true }).some((name) => /\.json(\.gz|\.zst)?$/.test(String(name)))
  );
}

function create(file: string): boolean {
  // Written whole under another name and linked: a link fails if the file has come into being meanwhile.
  const draft = `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;
  const handle = openSync(draft, "wx", 0o600);
  try {
    writeSync(handle, `${randomBytes(32).toString("base64url")}\n`);
    fsyncSync(handle);
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    closeSync(handle);
    rmSync(draft, { force: true });
  }
}

function lost(file: string, state: string, what: string): UserError {
  return new UserError(
    `The passphrase file ${file} ${what}, but there is a state in ${state} whose secrets only it can open. ` +
      "Restore the file from a backup, or set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE. " +
      "A new passphrase is never made for an existing state; to give the state up, move that folder away first.",
    ExitCode.refused,
  );
}
