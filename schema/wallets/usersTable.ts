import type { ClientBase } from "pg";
import { ExitCode, UserError } from "../../settings";

/** The table of circle whose wallets are encrypted (S4-03, S4-66, C-37). */
export const USERS = "public.users";

/** The columns beside the plain one: ciphertext, HMAC for UNIQUE and lookups, and the keys of both. */
export const ENCRYPTED = "wallet_address_encrypted";
export const HASH = "wallet_address_hash";
export const KEY_ID = "wallet_key_id";
export const PLAIN = "wallet_address";

/** A row that has not got all three. */
export const NOT_ENCRYPTED = `(u.${ENCRYPTED} IS NULL OR u.${HASH} IS NULL OR u.${KEY_ID} IS NULL)`;

/** What the work needs to know of this database. */
export interface UsersTable {
  /** Whether the plain column is still there. */
  readonly plain: boolean;
  /** Schema of pgcrypto, quoted: its functions are called by their full names, whatever the search path. */
  readonly pgcrypto: string;
}

/** @throws UserError when the database has not got what wallet encryption works on. */
export async function usersTable(client: ClientBase): Promise<UsersTable> {
  const { rows } = await client.query<{ database: string; columns: string[]; pgcrypto: string | null }>(
    `SELECT current_database() AS database,
            ARRAY(SELECT attname::text FROM pg_catalog.pg_attribute
                   WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped) AS columns,
            (SELECT extnamespace::regnamespace::text FROM pg_catalog.pg_extension WHERE extname = 'pgcrypto') AS pgcrypto`,
    [USERS],
  );
  const { database = "", columns = [], pgcrypto } = rows[0] ?? {};
  const missing = [ENCRYPTED, HASH, KEY_ID].filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new UserError(
      `Database ${database} has no ${missing.map((column) => `${USERS}.${column}`).join(", ")}. Wallets are encrypted in the database circle; if this is it, bring its schema up to date: npx ladder schema apply --database circle`,
      ExitCode.refused,
    );
  if (!pgcrypto)
    throw new UserError(
      `Database ${database} lacks the extension pgcrypto, which encrypts the wallets. The bootstrap installs it; by hand: CREATE EXTENSION pgcrypto;`,
      ExitCode.refused,
    );
  return { plain: columns.includes(PLAIN), pgcrypto };
}

/** Options of `pgp_sym_encrypt` (PostgreSQL documentation, "pgcrypto", "Options for PGP Functions"). */
const CIPHER =
  // The password is a random key and not a phrase: it is salted and not stretched, which would take 30 times as long.
  "cipher-algo=aes256, s2k-mode=1, s2k-digest-algo=sha256";

/** SQL: the ciphertext of an address under a passphrase. */
export const encryptedSql = ({ pgcrypto }: UsersTable, address: string, passphrase: string): string =>
  `${pgcrypto}.pgp_sym_encrypt(${address}, ${passphrase}, '${CIPHER}')`;

/** SQL: the address in a ciphertext. Raises 39000 for another key or damaged data. */
export const decryptedSql = ({ pgcrypto }: UsersTable, ciphertext: string, passphrase: string): string =>
  `${pgcrypto}.pgp_sym_decrypt(${ciphertext}, ${passphrase})`;

/** SQL: the HMAC-SHA-256 of an address in its one spelling. */
export const hashSql = ({ pgcrypto }: UsersTable, address: string, mac: string): string =>
  `${pgcrypto}.hmac(convert_to(lower(${address}), 'UTF8'), ${mac}, 'sha256')`;
