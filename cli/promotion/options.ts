import { type Command, InvalidArgumentError, Option } from "commander";
import { MAX_FREEZE_MS } from "../../promotion/cutover/cutOver";
import { STEPS, type StepName } from "../../promotion/machine/steps";
import { MAPPED } from "../../promotion/mapping";
import { AVAILABLE_TIERS, type CatalogueName, type TierName, tierByName } from "../../settings";

/** Tiers that a stack on SQLite can be promoted to. */
export const TARGET_TIERS: readonly TierName[] = AVAILABLE_TIERS.filter(
  (name) => tierByName(name).database === "postgresql",
);

export interface PromoteCommand {
  readonly to?: TierName;
  readonly settings?: string;
  readonly plan: boolean;
  readonly step?: StepName;
  readonly rollback: boolean;
  readonly rehearse: boolean;
  readonly source?: string;
  readonly rules?: string;
  readonly database?: CatalogueName;
  readonly translate: boolean;
  readonly quarantine: boolean;
  readonly workers: number;
  readonly maxFreeze: number;
  readonly export: boolean;
  readonly resetTarget: boolean;
  readonly json: boolean;
  readonly yes: boolean;
}

/** The options of `ladder promote`. */
export function addPromoteOptions(command: Command): Command {
  return command
    .addOption(new Option("--to <tier>", "the tier to climb to").choices(TARGET_TIERS))
    .option(
      "--settings <file>",
      "settings of that tier, such as Pulumi.smb.yaml: the stack is brought up with them beside what it has, and flipped to them at the cut-over (default: you make the tier, and point the application at it)",
    )
    .option("--plan", "tell what each step would do, with figures; change nothing", false)
    .addOption(
      new Option("--step <step>", "end with this step (default: soak; retire is only done by name)").choices(STEPS),
    )
    .option("--rollback", "go back to SQLite from wherever the promotion stands", false)
    .option(
      "--rehearse",
      "rehearse with a copy of the file up to verify, and take it all back; the file is only read",
      false,
    )
    .option("--source <file>", "the SQLite file (default: that of the stack)")
    .option("--rules <file>", "rules.yaml: rulings on columns that several types fit")
    .addOption(
      new Option("--database <name>", "map onto this logical database (default: that of the stack)").choices(MAPPED),
    )
    .addOption(
      new Option("--translate", "carry the tables as they are, onto no logical database")
        .default(false)
        .conflicts("database"),
    )
    .option("--quarantine", "set rows aside that cannot be carried, instead of refusing", false)
    .option("--workers <count>", "threads that copy and compare", whole("--workers", 1, 16), 2)
    .option(
      "--max-freeze <ms>",
      "longest time that the application's writers are held at the cut-over",
      whole("--max-freeze", 100, 600_000),
      MAX_FREEZE_MS,
    )
    .option("--no-export", "make no backup first; a proven one younger than 24 hours must be there")
    .option("--reset-target", "remove what is in the target database first", false);
}

const whole =
  (name: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`${name} is ${text}. Allowed: ${least} to ${most}.`);
    return value;
  };
