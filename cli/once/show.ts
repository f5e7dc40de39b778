import type { LeftOut } from "../../promotion/model";
import type { BroughtTable } from "../../promotion/once/bring";
import type { Compared, ComparedTable } from "../../promotion/once/compare";
import { type Refused, refusedLine } from "../../promotion/once/refusals";
import { print, warn } from "../console";

const count = (value: number): string => value.toLocaleString("en-US");

/** A table in columns; numbers stand to the right. */
function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [header, ...rows];
  const widths = header.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  for (const row of all)
    print(
      `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ")}`.trimEnd(),
    );
}

/** What was brought over, table by table. */
export function printBrought(tables: readonly BroughtTable[]): void {
  printTable(
    ["table", "in the source", "new", "changed", "as before", "left behind", "only in the target"],
    tables.map((one) => [
      one.target,
      count(one.rows + one.quarantined),
      ...[one.inserted, one.updated, one.rows - one.inserted - one.updated, one.quarantined, one.extra].map(count),
    ]),
  );
}

/** Both sides, and where they differ. */
export function printCompared({ tables }: Compared): void {
  printTable(
    ["table", "in the source", "in the target", "same", "missing", "different", "only in the target", "cannot come"],
    tables.map((one) => [
      one.target,
      ...[one.sourceRows, one.targetRows, one.same, one.missing, one.different, one.extra, one.refused].map(count),
    ]),
  );
  for (const { target, targetRows, keys } of tables)
    if (targetRows > 0 && keys.length > 0) print(`  ${target}: missing or different, such as key ${keys.join("; ")}`);
}

/** Sums of money on both sides. */
export function printSums(tables: readonly ComparedTable[]): void {
  for (const { target, sums } of tables)
    for (const { column, source, target: there } of sums)
      print(`  ${target}.${column}: ${source} in the source, ${there} in the target`);
}

export function printLeftOut(leftOut: readonly LeftOut[]): void {
  for (const { what, why, instead } of leftOut) print(`  ${what}: ${why}; ${instead}`);
}

export function warnRefused(refused: readonly Refused[]): void {
  for (const one of refused) warn(refusedLine(one));
}
