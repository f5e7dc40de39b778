import { type Command, Option } from "commander";
import { DEFAULT_STACK } from "./project";
import { addOverride } from "./rehearsal/overrides";

/** The same option has the same name and words in every command. */
export const addStack = (command: Command): Command =>
  command.argument("[stack]", "the stack: Pulumi.<stack>.yaml", DEFAULT_STACK);

export const addJson = (command: Command): Command =>
  command.option("--json", "print one JSON object on standard output, and nothing else there", false);

export const addYes = (command: Command): Command =>
  command.option("-y, --yes", "do not ask before changing anything", false);

/** Settings that only a rehearsal has; the stack's file stays as it is. */
export const addConfig = (command: Command): Command =>
  command.addOption(
    new Option(
      "--config <key=value>",
      "rehearse with another value of a setting; can be repeated, and is kept apart from the rehearsal without it",
    )
      .argParser(addOverride)
      .default([], "the settings of the stack"),
  );
