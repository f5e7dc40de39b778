import * as pulumi from "@pulumi/pulumi";
import { fromConfig, parseSettings, UserError } from "./settings";
import { createStack } from "./stacks";

function main() {
  const config = Object.entries(pulumi.runtime.allConfig());
  const { settings, warnings } = parseSettings(fromConfig(config), pulumi.getStack());
  for (const warning of warnings) pulumi.log.warn(warning);
  return createStack(settings);
}

function shownWithoutStackTrace<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError(error.message) : error;
  }
}

export = shownWithoutStackTrace(main);
