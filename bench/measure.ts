/** One line of a bench's table. */
export interface Line {
  readonly what: string;
  /** Seconds, one per round. */
  readonly seconds: readonly number[];
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
export function printLines(lines: readonly Line[]): void {
  const width = Math.max(...lines.map(({ what }) => what.length));
  for (const { what, seconds } of lines) {
    const rounds = seconds.map((value) => value.toFixed(2)).join(", ");
    console.log(`  ${what.padEnd(width)}  median ${median(seconds).toFixed(2)} s  (${rounds})`);
  }
}

/** Prints whether a target (at most `limit`) is reached; a missed one makes the process end with exit code 1. */
export function judge({ what, value, limit, unit }: Target): void {
  const reached = value <= limit;
  console.log(`  ${what}: ${value.toFixed(2)}${unit} (at most ${limit}${unit}: ${reached ? "reached" : "MISSED"})`);
  if (!reached) process.exitCode = 1;
}
