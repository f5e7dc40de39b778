import { ExitCode, UserError } from "../settings/errors";

/** A tool of others could not be installed. Says in one sentence which, why, and what is needed. */
export class ToolMissing extends UserError {
  constructor(tool: string, reason: string) {
    super(`${tool} could not be installed: ${reason}.`, ExitCode.missing);
    this.name = "ToolMissing";
  }
}
