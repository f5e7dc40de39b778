import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Flip } from "../cutover/flip";
import { openSource } from "../source/open";
import type { PromoteOptions } from "./options";
import { type Outcome, promote } from "./promote";

/** A rehearsal ends before anything is flipped. */
const NOTHING: Flip = {
  describe: () => [],
  flip: async () => undefined,
  unflip: async () => undefined,
  state: async () => "old",
};

/**
 * Rehearses a promotion with a copy of the SQLite file, up to and with the comparison, and takes it all back again: what is left is the
 * target as it was, and the verdict (`rehearsed.md` and `rehearsed.json` in `parent`). The file itself is only read.
 * @throws UserError as `promote` does; what it had made in the target is taken back then, too.
 */
export async function rehearse(options: PromoteOptions): Promise<Outcome> {
  const { parent, signal } = options;
  const scratch = join(parent, `rehearsal-${randomUUID()}`);
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const once: PromoteOptions = {
    ...options,
    parent: join(scratch, "promotions"),
    wish: "verify",
    flip: NOTHING,
    asked: undefined,
    rehearsal: true,
  };
  try {
    const beginning = await options.beginning();
    const path = join(scratch, basename(beginning.source.path));
    const copied = { ...beginning, source: { ...beginning.source, path }, backups: join(scratch, "backups") };
    const db = openSource(beginning.source, { readonly: true });
    try {
      await db.backup(path);
    } finally {
      db.close();
    }
    const rehearsed = { ...once, export: true, beginning: () => copied };
    try {
      const outcome = await promote(rehearsed);
      const verdict = join(parent, "rehearsed.md");
      copyFileSync(join(outcome.folder, "verdict.md"), verdict);
      copyFileSync(join(outcome.folder, "verdict.json"), join(parent, "rehearsed.json"));
      const actions = outcome.actions.map((done) =>
        done.action === "verify" ? { ...done, figures: { ...done.figures, verdict } } : done,
      );
      await promote({ ...rehearsed, wish: "rollback", signal: undefined });
      return { ...outcome, folder: parent, actions };
    } catch (error) {
      await promote({ ...rehearsed, wish: "rollback", signal: undefined }).catch(() => undefined);
      signal?.throwIfAborted();
      throw error;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
