import type { ColumnProfile, SourceColumn } from "../../model";
import type { AssessedColumn } from "../assessment";
import type { CaseId, Outcome } from "./case";

/** What is known of a column when its cases are looked for. */
export interface Seen {
  readonly column: SourceColumn;
  readonly profile: ColumnProfile;
  readonly assessed: AssessedColumn;
}

/** A case of one column. Where `count` is undefined it is counted by `where`. */
export interface Finding {
  readonly id: CaseId;
  readonly count?: number;
  /** SQL that is true for the rows of the case. */
  readonly where: string;
  readonly outcome: Outcome;
  readonly done: string;
}
