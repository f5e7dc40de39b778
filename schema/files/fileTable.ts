import type { ClientBase } from "pg";
import { ExitCode, UserError } from "../../settings";
import { inTransaction } from "../columns/transaction";

/** The table of 4g3n7db that has files as Base64 (S3-02). */
export const FILE = 'public."File"';

/** The column that goes in phase 3 (S3-05). */
export const DATA = "data";

/** What a row says whose contents were never moved; one that says nothing was never touched by phase 2 either. */
export const IN_DATABASE = `coalesce(f."storageType", 'database') = 'database'`;

const COLUMNS = ["id", "filePath", "storageType", "contentSha256"] as const;

/** How far the files are out of the database, all counted at one moment. */
export interface FileStatus {
  readonly files: number;
  /** Rows by storageType. */
  readonly places: Readonly<Record<string, number>>;
  readonly inDatabase: number;
  /** Moved, but nobody can tell where to. */
  readonly withoutPath: number;
  /** Moved and with Base64 still there, but without the checksum to compare it with. */
  readonly withoutChecksum: number;
  /** Rows that still have Base64, and its characters. */
  readonly withData: number;
  readonly dataCharacters: number;
  /** Whether the column `"data"` is still there. */
  readonly dataColumn: boolean;
}

/** @throws UserError when the database has no table `"File"` with the columns of phase 1 (S3-03, S3-04). */
export async function fileTable(client: ClientBase): Promise<{ readonly dataColumn: boolean }> {
  const { rows } = await client.query<{ database: string; columns: string[] }>(
    `SELECT current_database() AS database, ARRAY(SELECT attname::text FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped) AS columns`,
    [FILE],
  );
  const { database = "", columns = [] } = rows[0] ?? {};
  const missing = COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new UserError(
      `Database ${database} has no ${missing.map((column) => `"File"."${column}"`).join(", ")}. Files are in the database 4g3n7db; if this is it, bring its schema up to date: npx ladder schema apply --database 4g3n7db`,
      ExitCode.refused,
    );
  return { dataColumn: columns.includes(DATA) };
}

/** Counts; changes nothing. */
export const fileStatus = (client: ClientBase): Promise<FileStatus> =>
  inTransaction(client, () => countFiles(client), { snapshot: true });

/** The same inside the running transaction. */
export async function countFiles(client: ClientBase): Promise<FileStatus> {
  const { dataColumn } = await fileTable(client);
  const data = dataColumn ? `f."${DATA}"` : "NULL::text";
  const { rows } = await client.query<Record<"place" | "files" | "pathless" | "bare" | "data" | "characters", string>>(
    `SELECT coalesce(f."storageType", 'database') AS place, count(*) AS files,
            count(*) FILTER (WHERE coalesce(f."filePath", '') = '') AS pathless,
            count(*) FILTER (WHERE ${data} IS NOT NULL AND f."contentSha256" IS NULL) AS bare,
            count(${data}) AS data, coalesce(sum(octet_length(${data})), 0) AS characters
       FROM ${FILE} f GROUP BY 1 ORDER BY 1`,
  );
  const moved = rows.filter(({ place }) => place !== "database");
  const sum = (some: typeof rows, figure: keyof (typeof rows)[number]) =>
    some.reduce((total, row) => total + Number(row[figure]), 0);
  const places = Object.fromEntries(rows.map(({ place, files }) => [place, Number(files)]));
  return {
    files: sum(rows, "files"),
    places,
    inDatabase: places.database ?? 0,
    withoutPath: sum(moved, "pathless"),
    withoutChecksum: sum(moved, "bare"),
    withData: sum(rows, "data"),
    dataCharacters: sum(rows, "characters"),
    dataColumn,
  };
}

/** @throws UserError while one file is not where its row says, as far as the table can tell. Nothing was changed by then. */
export function refuseUnmoved({ inDatabase, withoutPath, withoutChecksum, files }: FileStatus): void {
  const problems = [
    ...(inDatabase > 0 ? [`${inDatabase} of ${files} files are in the database: their storageType is database`] : []),
    ...(withoutPath > 0 ? [`${withoutPath} files have no filePath`] : []),
    ...(withoutChecksum > 0 ? [`${withoutChecksum} files have data and no contentSha256 to compare it with`] : []),
  ];
  if (problems.length > 0)
    throw new UserError(
      [
        '"File"."data" was left as it is:',
        ...problems.map((problem) => `  - ${problem}`),
        "Move these files first (docs/file-evacuation.md, phase 2); then run this again.",
      ].join("\n"),
      ExitCode.refused,
    );
}
