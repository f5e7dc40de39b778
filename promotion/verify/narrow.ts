import { type Client, escapeIdentifier } from "pg";
import { quoteName } from "../../local/sqlite/shape";
import type { SqliteValue, TablePlan } from "../model";
import { codecOf } from "../values/codec";
import { Checksum } from "./checksum";
import { type Suspect, shownKey } from "./difference";
import { HashList, onlyIn } from "./hashList";
import { isKept } from "./kept";
import { targetHash } from "./rowText";
import type { SourceRows } from "./sourceRows";
import type { Span } from "./span";
import { AS_TEXT, spanWhere, targetTable } from "./targetRows";

/** Hashes that are held at once: 16 MB of each side. */
const GROUP_ROWS = 2_000_000;

interface Narrowed {
  /** Rows that PostgreSQL has not got because they are in quarantine, though each of their values could be carried. */
  readonly kept: { readonly rows: number; readonly sum: bigint };
  readonly suspects: Suspect[];
  readonly more: boolean;
}

interface Search {
  /** Of the larger side. */
  readonly rows: number;
  readonly most: number;
  /** Keys of the rows in quarantine. */
  readonly quarantine: ReadonlySet<string>;
}

/** Finds the rows of a span that are on one side only: first their hashes, then their keys. Memory does not grow with the table. */
export async function narrow(
  rows: SourceRows,
  client: Client,
  table: TablePlan,
  span: Span,
  { rows: count, most, quarantine }: Search,
): Promise<Narrowed> {
  const only = { source: [] as bigint[], target: [] as bigint[], more: false };
  const groups = 2 ** Math.ceil(Math.log2(Math.max(1, count / GROUP_ROWS)));
  for (let group = 0; group < groups && !only.more; group++) {
    const source = new HashList();
    rows.hashes(span, {
      onHash: (high, low) => {
        if (low % groups === group) source.add(high, low);
      },
    });
    const target = await targetHashes(client, table, span, groups, group);
    const { ours, theirs, more } = onlyIn(
      source.sorted(),
      target.sorted(),
      most - Math.max(only.source.length, only.target.length),
    );
    only.source.push(...ours);
    only.target.push(...theirs);
    only.more = more;
  }
  const kept = new Checksum();
  const suspects = new Map<string, Suspect>();
  let unkeyed = 0;
  const add = (suspect: Suspect): void => {
    const known = suspects.get(suspect.shown);
    if (table.sourceKey.length === 0) suspects.set(String(unkeyed++), suspect);
    // What SQLite says of the key is better than what is reckoned back.
    else if (known === undefined || known.key.length === 0) suspects.set(suspect.shown, suspect);
  };
  for (const { row, fields, high, low } of rows.withHashes(span, counted(only.source))) {
    if (isKept(table, row, quarantine)) kept.add(high, low);
    else add({ key: row.key, shown: shownKey(table, keyTexts(table, fields)) });
  }
  for (const texts of await targetKeysOf(client, table, span, only.target))
    add({ key: reckonedKey(table, texts), shown: shownKey(table, texts) });
  return { kept: { rows: kept.rows, sum: kept.sum }, suspects: [...suspects.values()], more: only.more };
}

async function targetHashes(client: Client, table: TablePlan, span: Span, groups: number, group: number) {
  const all = `SELECT ${targetHash(table)} AS h FROM ${targetTable(table)} ${spanWhere(table, span)}`;
  // As one value: a row for each would cost ten times the time.
  const { rows } = await client.query<{ hashes: Buffer | null }>(
    `SELECT string_agg(int8send(h), '') AS hashes FROM (${all}) AS hashes WHERE (h & ${groups - 1}) = ${group}`,
  );
  const bytes = rows[0]?.hashes ?? Buffer.alloc(0);
  const hashes = new HashList();
  for (let at = 0; at < bytes.length; at += 8) hashes.add(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4));
  return hashes;
}

function counted(hashes: readonly bigint[]): Map<bigint, number> {
  const counts = new Map<bigint, number>();
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return counts;
}

async function targetKeysOf(client: Client, table: TablePlan, span: Span, hashes: readonly bigint[]) {
  if (hashes.length === 0) return [];
  const names = table.targetKey.map((name) => `t.${escapeIdentifier(name)}`).join(", ") || "NULL";
  const where = spanWhere(table, span);
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${names} FROM ${targetTable(table)} ${where} ${where === "" ? "WHERE" : "AND"} ${targetHash(table)} = ANY ($1::bigint[])`,
    values: [hashes.map((hash) => BigInt.asIntN(64, hash).toString())],
    rowMode: "array",
    types: AS_TEXT,
  });
  return rows;
}

const keyTexts = ({ targetKey, columns }: TablePlan, fields: readonly (string | null)[]): (string | null)[] =>
  targetKey.map((name) => fields[columns.findIndex(({ target }) => target === name)] ?? null);

/** The source's key of a row of PostgreSQL, where its columns are the key's own. */
function reckonedKey({ sourceKey, targetKey, columns }: TablePlan, texts: readonly (string | null)[]): SqliteValue[] {
  const key: SqliteValue[] = [];
  for (const name of sourceKey) {
    const column = columns.find(
      ({ target, select }) => select === `s.${quoteName(name)}` && targetKey.includes(target),
    );
    if (column === undefined) return [];
    key.push(codecOf(column.codec).decode(texts[targetKey.indexOf(column.target)] ?? null));
  }
  return key;
}
