import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { quarantineKey } from "../copy/quarantine";
import { dirtyCounts, keysSince, sourceMark } from "../log/sourceLog";
import type { Run } from "../model";
import { openSource } from "../source/open";
import { type Difference, differenceText } from "./difference";
import { compareKeys } from "./keys";
import { countOrphans } from "./orphans";
import { checkSequences } from "./sequences";
import { moneySums } from "./sums";
import { compareUnit } from "./unit";
import { judged, type TableVerdict, type Verdict } from "./verdict";
import { verifyAll } from "./verify";
import { type TableVerification, verificationOf } from "./work";

export interface ProveOptions {
  /**
   * Brings PostgreSQL up to what SQLite has now. Undefined: nobody writes, and what differs is wrong. With it, the source's log must be
   * installed: rows that are written again and again, after `sourceMark` at the beginning, are left to the cut-over to compare.
   */
  readonly catchUp?: () => Promise<unknown>;
  /**
   * The same for a moment's changes, called again and again while the tables are compared. Without it, what is written meanwhile differs, and
   * on a large table more of it than is looked for. Default: not called.
   */
  readonly follow?: () => Promise<unknown>;
  /** The sequences were set, and one that is behind is an error. Default: false. */
  readonly sequences?: boolean;
}

/** How often what differs is looked at again while the application writes. */
const ROUNDS = 5;
const FOLLOW_MS = 500;
/** So many differences of a table are told. */
const TOLD = 20;
/** So many keys are looked at once more where more differ than are known. */
const SAMPLE = 1_000;
/** A table of no more rows is not worth starting threads for. */
const SMALL = 50_000;

/** Compares both sides wholly, and gives the verdict. Writes nothing but what `catchUp` does. */
export async function prove(run: Run, options: ProveOptions = {}): Promise<Verdict> {
  const startedAt = new Date().toISOString();
  const db = openSource(run.source, { readonly: true });
  const client = await run.target.connect();
  try {
    const before = options.catchUp === undefined ? undefined : { mark: sourceMark(db), dirty: dirtyCounts(db) };
    const { tables } = await whileFollowing(options.follow, () => verifyAll(run));
    const proofs: Proof[] = tables.map((found) => ({ found, open: found, differences: [], settled: 0, moving: 0 }));
    for (let round = 0; round < ROUNDS && options.catchUp !== undefined && proofs.some(isOpen); round++) {
      await options.catchUp();
      for (const proof of proofs.filter(isOpen))
        await whileFollowing(options.follow, () => settle(run, db, client, proof));
    }
    for (const proof of proofs.filter(isOpen)) await conclude(db, client, proof, before);
    const figures: TableVerdict[] = [];
    for (const proof of proofs) figures.push(await tableVerdict(db, client, proof));
    const foreignKeys = await countOrphans(client);
    const sequences = await checkSequences(client, db, run.plan);
    return judged({
      promotion: run.id,
      startedAt,
      endedAt: new Date().toISOString(),
      tables: figures,
      foreignKeys,
      sequences,
      sequencesJudged: options.sequences === true,
      differences: proofs.flatMap(({ differences }) => differences.slice(0, TOLD).map(differenceText)),
    });
  } finally {
    db.close();
    await client.end();
  }
}

/** Does the work, and follows the application until it is done. */
async function whileFollowing<T>(follow: ProveOptions["follow"], work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const following = async (): Promise<void> => {
    while (follow !== undefined && !done.signal.aborted) {
      await follow();
      await sleep(FOLLOW_MS, undefined, { signal: done.signal }).catch(() => undefined);
    }
  };
  // Both have ended before either's failure is told: sessions are open for them.
  const [worked, followed] = await Promise.allSettled([work().finally(() => done.abort()), following()]);
  if (worked.status === "rejected") throw worked.reason;
  if (followed.status === "rejected") throw followed.reason;
  return worked.value;
}

/** How far a table is proven. */
interface Proof {
  /** As it was compared as a whole. */
  found: TableVerification;
  /** What is not the same yet. */
  open: Pick<TableVerification, "table" | "suspects" | "more">;
  differences: Difference[];
  settled: number;
  moving: TableVerdict["moving"];
}

const isOpen = ({ open }: Proof): boolean => open.suspects.length > 0 || open.more;

/** Looks again, after PostgreSQL has caught up, at what differed: at its keys, or where they do not tell it at the table as a whole. */
async function settle(run: Run, db: Database, client: Client, proof: Proof): Promise<void> {
  const { table, suspects, more } = proof.open;
  const whole = async () => verificationOf(table, [await compareUnit(db, client, table)]);
  if (more || suspects.some(({ key }) => key.length === 0)) {
    const [again] = proof.found.source.rows > SMALL ? (await verifyAll(run, [table])).tables : [await whole()];
    if (again === undefined) return;
    proof.settled += Math.max(0, suspects.length - again.suspects.length);
    proof.found = again;
    proof.open = again;
  } else {
    const still = await compareKeys(db, client, table, keysOf(suspects));
    proof.settled += suspects.length - still.length;
    proof.open = { table, suspects: still, more: false };
  }
}

interface Before {
  readonly mark: bigint;
  readonly dirty: ReadonlyMap<string, bigint>;
}

/** What is still open differs, unless it was written since the beginning: the cut-over compares that. */
async function conclude(db: Database, client: Client, proof: Proof, before: Before | undefined): Promise<void> {
  const { table, suspects, more } = proof.open;
  const unkeyed = (kind: Difference["kind"]) =>
    suspects
      .filter(({ key }) => key.length === 0)
      .map((suspect): Difference => ({ ...suspect, table: table.target, kind, columns: [] }));
  if (table.sourceKey.length === 0) {
    if (before !== undefined && dirtyCounts(db).get(table.target) !== before.dirty.get(table.target))
      proof.moving = "table";
    else proof.differences = unkeyed("differs");
    return;
  }
  const keys = keysOf(more ? suspects.slice(0, SAMPLE) : suspects);
  const differing = await compareKeys(db, client, table, keys);
  const written = new Set(before === undefined ? [] : keysSince(db, table, before.mark).map(quarantineKey));
  proof.differences = [...differing.filter(({ key }) => !written.has(quarantineKey(key))), ...unkeyed("extra")];
  proof.moving = differing.length + unkeyed("extra").length - proof.differences.length;
}

const keysOf = (suspects: TableVerification["suspects"]) =>
  suspects.filter(({ key }) => key.length > 0).map(({ key }) => [...key]);

async function tableVerdict(db: Database, client: Client, proof: Proof): Promise<TableVerdict> {
  const { table, source, target, ranges, quarantined } = proof.found;
  return {
    source: table.source,
    target: table.target,
    rows: { source: source.rows, target: target.rows },
    ranges,
    checksum: { source: source.checksum, target: target.checksum },
    quarantined,
    settled: proof.settled,
    moving: proof.moving,
    differing: proof.differences.length,
    more: proof.open.more && proof.moving !== "table",
    sums: await moneySums(db, client, table),
  };
}
