import type { Connection } from "../../schema/connection";
import type { Asked } from "./asked";
import type { Beginning } from "./assessSource";
import type { Wish } from "./next";
import type { Ways } from "./work";

/** What `promote` is called with. */
export interface PromoteOptions extends Ways {
  /** Where the stack's promotions are kept: `<project>/.ladder/promotions/<stack>`. */
  readonly parent: string;
  readonly stack: string;
  /** Where to end. `soak`: everything up to PostgreSQL serving; `retire` and `rollback` only when asked for. */
  readonly wish: Exclude<Wish, "assess">;
  /** What a new promotion begins with; asked only when there is none to go on with. */
  readonly beginning: () => Beginning | Promise<Beginning>;
  /** What was typed of that; a promotion to go on with has to be the same. Undefined: whatever it is. */
  readonly asked?: Asked | undefined;
  /** PostgreSQL, as the owner of the database. */
  readonly connection: Connection;
  /** Threads that copy and verify. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** With a copy of the file: nothing but the notes knows. */
  readonly rehearsal?: true;
}
