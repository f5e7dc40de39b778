import type { Run, TablePlan } from "../model";
import type { Suspect } from "./difference";
import { crossed, type Order, type Told } from "./messages";
import type { UnitResult } from "./unit";

/** What comparing a table found. */
export interface TableVerification {
  readonly table: TablePlan;
  readonly source: { readonly rows: number; readonly checksum: string };
  readonly target: { readonly rows: number; readonly checksum: string };
  /** Parts that were compared each for itself. */
  readonly ranges: number;
  readonly quarantined: number;
  /** Rows that differ, by their keys: for good, or because they are written meanwhile. Catch up, then `compareKeys` tells. */
  readonly suspects: readonly Suspect[];
  /** More rows differ than `suspects` has: this table is to be compared again as a whole. */
  readonly more: boolean;
}

/** So many keys of a table are kept. */
const MOST = 50_000;

type Give = (order: Order | undefined) => void;

/** What is to be done, and what was found. */
export class Work {
  private readonly orders: Order[];
  private readonly found: UnitResult[][];
  private readonly waiting: Give[] = [];
  private done = 0;
  private total = 0;
  private undivided: number;

  constructor(
    private readonly run: Run,
    private readonly tables: readonly TablePlan[],
  ) {
    this.orders = tables.map((_, table) => ({ type: "divide", table }));
    this.undivided = tables.length;
    this.found = tables.map(() => []);
  }

  /** Gives the next order, perhaps later: a thread that divides a table brings more. Undefined when there are none any more. */
  next(give: Give): void {
    this.waiting.push(give);
    this.serve();
  }

  private serve(): void {
    while (this.waiting.length > 0 && (this.orders.length > 0 || this.undivided === 0))
      this.waiting.shift()?.(this.orders.shift());
  }

  take(told: Extract<Told, { readonly type: "rows" | "divided" | "compared" }>): void {
    if (told.type === "compared") this.found[told.table]?.push(told.result);
    if (told.type === "divided") {
      this.undivided--;
      this.total += told.rows;
      for (const span of told.spans) this.orders.push({ type: "compare", table: told.table, span });
      this.serve();
    }
    if (told.type !== "rows") return;
    this.done += told.rows;
    const total = this.undivided === 0 ? { total: Math.max(this.total, this.done) } : {};
    const table = this.tables[told.table]?.target ?? "";
    this.run.onProgress({ phase: "verify", table, done: this.done, ...total, unit: "rows" });
  }

  results(): TableVerification[] {
    return this.tables.map((table, at) => verificationOf(table, this.found[at] ?? []));
  }
}

/** What the parts of a table come to. */
export function verificationOf(table: TablePlan, units: readonly UnitResult[]): TableVerification {
  const suspects = units.flatMap((unit) => unit.suspects);
  return {
    table,
    source: summed(units.map(({ source }) => source)),
    target: summed(units.map(({ target }) => target)),
    ranges: units.length,
    quarantined: units.reduce((sum, unit) => sum + unit.quarantined, 0),
    suspects: suspects.slice(0, MOST).map(({ key, shown }) => ({ key: key.map(crossed), shown })),
    more: suspects.length > MOST || units.some(({ more }) => more),
  };
}

function summed(sides: readonly { readonly rows: number; readonly sum: bigint }[]) {
  const sum = sides.reduce((all, side) => all + side.sum, 0n);
  return {
    rows: sides.reduce((all, side) => all + side.rows, 0),
    checksum: BigInt.asUintN(64, sum).toString(16).padStart(16, "0"),
  };
}
