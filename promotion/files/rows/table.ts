import type { ClientBase } from "pg";
import { fileTable } from "../../../schema/files/fileTable";

/** How the store is to show a file of the database. */
export interface Shown {
  readonly name?: string;
  readonly mimeType?: string;
}

/** Reads name and type of a file, as far as the table has columns for them: only `"data"` is documented (C-14). */
export async function shownReader(client: ClientBase): Promise<(client: ClientBase, id: string) => Promise<Shown>> {
  await fileTable(client);
  const { rows } = await client.query<{ column: string }>(
    `SELECT attname AS column FROM pg_attribute WHERE attrelid = to_regclass('public."File"') AND attnum > 0
      AND NOT attisdropped AND attname IN ('name', 'mimeType')`,
  );
  if (rows.length === 0) return async () => ({});
  const columns = rows.map(({ column }) => `f."${column}"::text`).join(", ");
  return async (session, id) => {
    const found = await session.query<Record<string, string | null>>(
      `SELECT ${columns} FROM public."File" f WHERE f."id" = $1`,
      [id],
    );
    const { name, mimeType } = found.rows[0] ?? {};
    return { ...(name ? { name } : {}), ...(mimeType ? { mimeType } : {}) };
  };
}
