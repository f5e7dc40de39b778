import type { Command } from "commander";
import { DEFAULT_STACK } from "./project";

/** The same option has the same name and words in every command. */
export const addStack = (command: Command): Command =>
  command.argument("[stack]", "the stack: Pulumi.<stack>.yaml", DEFAULT_STACK);

export const addJson = (command: Command): Command =>
  command.option("--json", "print one JSON object on standard output, and nothing else there", false);

export const addYes = (command: Command): Command =>
  command.option("-y, --yes", "do not ask before changing anything", false);
