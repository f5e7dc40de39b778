import type { ClientBase } from "pg";
import { SqlState, sqlState } from "../columns/transaction";

/** A row that a step could not treat, and why. Never with the address. */
export interface RowProblem {
  /** `users.id`. */
  readonly id: string;
  readonly problem: string;
}

/** What became of some rows. */
export interface RowsDone {
  readonly done: number;
  readonly problems: readonly RowProblem[];
}

/** Errors that one row causes and that say nothing of the others. */
const OF_A_ROW: Readonly<Record<string, string>> = {
  [SqlState.externalRoutine]: "its ciphertext cannot be decrypted by the key that it names",
  [SqlState.uniqueViolation]: "another user has the same wallet",
};

/**
 * Treats rows together, and where one of them stops the statement, in halves down to that row. Runs inside a transaction.
 * @param treat gives how many of these ids were treated, and which were not.
 */
export async function treatRows(
  client: ClientBase,
  ids: readonly string[],
  treat: (ids: readonly string[]) => Promise<RowsDone>,
): Promise<RowsDone> {
  if (ids.length === 0) return { done: 0, problems: [] };
  await client.query("SAVEPOINT rows");
  try {
    const result = await treat(ids);
    await client.query("RELEASE SAVEPOINT rows");
    return result;
  } catch (error) {
    const problem = OF_A_ROW[sqlState(error) ?? ""];
    if (problem === undefined) throw error;
    await client.query("ROLLBACK TO SAVEPOINT rows; RELEASE SAVEPOINT rows");
    const [only, ...others] = ids;
    if (only !== undefined && others.length === 0) return { done: 0, problems: [{ id: only, problem }] };
    const half = Math.ceil(ids.length / 2);
    const first = await treatRows(client, ids.slice(0, half), treat);
    const second = await treatRows(client, ids.slice(half), treat);
    return { done: first.done + second.done, problems: [...first.problems, ...second.problems] };
  }
}
