import type { ClientBase } from "pg";
import { ExitCode, UserError } from "../../settings";
import { inTransaction } from "../columns/transaction";
import { ADDRESS_SQL } from "./address";
import type { KeyRing } from "./keyRing";
import { KEY_ID, NOT_ENCRYPTED, PLAIN, USERS, type UsersTable, usersTable } from "./usersTable";

/** How many ids a message or an answer names at most. */
export const NAMED = 20;

/** How the wallets of a database stand, all counted at one moment. */
export interface WalletStatus {
  readonly users: number;
  readonly encrypted: number;
  /** Rows by the keys that they name; `known` when the ring has them. */
  readonly keys: readonly { readonly label: string; readonly rows: number; readonly known: boolean }[];
  /** What new rows are written under. */
  readonly current: string;
  /** Whether `users.wallet_address` is still there. */
  readonly plainColumn: boolean;
  /** Users whose plain text is no wallet address: how many, and the first ids. */
  readonly malformed: { readonly count: number; readonly ids: readonly string[] };
  /** Wallets that several users have in different letter case: how many, and the ids of the first ones. */
  readonly duplicates: { readonly count: number; readonly ids: readonly (readonly string[])[] };
}

/** Looks at the wallets; changes nothing, and needs no key but their names. */
export async function walletStatus(client: ClientBase, ring: KeyRing): Promise<WalletStatus> {
  const table = await usersTable(client);
  return inTransaction(client, () => survey(client, table, ring), { snapshot: true });
}

async function survey(client: ClientBase, table: UsersTable, ring: KeyRing): Promise<WalletStatus> {
  const counts = await client.query<{ users: string; encrypted: string }>(
    `SELECT count(*) AS users, count(*) FILTER (WHERE NOT ${NOT_ENCRYPTED}) AS encrypted FROM ${USERS} u`,
  );
  const keys = await client.query<{ label: string; rows: string }>(
    `SELECT u.${KEY_ID} AS label, count(*) AS rows FROM ${USERS} u WHERE u.${KEY_ID} IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  const { users = "0", encrypted = "0" } = counts.rows[0] ?? {};
  return {
    users: Number(users),
    encrypted: Number(encrypted),
    keys: keys.rows.map(({ label, rows }) => ({ label, rows: Number(rows), known: ring.labels.includes(label) })),
    current: ring.current,
    plainColumn: table.plain,
    malformed: table.plain ? await malformed(client) : { count: 0, ids: [] },
    duplicates: table.plain ? await duplicates(client) : { count: 0, ids: [] },
  };
}

async function malformed(client: ClientBase): Promise<WalletStatus["malformed"]> {
  const { rows } = await client.query<{ count: string; ids: string[] | null }>(
    `SELECT count(*), (array_agg(u.id::text ORDER BY u.id))[1:${NAMED}] AS ids FROM ${USERS} u WHERE u.${PLAIN} !~ $1`,
    [ADDRESS_SQL],
  );
  return { count: Number(rows[0]?.count ?? 0), ids: rows[0]?.ids ?? [] };
}

async function duplicates(client: ClientBase): Promise<WalletStatus["duplicates"]> {
  const { rows } = await client.query<{ count: string; ids: string[] }>(
    `SELECT count(*) OVER () AS count, array_agg(u.id::text ORDER BY u.id) AS ids FROM ${USERS} u
      WHERE u.${PLAIN} ~ $1 GROUP BY lower(u.${PLAIN}) HAVING count(*) > 1 ORDER BY min(u.id) LIMIT ${NAMED}`,
    [ADDRESS_SQL],
  );
  return { count: Number(rows[0]?.count ?? 0), ids: rows.map(({ ids }) => ids) };
}

/** @throws UserError for wallets that cannot be encrypted as they are. Nothing was written by then. */
export function refuseUnfit({ malformed, duplicates, keys }: WalletStatus): void {
  const problems = [
    ...(duplicates.count > 0
      ? [
          `${count(duplicates.count, "wallet")} in different letter case with several users: ${duplicates.ids.map((ids) => ids.join(" and ")).join("; ")}${more(duplicates)}. They are one wallet each: merge these users, or correct their addresses.`,
        ]
      : []),
    ...(malformed.count > 0
      ? [
          `${count(malformed.count, "user")} with something else than 0x and 40 hexadecimal digits as ${PLAIN}: ${malformed.ids.join(", ")}${more(malformed)}. Correct them.`,
        ]
      : []),
    ...keys
      .filter(({ known }) => !known)
      .map(
        ({ label, rows }) =>
          `${count(rows, "user")} encrypted under the keys ${label}, which the key ring lacks. Put these keys back into it.`,
      ),
  ];
  if (problems.length > 0)
    throw new UserError(
      ["Nothing was written. There are:", ...problems.map((line) => `  - ${line}`)].join("\n"),
      ExitCode.refused,
    );
}

const count = (rows: number, what: string): string => `${rows} ${what}${rows === 1 ? "" : "s"}`;
const more = ({ count, ids }: { count: number; ids: readonly unknown[] }): string => (count > ids.length ? "; …" : "");
