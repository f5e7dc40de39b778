import type { ClientBase } from "pg";
import { inTransaction } from "../columns/transaction";
import type { KeyRing } from "./keyRing";
import { giveKeys, KEYS } from "./keyTable";
import { decryptedSql, ENCRYPTED, HASH, KEY_ID, PLAIN, USERS, usersTable } from "./usersTable";

/**
 * The user of a wallet, in whatever letter case it is written. The hashes under all keys of the ring are looked for, so that a user is
 * found at every moment of a rotation by whoever has old and new keys; and one that is not encrypted yet by its plain text as given.
 * Needs no more than SELECT, and hands no key to the server.
 * @returns `users.id`; undefined when nobody has this wallet.
 * @throws UserError when it is no wallet address.
 */
export async function findUserByWallet(
  client: ClientBase,
  ring: KeyRing,
  address: string,
): Promise<string | undefined> {
  const { plain } = await usersTable(client);
  const { rows } = await client.query<{ id: string }>(
    plain
      ? `SELECT id::text FROM ${USERS} WHERE ${HASH} = ANY($1::bytea[]) OR (${PLAIN} = $2 AND ${HASH} IS NULL) LIMIT 1`
      : `SELECT id::text FROM ${USERS} WHERE ${HASH} = ANY($1::bytea[]) LIMIT 1`,
    plain ? [ring.hashes(address), address] : [ring.hashes(address)],
  );
  return rows[0]?.id;
}

/**
 * The wallet of a user, decrypted. In a transaction of its own, to which it hands the keys (see `giveKeys`): so for the owner role,
 * as the shard directory and the commands are; an application decrypts by itself (docs/wallets.md).
 * @returns undefined when there is no such user, it is not encrypted yet, or the ring lacks its keys.
 */
export async function decryptWallet(client: ClientBase, ring: KeyRing, id: string): Promise<string | undefined> {
  const table = await usersTable(client);
  return inTransaction(client, async () => {
    await giveKeys(client, ring);
    const { rows } = await client.query<{ address: string }>(
      `SELECT ${decryptedSql(table, `u.${ENCRYPTED}`, "k.passphrase")} AS address
         FROM ${USERS} u JOIN ${KEYS} k ON k.label = u.${KEY_ID} WHERE u.id = $1`,
      [id],
    );
    return rows[0]?.address;
  });
}
