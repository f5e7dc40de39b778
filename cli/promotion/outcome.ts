import type { Outcome } from "../../promotion/machine/promote";
import { age, heading, print, printRows } from "../console";

const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} s`;

/** Tells how a run of `ladder promote` ended, and what may come next. `rehearsed`: with a copy, of which nothing is left. `announce`: once it serves. */
export function showOutcome(outcome: Outcome, rehearsed: boolean, announce: readonly string[]): void {
  const { stack, folder, done, serving, actions, soak } = outcome;
  if (actions.length > 0) {
    print(heading("Done"));
    printRows(actions.map(({ action, seconds: took, figures }) => [action, `${seconds(took)}${inWords(figures)}`]));
  }
  if (rehearsed) {
    print(
      `Rehearsed with a copy, and taken back: both sides of stack ${stack} are as they were. What was found: ${folder}`,
    );
    return;
  }
  const server = serving === "sqlite" ? "SQLite" : "PostgreSQL";
  const data =
    done === "rollback" || done === "retire" ? `Stack ${stack}: ${ENDS[done]}.` : `${server} serves stack ${stack}.`;
  print(`${data} Everything about it: ${folder}`);
  if (soak !== undefined) {
    print(
      `PostgreSQL has been serving since the cut-over, ${age(soak.servingMs)}; ${soak.changes.toLocaleString("en-US")} changes are logged for a way back.`,
    );
    print(`Way back: npx ladder promote ${stack} --rollback. For good: npx ladder promote ${stack} --step retire`);
    for (const line of announce) print(line);
  } else if (serving === "sqlite" && done !== "rollback") {
    print(`Next: npx ladder promote ${stack} goes on from here; npx ladder promote ${stack} --rollback takes it back.`);
  }
}

const ENDS = {
  rollback: "the promotion was taken back, and SQLite serves",
  retire: "the promotion is retired, and PostgreSQL serves for good; the SQLite file stays and refuses writes",
};

/** Figures that are a number or a word; what is larger is in the journal. */
function inWords(figures: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(figures).flatMap(([name, value]) =>
    typeof value === "number" || typeof value === "string"
      ? [`${name} ${typeof value === "number" ? value.toLocaleString("en-US") : value}`]
      : [],
  );
  return shown.length === 0 ? "" : `  ${shown.join(", ")}`;
}
