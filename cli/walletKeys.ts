import { readFileSync, statSync } from "node:fs";
import type { KeyRing } from "../schema/wallets/keyRing";
import { parseKeyRing } from "../schema/wallets/parseKeyRing";
import { UserError } from "../settings";
import { warn } from "./console";
import { typedPath } from "./project";

/** Environment variable with the key ring itself, as a pod gets it from its Secret. */
export const KEYS_VARIABLE = "LADDER_WALLET_KEYS";

/**
 * The key ring from a file, or from the environment: never from the command line, which every user of the machine can read.
 * @param file as typed.
 * @throws UserError that names the source, and shows nothing of what stands there.
 */
export function readKeyRing(file: string | undefined): KeyRing {
  if (file !== undefined) return parseKeyRing(readKeyFile(typedPath(file)), file);
  const text = process.env[KEYS_VARIABLE];
  if (text === undefined || text === "")
    throw new UserError(
      `Which keys? Name the file with --keys <file>, or set ${KEYS_VARIABLE} to the JSON. docs/wallets.md tells where a stack keeps them and how a ring is made.`,
    );
  return parseKeyRing(text, KEYS_VARIABLE);
}

function readKeyFile(path: string): string {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o004) !== 0) warn(`Every user of this machine can read the wallet keys in ${path}: chmod 600 ${path}`);
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new UserError(
      `The wallet keys cannot be read from ${path} (${code}). Name a file that has them: --keys <file>`,
    );
  }
}
