import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings";
import { changeMark } from "../columns/changes";
import { columnDependents, type Dependents } from "../columns/dependents";
import { dropColumn, refuseHeld } from "../columns/dropColumn";
import type { KeyRing } from "./keyRing";
import { giveKeys } from "./keyTable";
import type { StepOptions } from "./passes";
import { refuseUnfit, walletStatus } from "./survey";
import { ENCRYPTED, HASH, KEY_ID, PLAIN, USERS, usersTable } from "./usersTable";
import { type Verification, verifyChanged, verifyWallets } from "./verify";

/** The trigger that forgets the encrypted form of a changed address: it has no meaning without the address. */
const TRIGGER = "trigger users_wallet_changed on table users";
const DROP_TRIGGER =
  "DROP TRIGGER IF EXISTS users_wallet_changed ON public.users; DROP FUNCTION IF EXISTS ladder.forget_encrypted_wallet()";

/** From now on each user has a wallet by these three or not at all. */
const REQUIRE = `ALTER TABLE ${USERS} ${[ENCRYPTED, HASH, KEY_ID].map((column) => `ALTER COLUMN ${column} SET NOT NULL`).join(", ")}`;

/** So few rows are looked at while the table is locked that nobody notices. */
const FEW_ROWS = 2000;
const ROUNDS = 5;

export interface DropPlainOptions extends StepOptions {
  /** How often the table is asked for, 1 s each time. Default: 8. */
  readonly lockTries?: number;
}

/**
 * What would go with the plain column; undefined when it is gone already. Quick: compares nothing.
 * @throws UserError when one user is not encrypted, or something stands on the column.
 */
export async function planDropPlain(client: Client, ring: KeyRing): Promise<Dependents | undefined> {
  if (!(await usersTable(client)).plain) return undefined;
  const status = await walletStatus(client, ring);
  refuseUnfit(status);
  if (status.encrypted < status.users)
    throw new UserError(
      `${USERS}.${PLAIN} was left as it is: ${status.users - status.encrypted} of ${status.users} users are not encrypted yet. First: npx ladder wallets encrypt`,
      ExitCode.refused,
    );
  const dependents = await columnDependents(client, USERS, PLAIN);
  refuseHeld(USERS, PLAIN, dependents, [TRIGGER]);
  return dependents;
}

/**
 * Removes `users.wallet_address`. Each user's ciphertext is decrypted and compared with it first; users that were written meanwhile
 * are compared once more while the table is locked, so that none is lost.
 * @returns how many users were compared; undefined when the column was gone already.
 * @throws UserError, and leaves everything as it was, when one user is not encrypted or does not agree, or something stands on the column.
 */
export async function dropPlain(
  client: Client,
  ring: KeyRing,
  options: DropPlainOptions = {},
): Promise<number | undefined> {
  if ((await planDropPlain(client, ring)) === undefined) return undefined;
  const table = await usersTable(client);
  let mark = await changeMark(client);
  const all = refuseWrong(await verifyWallets(client, ring, options));
  for (let round = 0; round < ROUNDS; round++) {
    const next = await changeMark(client);
    const { checked } = refuseWrong(await verifyWallets(client, ring, { signal: options.signal, since: mark }));
    mark = next;
    if (checked < FEW_ROWS) break;
  }
  await dropColumn({
    client,
    table: USERS,
    column: PLAIN,
    ours: [TRIGGER],
    before: DROP_TRIGGER,
    after: REQUIRE,
    signal: options.signal,
    tries: options.lockTries,
    async check() {
      await giveKeys(client, ring);
      refuseWrong(await verifyChanged(client, table, mark));
    },
  });
  return all.checked;
}

function refuseWrong(found: Verification): Verification {
  if (found.wrong === 0) return found;
  throw new UserError(
    [
      `${USERS}.${PLAIN} was left as it is: ${found.wrong} users do not agree with it.`,
      ...found.problems.map(({ id, problem }) => `  - user ${id}: ${problem}`),
      "Those that are not encrypted yet: npx ladder wallets encrypt. For another address: set the three encrypted columns to NULL, and encrypt again.",
    ].join("\n"),
    ExitCode.refused,
  );
}
