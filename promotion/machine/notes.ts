import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import type { Compared } from "../cutover/rest";
import { NOTES } from "../target/session";
import { inTransaction } from "../target/transaction";
import { type Promotion, planHash } from "./folder";
import type { JournalEntry } from "./journal";
import type { StepName } from "./steps";

/** What PostgreSQL says of a promotion into it. It outlives the folder on the machine that began it. */
export interface Notes {
  readonly promotion: Promotion;
  readonly plan: string;
  readonly planHash: string;
  /** The last step that was finished. */
  readonly done: StepName;
  /** A way back was begun: it is gone to its end before anything else. */
  readonly turning: boolean;
  /** It was rolled back after the cut-over; the rows are still here, behind the closed gate. */
  readonly rolledBack: boolean;
  /** Up to where everything was compared, when it was. */
  readonly compared?: Compared;
  /** The source's schema as it was when the plan was made. */
  readonly fingerprint: string;
}

const MAKE = `
CREATE SCHEMA IF NOT EXISTS ${NOTES};
CREATE TABLE IF NOT EXISTS ${NOTES}.promotion (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id text NOT NULL,
  about text NOT NULL,
  plan text NOT NULL,
  plan_sha256 text NOT NULL,
  fingerprint text NOT NULL,
  done text NOT NULL DEFAULT 'assess',
  turning boolean NOT NULL DEFAULT false,
  rolled_back boolean NOT NULL DEFAULT false,
  compared text
);
CREATE TABLE IF NOT EXISTS ${NOTES}.journal (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  entry text NOT NULL
)`;

/** Begins the notes of a promotion, in one transaction: from then on the database is this promotion's. */
export async function beginNotes(client: Client, promotion: Promotion, plan: string, fingerprint: string) {
  await inTransaction(client, async () => {
    await client.query(MAKE);
    await client.query(
      `INSERT INTO ${NOTES}.promotion (id, about, plan, plan_sha256, fingerprint) VALUES ($1, $2, $3, $4, $5)`,
      [promotion.id, JSON.stringify(promotion), plan, planHash(plan), fingerprint],
    );
  });
}

interface Row {
  about: string;
  plan: string;
  plan_sha256: string;
  fingerprint: string;
  done: StepName;
  turning: boolean;
  rolled_back: boolean;
  compared: string | null;
}

/** The notes in this database; undefined when no promotion was begun into it. */
export async function readNotes(client: Client): Promise<Notes | undefined> {
  const { rows: there } = await client.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [
    `${NOTES}.promotion`,
  ]);
  if (!there[0]?.there) return undefined;
  const { rows } = await client.query<Row>(
    `SELECT about, plan, plan_sha256, fingerprint, done, turning, rolled_back, compared FROM ${NOTES}.promotion`,
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  if (planHash(row.plan) !== row.plan_sha256)
    throw new UserError(
      `The plan in ${NOTES}.promotion was changed since the promotion began, so that nothing can be carried by it any more. Put it back from plan.json in the promotion's folder.`,
      ExitCode.refused,
    );
  return {
    promotion: JSON.parse(row.about) as Promotion,
    plan: row.plan,
    planHash: row.plan_sha256,
    fingerprint: row.fingerprint,
    done: row.done,
    turning: row.turning,
    rolledBack: row.rolled_back,
    ...(row.compared === null ? {} : { compared: comparedOf(row.compared) }),
  };
}

/** Changes the notes; may be part of the caller's transaction. */
export async function note(
  client: Client,
  change: {
    readonly done?: StepName;
    readonly turning?: boolean;
    readonly rolledBack?: boolean;
    readonly compared?: Compared;
  },
): Promise<void> {
  await client.query(
    `UPDATE ${NOTES}.promotion SET
       done = coalesce($1, done), turning = coalesce($2, turning), rolled_back = coalesce($3, rolled_back),
       compared = coalesce($4, compared)`,
    [
      change.done ?? null,
      change.turning ?? null,
      change.rolledBack ?? null,
      change.compared === undefined ? null : comparedText(change.compared),
    ],
  );
}

const comparedText = ({ mark, dirty }: Compared): string =>
  JSON.stringify({ mark: mark.toString(), dirty: [...dirty].map(([table, writes]) => [table, writes.toString()]) });

function comparedOf(text: string): Compared {
  const { mark, dirty } = JSON.parse(text) as { mark: string; dirty: [string, string][] };
  return { mark: BigInt(mark), dirty: new Map(dirty.map(([table, writes]) => [table, BigInt(writes)])) };
}

/** Keeps a copy of a journal's entry. */
export async function noteEntry(client: Client, entry: JournalEntry): Promise<void> {
  await client.query(`INSERT INTO ${NOTES}.journal (entry) VALUES ($1)`, [JSON.stringify(entry)]);
}

/** The copies of the journal's entries, oldest first, with which a lost folder is made again. */
export async function notedEntries(client: Client): Promise<JournalEntry[]> {
  const { rows } = await client.query<{ entry: string }>(`SELECT entry FROM ${NOTES}.journal ORDER BY seq`);
  return rows.map(({ entry }) => JSON.parse(entry) as JournalEntry);
}
