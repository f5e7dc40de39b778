import type { ClientBase, QueryResult } from "pg";
import { FILE } from "../../../schema/files/fileTable";

/** A file whose row says that it is in the store. */
export interface StoredRow {
  readonly id: string;
  readonly filePath: string | null;
  /** Of its contents when they were moved. The application may write files without. */
  readonly contentSha256: string | null;
}

const PAGE = 500;

/** All rows with storageType `s3`, in the order of their keys. */
export async function* storedRows(client: ClientBase): AsyncGenerator<StoredRow> {
  let after: string | null = null;
  for (;;) {
    const { rows }: QueryResult<StoredRow> = await client.query(
      `SELECT f."id"::text, f."filePath", f."contentSha256" FROM ${FILE} f
        WHERE f."storageType" = 's3' AND ($1::text IS NULL OR f."id" > $1) ORDER BY f."id" LIMIT ${PAGE}`,
      [after],
    );
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.id ?? null;
  }
}
