import type { Connection } from "../../schema/connection";
import { InvalidText, type SourceFile, type SqliteValue, type TablePlan } from "../model";
import type { Span } from "./span";
import type { UnitResult } from "./unit";

/** What a comparing thread is started with. */
export interface VerifyJob {
  readonly id: string;
  readonly source: SourceFile;
  readonly connection: Connection;
  readonly tables: readonly TablePlan[];
}

/** What a thread is to do: divide a table into spans, or compare one. `table`: its place in the job. */
export type Order =
  | { readonly type: "divide"; readonly table: number }
  | { readonly type: "compare"; readonly table: number; readonly span: Span };

/** What a thread tells: `ready` for an order, rows that it read since the last time, and what an order gave. */
export type Told =
  | { readonly type: "ready" }
  | { readonly type: "rows"; readonly table: number; readonly rows: number }
  | { readonly type: "divided"; readonly table: number; readonly spans: readonly Span[]; readonly rows: number }
  | { readonly type: "compared"; readonly table: number; readonly result: UnitResult }
  | { readonly type: "failed"; readonly message: string; readonly exitCode?: number; readonly code?: string };

/** A value of a key after it crossed from a thread, which takes its class away. */
export function crossed(value: SqliteValue | Uint8Array | { readonly bytes: Uint8Array }): SqliteValue {
  if (value === null || typeof value !== "object") return value;
  return value instanceof Uint8Array ? Buffer.from(value) : new InvalidText(Buffer.from(value.bytes));
}
