import type { Connection } from "../../schema/connection";
import type { SourceFile, TablePlan } from "../model";
import type { Range } from "./ranges";

/** What a copying thread is started with. */
export interface CopyJob {
  readonly id: string;
  readonly source: SourceFile;
  readonly connection: Connection;
  readonly tables: readonly TablePlan[];
  readonly quarantine: boolean;
}

/** What a thread is told: to open its snapshot while nobody writes, to copy a range, or that there is no more. */
export type Order =
  | { readonly type: "pin" }
  | { readonly type: "copy"; readonly table: number; readonly range: Range }
  | { readonly type: "end" };

/** A row that cannot be carried, as it is told: its key in words, and why. */
export interface ToldRefusal {
  readonly key: string;
  readonly column: string;
  readonly reason: string;
}

/** What a thread tells. `ready`: its sessions are open. `rows`: sent since the last time; negative when a range begins again. */
export type Told =
  | { readonly type: "ready" | "pinned" }
  | { readonly type: "rows"; readonly table: number; readonly rows: number }
  | {
      readonly type: "copied";
      readonly table: number;
      readonly refused: number;
      readonly examples: readonly ToldRefusal[];
    }
  | {
      readonly type: "failed";
      readonly message: string;
      readonly exitCode: number | undefined;
      readonly code: string | undefined;
    };
