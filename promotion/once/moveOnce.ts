import { randomUUID } from "node:crypto";
import type { Database } from "better-sqlite3";
import { loadMigrations } from "../../catalogue/migrations";
import { applyMigrations } from "../../schema/apply";
import { type Connection, connect } from "../../schema/connection";
import { ExitCode, UserError } from "../../settings";
import type { Plan, Progress, SourceFile } from "../model";
import { openSource } from "../source/open";
import { targetOf } from "../target/session";
import { type Brought, bring } from "./bring";
import { agrees, type Compared, compare } from "./compare";
import { planOf, type Ruling } from "./plan";
import { setUp } from "./setUp";

/** A copy of a source that nobody writes, and a target, for one run. */
export interface Once extends Ruling {
  /** It gets the mapping's tables. */
  readonly copy: SourceFile;
  /** Throws when the source was written since it was copied. */
  readonly refuseWritten?: () => void;
  readonly connection: Connection;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Moved {
  readonly plan: Plan;
  readonly brought: Brought;
  readonly compared: Compared;
}

/**
 * Brings all rows over in one transaction, and compares every one of them afterwards. Run again, it finds its own rows and changes nothing.
 * @throws UserError for whatever is in the way; and when the comparison finds a difference, which nothing but a defect or another writer makes.
 */
export async function moveOnce(
  once: Once & { readonly quarantine: boolean; readonly existing: "refuse" | "upsert" },
): Promise<Moved> {
  return withCopy(once, async (db, plan) => {
    const target = targetOf(once.connection, randomUUID());
    await migrate(once, plan);
    const { quarantine, existing, refuseWritten, onProgress, signal } = once;
    const brought = await bring({ db, target, plan, quarantine, existing, refuseWritten, onProgress, signal });
    const client = await target.connect();
    try {
      const compared = await compare(db, client, plan, once);
      refuseDifferent(compared, brought, existing);
      return { plan, brought, compared };
    } finally {
      await client.end();
    }
  });
}

/**
 * Compares only (C-22). `connection` undefined: there is no target yet, and the source's figures are all there is.
 * @returns `empty`: the target has no row in any of the tables, so there is nothing to compare yet.
 */
export async function compareOnce(
  once: Omit<Once, "connection"> & { readonly connection: Connection | undefined },
): Promise<{ plan: Plan; compared: Compared; empty: boolean; agrees: boolean }> {
  return withCopy(once, async (db, plan) => {
    const client = once.connection && (await targetOf(once.connection, randomUUID()).connect());
    try {
      await setUp(db, client, plan);
      const compared = await compare(db, client, plan, once);
      once.refuseWritten?.();
      const empty = compared.tables.every(({ targetRows }) => targetRows === 0);
      return { plan, compared, empty, agrees: agrees(compared) };
    } finally {
      await client?.end();
    }
  });
}

async function withCopy<T>(once: Omit<Once, "connection">, work: (db: Database, plan: Plan) => Promise<T>): Promise<T> {
  const db = openSource(once.copy, { readonly: false });
  try {
    return await work(db, planOf(db, once, once));
  } finally {
    db.close();
  }
}

async function migrate({ connection, signal }: Once, { catalogue }: Plan): Promise<void> {
  if (catalogue === undefined) return;
  const client = await connect(connection);
  try {
    await applyMigrations({ client, database: catalogue, migrations: loadMigrations(catalogue, "postgresql"), signal });
    signal?.throwIfAborted();
  } finally {
    await client.end();
  }
}

function refuseDifferent({ tables }: Compared, brought: Brought, existing: "refuse" | "upsert"): void {
  const wrong = tables.filter(({ target, missing, different, extra }) => {
    const known = existing === "upsert" ? (brought.tables.find((one) => one.target === target)?.extra ?? 0) : 0;
    return missing + different > 0 || extra > known;
  });
  if (wrong.length === 0) return;
  const lines = wrong.map(
    ({ target, missing, different, extra }) =>
      `  ${target}: ${missing} rows are missing, ${different} are different, ${extra} are not in the source`,
  );
  throw new UserError(
    `All rows were written, and what PostgreSQL holds now differs from the source:\n${lines.join("\n")}\nLook who else writes there; the source was left as it is.`,
    ExitCode.failed,
  );
}
