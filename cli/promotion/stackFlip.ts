import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Flip } from "../../promotion/cutover/flip";
import { UserError } from "../../settings";
import { stackFileName } from "../../settings/stackFile";
import { arrivedSettings, isPromoting, promotingSettings, readDocument, tierOf, writeDocument } from "./stackSettings";

/** The file with the settings of both tiers, in the folder of the stack's promotions. */
const PROMOTING = "settings-promoting.yaml";

export interface StackFlipOptions {
  readonly stack: string;
  /** The project folder, with the settings files. */
  readonly root: string;
  /** Where the stack's promotions are kept; the settings until now are kept there too. */
  readonly parent: string;
  /** Looks what bringing the stack up with its settings as they are now would do, changing nothing; the result does it. */
  readonly plan: () => Promise<() => Promise<void>>;
}

/**
 * A stack's own settings, flipped by the engine. First `hold`: the tier that it goes to is made beside the one that serves, with its
 * application at rest. `flip` starts that application and lets go of the old tier's settings, not of its data; `unflip` takes it back.
 */
export interface StackFlip extends Flip {
  /** Makes the new tier beside the old one. `settings`: the file to take the new tier's settings from. Does nothing when it stands. */
  hold(settings: string): Promise<void>;
}

export function stackFlip({ stack, root, parent, plan }: StackFlipOptions): StackFlip {
  const file = join(root, stackFileName(stack));
  const before = join(parent, "settings-before.yaml");
  const promoting = join(parent, PROMOTING);
  const up = async (): Promise<void> => (await plan())();
  const apply = async (document: ReturnType<typeof readDocument>): Promise<void> => {
    const old = readDocument(file);
    writeDocument(file, document);
    const carryOut = await plan().catch((error: unknown) => {
      // Nothing was made or changed: the settings stay what they describe.
      writeDocument(file, old);
      throw error;
    });
    await carryOut();
  };
  return {
    describe: () => [
      `${stackFileName(stack)} gets the settings of the new tier alone, and the engine brings stack ${stack} up with them: its application starts there.`,
      `The settings until now are kept in ${before}.`,
    ],
    async hold(settings) {
      const now = readDocument(file);
      // The settings may have been written by a run that was killed before the engine was done.
      if (isPromoting(now)) return up();
      const made = promotingSettings(stack, now, readDocument(settings));
      mkdirSync(parent, { recursive: true, mode: 0o700 });
      copyFileSync(file, before);
      writeDocument(promoting, made);
      await apply(made).catch((error: unknown) => {
        if (!isPromoting(readDocument(file))) rmSync(promoting, { force: true });
        throw error;
      });
    },
    flip: async () => apply(arrivedSettings(readDocument(file))),
    async unflip() {
      if (!existsSync(promoting))
        throw new UserError(
          `${promoting} is gone, which holds the settings to go back to. Put the settings of ${before} under scaling-ladder:promotion.from of ${stackFileName(stack)} (docs/promotion.md), and run again.`,
        );
      await apply(readDocument(promoting));
    },
    async state() {
      const now = readDocument(file);
      return isPromoting(now) || tierOf(now) === "development" ? "old" : "new";
    },
  };
}

/** Whether the engine has, or had, both tiers of the stack: settings that still name the old one alone were never brought up with both. */
export const hasBothTiers = (stack: string, root: string, parent: string): boolean =>
  existsSync(join(parent, PROMOTING)) && tierOf(readDocument(join(root, stackFileName(stack)))) !== "development";
