import type { Client } from "pg";
import type { Plan } from "../model";
import { rulesHash } from "../rules/read";
import { refuseTarget } from "../target/prepare";
import { resetTarget } from "../target/reset";
import { NOTES } from "../target/session";
import { assessSource, type Beginning, keepAssessment, planFrom } from "./assessSource";
import { type Folder, makeFolder, type Promotion } from "./folder";
import { appendJournal } from "./journal";
import { beginNotes, type Notes, readNotes } from "./notes";
import type { PromoteOptions } from "./options";
import { backUp } from "./safetyExport";
import { STEP_TEXTS } from "./steps";

/**
 * Begins a promotion: assesses, makes the backup, and notes the plan on both sides. Neither database's tables are touched.
 * @throws UserError when rulings are missing, or the source or the target cannot be promoted.
 */
export async function begin(
  options: PromoteOptions,
  client: Client,
  { id, place }: { readonly id: string; readonly place: string },
): Promise<{ folder: Folder; notes: Notes }> {
  const { parent, stack } = options;
  const beginning = await options.beginning();
  options.tell.step("assess", STEP_TEXTS.assess.does, STEP_TEXTS.assess.back);
  const { assessment, fingerprint } = await assessSource(beginning, options);
  const plan = planFrom(assessment, keepAssessment(parent, assessment));
  await makeReady(options, client, beginning, plan);
  const { to, source, backups, catalogue, rules, quarantine } = beginning;
  const promotion: Promotion = {
    id,
    stack,
    to,
    source: source.path,
    busyTimeoutMs: source.busyTimeoutMs,
    backups,
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(rules === undefined ? {} : { rules: rulesHash(rules) }),
    quarantine,
    ...(options.rehearsal ? { rehearsal: true } : {}),
    target: place,
  };
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  const folder = makeFolder(parent, promotion, text);
  keepAssessment(folder.path, assessment);
  appendJournal(folder.journal, { step: "assess", at: new Date().toISOString(), event: "done" });
  await beginNotes(client, promotion, text, fingerprint);
  const notes = await readNotes(client);
  if (notes === undefined) throw new Error("a promotion was begun without notes");
  return { folder, notes };
}

/** Before anything is noted: refuses a target that cannot take the promotion, makes the backup, and empties the target where that was asked for. */
async function makeReady(options: PromoteOptions, client: Client, beginning: Beginning, plan: Plan): Promise<void> {
  const { workers } = options;
  if (!beginning.resetTarget) await refuseTarget(client, plan, workers);
  await backUp(options, beginning);
  if (!beginning.resetTarget) return;
  // All that was written into it came back to SQLite.
  if ((await readNotes(client))?.rolledBack) await client.query(`UPDATE ${NOTES}.gate SET opened_at = NULL`);
  await resetTarget(client);
  await refuseTarget(client, plan, workers);
}
