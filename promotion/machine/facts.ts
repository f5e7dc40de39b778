import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import { MARKER, sourceSide } from "../log/sourceGate";
import { gateOf } from "../log/targetGate";
import { openSource } from "../source/open";
import { NOTES } from "../target/session";
import type { Promotion } from "./folder";
import type { Facts } from "./next";
import { readNotes } from "./notes";
import type { Work } from "./work";

/** Asks both databases and the settings where the promotion stands. */
export async function readFacts({ client, db, flip, promotion }: Work): Promise<Facts> {
  const notes = await readNotes(client);
  if (notes === undefined)
    throw new UserError(
      `The notes of promotion ${promotion.id} in ${promotion.target} went away while it was at work. Look who dropped them; SQLite was left as it is.`,
      ExitCode.refused,
    );
  // One that is only planned may have been overtaken by another of the same file, which does not concern it any further.
  const overtaken = notes.done === "assess" && isOthers(db, promotion.id);
  if (!overtaken) refuseOther(db, promotion.id);
  const gate = (await gateOf(client)) ?? "none";
  return {
    source: overtaken ? "serving" : sourceSide(db),
    gate,
    settings: await flip.state(),
    done: notes.done,
    turning: notes.turning,
    served: gate !== "none" && (await servingMs(client)) !== undefined,
  };
}

/** How long ago the gate was opened first, in milliseconds by the server's own clock; undefined when it never was. */
export async function servingMs(client: Client): Promise<number | undefined> {
  const { rows } = await client.query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM clock_timestamp() - opened_at) * 1000)::float8 AS ms FROM ${NOTES}.gate`,
  );
  return rows[0]?.ms ?? undefined;
}

/** The promotion that the SQLite file says it is in, or was moved by. */
export function promotionOfSource(db: Database): string | undefined {
  const there = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(MARKER);
  return there === undefined ? undefined : db.prepare<[], string>(`SELECT id FROM ${MARKER}`).pluck().get();
}

/** Whether the file is in the hands of another promotion. */
export function isOthers(db: Database, id: string): boolean {
  const known = promotionOfSource(db);
  return known !== undefined && known !== id;
}

/** @throws UserError when the file is in the hands of another promotion. */
export function refuseOther(db: Database, id: string): void {
  if (!isOthers(db, id)) return;
  throw new UserError(
    `${db.name} is in promotion ${promotionOfSource(db)}, not in ${id}. Roll that one back first, or name the file that this one began with. Nothing was changed.`,
    ExitCode.refused,
  );
}

/** @throws UserError when the file at the source's place knows nothing of a promotion that had prepared it: an open connection would not notice. */
export function refuseForgotten({ id, source: path, busyTimeoutMs }: Promotion): void {
  const db = openSource({ path, busyTimeoutMs }, { readonly: true });
  try {
    if (promotionOfSource(db) !== undefined) return;
  } finally {
    db.close();
  }
  throw new UserError(
    `${path} knows nothing of promotion ${id}, which had prepared it: another file was put in its place. Nothing was changed. Put back the one that was promoted, or go back with --rollback and begin again.`,
    ExitCode.refused,
  );
}
