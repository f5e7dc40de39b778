import { escapeIdentifier } from "pg";
import type { LeftOut } from "../model";
import { quoteText } from "./expression/typed";

/** What a translation could not carry, and what only the user can decide. */
export class Findings {
  readonly leftOut: LeftOut[] = [];
  readonly questions: string[] = [];
  private readonly notes = new Map<string, string[]>();

  /** `table`: its name in PostgreSQL, where a comment keeps the finding. */
  leave(what: string, why: string, instead: string, table?: string): void {
    this.leftOut.push({ what, why, instead });
    if (table !== undefined) this.notes.set(table, [...(this.notes.get(table) ?? []), `${what}: ${why}`]);
  }

  /** One comment for each table that lost something. */
  comments(): string[] {
    return [...this.notes].map(
      ([table, notes]) =>
        `COMMENT ON TABLE public.${escapeIdentifier(table)} IS ${quoteText(`Not as it was in SQLite: ${notes.join("; ")}`)}`,
    );
  }
}
