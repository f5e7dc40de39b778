/** One line of a bench's table. */
export interface Line {
  readonly what: string;
  /** One per round. */
  readonly values: readonly number[];
}

/** What a bench has to reach. */
export interface Target {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
}

/** The middle value; of an even number of values the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** Prints medians and every single round, so that a reader sees how far they spread. */
export function printLines(lines: readonly Line[], unit: "s" | "MB" = "s"): void {
  const width = Math.max(...lines.map(({ what }) => what.length));
  const shown = (value: number): string => value.toFixed(unit === "s" ? 2 : 0);
  for (const { what, values } of lines)
    console.log(`  ${what.padEnd(width)}  median ${shown(median(values))} ${unit}  (${values.map(shown).join(", ")})`);
}

/** Prints whether a target (at most `limit`) is reached; a missed one makes the process end with exit code 1. */
export function judge({ what, value, limit, unit }: Target): void {
  const reached = value <= limit;
  console.log(`  ${what}: ${value.toFixed(2)}${unit} (at most ${limit}${unit}: ${reached ? "reached" : "MISSED"})`);
  if (!reached) process.exitCode = 1;
}
