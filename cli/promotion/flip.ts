import { join } from "node:path";
import type { Flip } from "../../promotion/cutover/flip";
import type { Connection } from "../../schema/connection";
import { stackFileName } from "../../settings/stackFile";
import { progress } from "../console";
import { openEngine } from "../engine";
import { ROOT, settingsOf, typedPath } from "../project";
import { carryOutPlan, consent, planOrRefuse } from "../run";
import { manualFlip } from "./manualFlip";
import type { PromoteCommand } from "./options";
import { hasBothTiers, type StackFlip, stackFlip } from "./stackFlip";

/** How the stack gets to its new settings: by the engine, when it was brought up for both tiers, else by the user. */
export const flipOf = (stack: string, parent: string, connection: Connection, command: PromoteCommand): Flip =>
  hasBothTiers(stack, ROOT, parent)
    ? engineFlip(stack, parent, command)
    : manualFlip(connection, join(parent, "application"));

function engineFlip(stack: string, parent: string, { json }: PromoteCommand): StackFlip {
  return stackFlip({
    stack,
    root: ROOT,
    parent,
    async plan() {
      const { tier } = settingsOf(stack);
      const engine = await openEngine();
      const plan = await planOrRefuse(engine, stack, "up");
      const options = { json, yes: true, typed: `ladder promote ${stack}` };
      return async () => void (await carryOutPlan(engine, plan, stack, tier, options));
    },
  });
}

/** Makes the new tier beside the old one, once: where `--settings` names its settings and it does not stand yet. */
export async function makeNewTier(stack: string, parent: string, command: PromoteCommand): Promise<void> {
  const { settings } = command;
  if (settings === undefined) return;
  const flip = engineFlip(stack, parent, command);
  if (hasBothTiers(stack, ROOT, parent) && (await flip.state()) === "new") return;
  await consent(
    `Bring stack ${stack} up with the new tier beside what it has? The application stays where it is.`,
    `ladder promote ${stack}`,
    command,
  );
  progress(`Making the tier of ${settings} beside what stack ${stack} has ...`);
  await flip.hold(typedPath(settings));
}

/** What is to be done when the new tier stands and nobody has said where its database is. */
export const whatToName = (stack: string): string[] => [
  `Stack ${stack} has the new tier beside the old one, with its application at rest (${stackFileName(stack)}).`,
  "Next: name the new database, as its owner, and run the same command again: PGHOST, PGPORT, PGUSER, PGPASSWORD and PGSSLMODE (docs/promotion.md).",
];
