import type { CatalogueName } from "../../settings";
import type { CodecSpec, LeftOut, Plan, Rules, SourceSchema, StorageClass, TableProfile } from "../model";
import type { Case } from "./cases/case";

/** A column, what is in it, and what it becomes. */
export interface AssessedColumn {
  readonly name: string;
  readonly declared: string;
  readonly classes: Readonly<Record<StorageClass, number>>;
  /** Type in PostgreSQL; undefined for a column that a mapping does not carry as it is. */
  readonly type?: string;
  readonly codec?: CodecSpec;
  readonly why: string;
  readonly warning?: string;
  /** Only the user can tell what the values are: no plan is made before rules.yaml says so. */
  readonly question?: string;
}

export interface AssessedTable {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly largestRowBytes: number;
  /** False where a rule leaves it out. */
  readonly carried: boolean;
  readonly columns: readonly AssessedColumn[];
}

export interface Estimates {
  /** From the first row copied to the end of the verification, without the application's own changes meanwhile. */
  readonly seconds: number;
  /** Tables and indexes in PostgreSQL. */
  readonly targetBytes: number;
  /** PostgreSQL's write-ahead log of the copy. */
  readonly walBytes: number;
  /** How long writers wait at the cut-over. */
  readonly freezeMilliseconds: number;
  /** How these were computed, in a sentence each. */
  readonly how: readonly string[];
}

/** What was found in a database before anything is done. JSON, but for `schema`, `profiles` and `plan`, which hold 64-bit integers. */
export interface Assessment {
  readonly file: string;
  readonly bytes: number;
  /** Of the write-ahead log beside it. */
  readonly walBytes: number;
  /** Of the library that read it. */
  readonly sqliteVersion: string;
  readonly journalMode: string;
  readonly encoding: SourceSchema["encoding"];
  readonly catalogue?: CatalogueName;
  readonly tables: readonly AssessedTable[];
  readonly cases: readonly Case[];
  /** `table.column: question`, one for each column that only the user can rule on. */
  readonly questions: readonly string[];
  readonly estimates: Estimates;
  readonly leftOut: readonly LeftOut[];
  /** Why no plan could be made, besides open questions. */
  readonly refusal?: string;
  readonly schema: SourceSchema;
  readonly profiles: readonly TableProfile[];
  readonly rules: Rules;
  /** Undefined while there are questions or a refusal. */
  readonly plan?: Plan;
}
