import type { ClientBase } from "pg";
import { ADDRESS_SQL } from "./address";
import type { KeyRing } from "./keyRing";
import { KEYS } from "./keyTable";
import { type StepOptions, type StepResult, treatAll } from "./passes";
import { refuseUnfit, walletStatus } from "./survey";
import {
  decryptedSql,
  ENCRYPTED,
  encryptedSql,
  HASH,
  hashSql,
  KEY_ID,
  NOT_ENCRYPTED,
  PLAIN,
  USERS,
  usersTable,
} from "./usersTable";

/**
 * Fills ciphertext, hash and key id of the users that lack them (S4-65), while others read and write. Users that are added or get
 * another address meanwhile are done as well, or counted for the next run. Run again after an interruption: it goes on.
 * @throws UserError before anything is written when two users have one wallet, or one has none.
 */
export async function encryptWallets(
  client: ClientBase,
  ring: KeyRing,
  options: StepOptions = {},
): Promise<StepResult> {
  const table = await usersTable(client);
  refuseUnfit(await walletStatus(client, ring));
  if (!table.plain) return { done: 0, problems: [], left: 0, meanwhile: 0 };
  const address = `u.${PLAIN}`;
  const update = `UPDATE ${USERS} u
     SET ${ENCRYPTED} = ${encryptedSql(table, address, "k.passphrase")}, ${HASH} = ${hashSql(table, address, "k.mac")}, ${KEY_ID} = k.label
    FROM ${KEYS} k WHERE k.current AND u.id = ANY($1::bigint[])`;
  return treatAll({
    ...options,
    client,
    ring,
    todo: `${NOT_ENCRYPTED} AND u.${PLAIN} ~ $1`,
    parameters: [ADDRESS_SQL],
    treat: async (ids) => ({ done: (await client.query(update, [ids])).rowCount ?? 0, problems: [] }),
  });
}

/**
 * Puts every user under the current keys of the ring, while others read and write: readers that have old and new keys find and read
 * each wallet at every moment. A row whose ciphertext, hash and plain text disagree is left as it is and reported, so that a rotation
 * never covers damage up.
 * @throws UserError before anything is written when the ring lacks keys that rows name.
 */
export async function rotateWallets(client: ClientBase, ring: KeyRing, options: StepOptions = {}): Promise<StepResult> {
  const table = await usersTable(client);
  refuseUnfit(await walletStatus(client, ring));
  const agrees = [
    `${hashSql(table, "opened.address", "k.mac")} = u.${HASH}`,
    ...(table.plain ? [`opened.address = u.${PLAIN}`] : []),
  ].join(" AND ");
  const update = `UPDATE ${USERS} u
     SET ${ENCRYPTED} = ${encryptedSql(table, "opened.address", "n.passphrase")}, ${HASH} = ${hashSql(table, "opened.address", "n.mac")}, ${KEY_ID} = n.label
    FROM (SELECT r.id, r.${KEY_ID}, ${decryptedSql(table, `r.${ENCRYPTED}`, "o.passphrase")} AS address
            FROM ${USERS} r JOIN ${KEYS} o ON o.label = r.${KEY_ID} WHERE r.id = ANY($1::bigint[]) OFFSET 0) opened
    JOIN ${KEYS} k ON k.label = opened.${KEY_ID} CROSS JOIN ${KEYS} n
   WHERE n.current AND u.id = opened.id AND ${agrees} RETURNING u.id::text`;
  return treatAll({
    ...options,
    client,
    ring,
    todo: `NOT ${NOT_ENCRYPTED} AND u.${KEY_ID} <> $1 AND u.${KEY_ID} = ANY($2)`,
    parameters: [ring.current, ring.labels],
    async treat(ids) {
      const { rows } = await client.query<{ id: string }>(update, [ids]);
      const done = new Set(rows.map(({ id }) => id));
      const problems = ids
        .filter((id) => !done.has(id))
        .map((id) => ({ id, problem: "its ciphertext, hash and address disagree" }));
      return { done: done.size, problems };
    },
  });
}
