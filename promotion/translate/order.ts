import type { SourceTable } from "../model";
import { folded } from "../source/createTable";

/** Parents before children, otherwise as given. Tables of a cycle come in the order in which they are met. */
export function parentsFirst(tables: readonly SourceTable[]): SourceTable[] {
  const byName = new Map(tables.map((table) => [folded(table.name), table]));
  const placed = new Set<SourceTable>();
  const waiting = [...tables].reverse();
  const met = new Set<SourceTable>();
  // Not by recursion: a chain of a thousand tables is a chain of a thousand calls.
  for (let table = waiting.at(-1); table; table = waiting.at(-1)) {
    const parents = met.has(table)
      ? []
      : table.foreignKeys.flatMap((key) => byName.get(folded(key.table)) ?? []).filter((parent) => !met.has(parent));
    met.add(table);
    if (parents.length > 0) waiting.push(...parents.reverse());
    else {
      placed.add(table);
      waiting.pop();
    }
  }
  return [...placed];
}
