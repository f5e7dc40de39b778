import { type Client, escapeIdentifier } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import { ExitCode, UserError } from "../../settings/errors";
import { inTransaction } from "../target/transaction";

/** How long transactions of the application may keep ladder from its tables, in milliseconds. */
const PATIENCE_MS = 10_000;
/** Less than the second after which PostgreSQL looks for a deadlock, and would perhaps end the application's transaction. */
const HOLDING_MS = 400;
const DEADLOCK = "40P01";
const LOCK_TIMEOUT = "55P03";

/** Tables that others write, and how they are to be locked. */
export interface Locked {
  readonly names: () => Promise<readonly string[]>;
  readonly mode: "SHARE ROW EXCLUSIVE" | "ACCESS EXCLUSIVE";
  /** What is tried, for the message: `PostgreSQL's gate cannot be <closed>`. */
  readonly what: string;
}

/**
 * Does something in one transaction that holds tables of the schema `public` which others write. Whoever holds some and waits for another may
 * wait for one who waits for him: so ladder lets go soon, and begins the next time with the table that it did not get, as the application
 * probably does. While it holds nothing it may wait.
 * @throws UserError when the tables were not to be had for 10 s.
 */
export async function besideWriters(client: Client, locked: Locked, work: () => Promise<void>): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  let first: readonly string[] = [];
  for (;;) {
    const names = await locked.names();
    const order = [...first.filter((name) => names.includes(name)), ...names.filter((name) => !first.includes(name))];
    let waitsFor = "";
    try {
      return await inTransaction(client, async () => {
        for (const [at, name] of order.entries()) {
          waitsFor = name;
          const wait = at === 0 ? Math.max(1, Math.ceil(until - performance.now())) : HOLDING_MS;
          await client.query(
            `SET LOCAL lock_timeout = ${wait}; LOCK TABLE public.${escapeIdentifier(name)} IN ${locked.mode} MODE`,
          );
        }
        await work();
      });
    } catch (error) {
      if (![DEADLOCK, LOCK_TIMEOUT].includes(codeOf(error))) throw error;
      if (performance.now() >= until) throw notToBeHad(locked.what);
      first = [waitsFor, ...first.filter((name) => name !== waitsFor)];
    }
  }
}

const notToBeHad = (what: string): UserError =>
  new UserError(
    `PostgreSQL's gate cannot be ${what}: transactions hold its tables for more than ${PATIENCE_MS / 1000} s. Nothing was changed. End them (pg_stat_activity shows them), then run again.`,
    ExitCode.failed,
  );
