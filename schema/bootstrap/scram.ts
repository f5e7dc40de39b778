import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { UserError } from "../../settings/errors";

/** PostgreSQL's default (`scram_iterations`, and fixed before version 16). */
const ITERATIONS = 4096;
const SALT_BYTES = 16;

/**
 * What PostgreSQL stores of a password (RFC 5803), made here: the server, its log and pg_stat_statements never see the password.
 *
 * @param password printable ASCII: others would have to be normalised (RFC 4013) exactly as each client does it
 * @param salt base64 of 16 bytes; the same salt gives the same verifier. Default: a random one
 */
export function scramVerifier(password: string, salt: string = randomBytes(SALT_BYTES).toString("base64")): string {
  if (!/^[\x20-\x7e]+$/.test(password))
    throw new UserError(
      "A database password is empty or holds a character beyond ASCII, which clients do not all read alike. Choose one of letters, digits and signs.",
    );
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), ITERATIONS, 32, "sha256");
  const key = (what: string): Buffer => createHmac("sha256", salted).update(what).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt}$${stored}:${key("Server Key").toString("base64")}`;
}
