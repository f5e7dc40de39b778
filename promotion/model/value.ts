/** TEXT whose bytes are no valid UTF-8: SQLite keeps such, PostgreSQL does not. */
export class InvalidText {
  constructor(readonly bytes: Buffer) {}
}

/** A value exactly as SQLite stores it: INTEGER as bigint, REAL as number, TEXT as string (NUL included) or InvalidText, BLOB as Buffer. */
export type SqliteValue = null | bigint | number | string | Buffer | InvalidText;

/** SQLite's storage classes, as `typeof()` names them. */
export const STORAGE_CLASSES = ["null", "integer", "real", "text", "blob"] as const;
export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** Why a value cannot be carried into its column. The reason holds no value of the row: it is shown, and written down. */
export class Refusal {
  constructor(readonly reason: string) {}
}
