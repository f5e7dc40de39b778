import type { Preview } from "../../promotion/machine/preview";
import { bytes, heading, print, printRows, warn } from "../console";

/** Tells what a promotion would do. */
export function showPreview(told: Preview, announce: readonly string[]): void {
  const { stack, promotion, place, tables, rows = 0, estimates, sourceBytes, steps, leftOut, problems } = told;
  print(
    promotion === undefined
      ? `A promotion of stack ${stack} into ${place} would carry ${tables} tables with ${rows.toLocaleString("en-US")} rows (${bytes(sourceBytes)}).`
      : `Promotion ${promotion} of stack ${stack} into ${place}, ${tables} tables (${bytes(sourceBytes)}):`,
  );
  if (estimates !== undefined)
    print(
      `It takes about ${Math.max(1, Math.round(estimates.seconds))} s and ${bytes(estimates.targetBytes)} in PostgreSQL; writers wait about ${Math.round(estimates.freezeMilliseconds)} ms at the cut-over.`,
    );
  for (const { step, state, does, back } of steps) {
    print(`${heading(step)} (${state}): ${does}.`);
    print(`  Way back: ${back}.`);
  }
  if (leftOut.length > 0) {
    print(heading("Left out"));
    printRows(leftOut.map(({ what, why, instead }) => [what, `${why}; ${instead}`]));
  }
  for (const line of announce) print(line);
  for (const problem of problems) warn(problem);
  print("Nothing was changed (--plan).");
}
