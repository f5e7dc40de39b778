import type { ClientBase } from "pg";
import { changedSince } from "../columns/changes";
import { again, inTransaction } from "../columns/transaction";
import { ADDRESS_SQL } from "./address";
import type { KeyRing } from "./keyRing";
import { giveKeys, KEYS } from "./keyTable";
import { FIRST_ID, type StepOptions } from "./passes";
import { type RowProblem, type RowsDone, treatRows } from "./rows";
import { NAMED } from "./survey";
import {
  decryptedSql,
  ENCRYPTED,
  HASH,
  hashSql,
  KEY_ID,
  NOT_ENCRYPTED,
  PLAIN,
  USERS,
  type UsersTable,
  usersTable,
} from "./usersTable";

export interface Verification {
  readonly checked: number;
  readonly wrong: number;
  /** The first of the wrong ones. */
  readonly problems: readonly RowProblem[];
}

export interface VerifyOptions extends StepOptions {
  /** Only rows that were written since: what `changeMark` gave. */
  readonly since?: string;
}

/** Rows that are only read, and so may be many at once. */
const READ_ROWS = 2000;

/** Decrypts each wallet and compares it with its hash, and with the plain text while that is there. Changes nothing, locks nothing. */
export async function verifyWallets(
  client: ClientBase,
  ring: KeyRing,
  options: VerifyOptions = {},
): Promise<Verification> {
  const table = await usersTable(client);
  const { onProgress, signal, batchRows = READ_ROWS, since } = options;
  const total = await countRows(client, since);
  const start = performance.now();
  let found: Verification = { checked: 0, wrong: 0, problems: [] };
  let after: string | undefined = FIRST_ID;
  while (after !== undefined) {
    signal?.throwIfAborted();
    const from: string = after;
    const { last, result } = await again(() =>
      inTransaction(client, async () => {
        await giveKeys(client, ring);
        return verifyBatch(client, table, { after: from, rows: batchRows, since });
      }),
    );
    found = sum(found, result);
    after = last;
    onProgress?.({
      done: found.checked,
      total,
      rowsPerSecond: Math.round((found.checked * 1000) / (performance.now() - start)),
    });
  }
  return found;
}

/** The same for all rows that were written since a mark, inside the running transaction, which has the keys. */
export async function verifyChanged(client: ClientBase, table: UsersTable, since: string): Promise<Verification> {
  let found: Verification = { checked: 0, wrong: 0, problems: [] };
  let after: string | undefined = FIRST_ID;
  while (after !== undefined) {
    const { last, result } = await verifyBatch(client, table, { after, rows: READ_ROWS, since });
    found = sum(found, result);
    after = last;
  }
  return found;
}

interface Batch {
  readonly after: string;
  readonly rows: number;
  readonly since: string | undefined;
}

async function verifyBatch(
  client: ClientBase,
  table: UsersTable,
  { after, rows, since }: Batch,
): Promise<{ readonly last: string | undefined; readonly result: RowsDone }> {
  const { sql, parameters } = written(since, 3);
  const selected = await client.query<{ id: string }>(
    `SELECT u.id::text FROM ${USERS} u WHERE u.id > $1 AND ${sql} ORDER BY u.id LIMIT $2`,
    [after, rows, ...parameters],
  );
  const ids = selected.rows.map(({ id }) => id);
  const { problems } = await treatRows(client, ids, (some) => check(client, table, some));
  const result = { done: ids.length, problems };
  return { last: ids.length < rows ? undefined : ids.at(-1), result };
}

async function check(client: ClientBase, table: UsersTable, ids: readonly string[]): Promise<RowsDone> {
  const { rows } = await client.query<{ id: string; problem: string | null }>(
    `SELECT o.id::text, CASE
       WHEN o.bare THEN 'it is not encrypted'
       WHEN o.unknown THEN 'the key ring lacks the keys that it names'
       WHEN o.plain IS DISTINCT FROM o.address THEN 'its ciphertext holds another address than ${PLAIN}'
       WHEN o.address !~ $2 THEN 'its ciphertext holds no wallet address'
       WHEN o.expected <> o.hash THEN 'its hash is not that of its address' END AS problem
     FROM (SELECT o.*, ${table.plain ? "o.written" : "o.address"} AS plain, ${hashSql(table, "o.address", "o.mac")} AS expected
             FROM (SELECT u.id, ${table.plain ? `u.${PLAIN}` : "NULL::text"} AS written, u.${HASH} AS hash, k.mac,
                          ${NOT_ENCRYPTED} AS bare, k.label IS NULL AS unknown,
                          ${decryptedSql(table, `u.${ENCRYPTED}`, "k.passphrase")} AS address
                     FROM ${USERS} u LEFT JOIN ${KEYS} k ON k.label = u.${KEY_ID}
                    WHERE u.id = ANY($1::bigint[]) OFFSET 0) o OFFSET 0) o`,
    [ids, ADDRESS_SQL],
  );
  const problems = rows.flatMap(({ id, problem }) => (problem === null ? [] : [{ id, problem }]));
  return { done: rows.length, problems };
}

async function countRows(client: ClientBase, since: string | undefined): Promise<number> {
  const { sql, parameters } = written(since, 1);
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${USERS} u WHERE ${sql}`, parameters);
  return Number(rows[0]?.count ?? 0);
}

const written = (since: string | undefined, position: number): { sql: string; parameters: string[] } =>
  since === undefined ? { sql: "true", parameters: [] } : { sql: changedSince("u", position), parameters: [since] };

const sum = ({ checked, wrong, problems }: Verification, batch: RowsDone): Verification => ({
  checked: checked + batch.done,
  wrong: wrong + batch.problems.length,
  problems: [...problems, ...batch.problems].slice(0, NAMED),
});
