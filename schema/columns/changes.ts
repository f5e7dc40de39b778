import type { ClientBase } from "pg";

/**
 * A mark in time for `changedSince`: the oldest transaction that runs now. Take it before looking at the rows.
 * Outside of a transaction, or as the first statement of one with a snapshot of its own.
 */
export async function changeMark(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ mark: string }>(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::xid::text AS mark",
  );
  const mark = rows[0]?.mark;
  if (mark === undefined) throw new Error("pg_current_snapshot gave no row");
  return mark;
}

/**
 * SQL: whether a row was written by a transaction that was not finished at the mark. Rows that were finished before may be among
 * them, when older transactions ran then; none that came later is left out, for a row keeps the number of its writer.
 * @param alias of the table.
 * @param position of the parameter that has the mark.
 */
export const changedSince = (alias: string, position: number): string => `age(${alias}.xmin) <= age($${position}::xid)`;
