import type { Command } from "commander";
import { type ExitCode, UserError } from "../../settings";
import { print } from "../console";
import { openEngine } from "../engine";

/** `ladder pulumi`: any command of the same engine, with the same state; and what a shell needs to type `pulumi` itself. */
export function addPulumi(program: Command): void {
  program
    .command("pulumi")
    .summary("pass any command to the Pulumi CLI that ladder uses")
    .description(
      "Passes any command to the Pulumi CLI that ladder uses, with the same state: ladder pulumi -- stack output",
    )
    .argument("[arguments...]", "what to pass on")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => {
      const engine = await openEngine();
      const { code } = await engine.run(args, { stdio: "inherit" });
      if (code !== 0) throw new UserError("", code as ExitCode);
    });
  program
    .command("env")
    .summary("print what a shell needs to type plain `pulumi`")
    .description(
      'Prints the environment of the engine as shell commands: eval "$(npx ladder env)"; after that plain `pulumi` works on the same state.',
    )
    .action(async () => {
      for (const line of (await openEngine()).exports()) print(line);
    });
}
