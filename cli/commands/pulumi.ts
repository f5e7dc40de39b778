import type { Command } from "commander";
import { type ExitCode, UserError } from "../../settings";
import { print } from "../console";
import { openEngine } from "../engine";
import { interrupted } from "../interrupt";

/**
 * How commands begin that change no stack, and need not wait for a run that is at work. `cancel` is for just that case;
 * what is not listed waits.
 */
const READING: readonly RegExp[] = [
  /^(about|cancel|gen-completion|help|logs|schema|version|whoami|-h|--help|--version)( |$)/,
  /^stack (export|graph|history|ls|output)( |$)/,
  /^(config get|plugin ls)( |$)/,
];

const onlyReads = (args: readonly string[]): boolean =>
  args.length === 0 || READING.some((beginning) => beginning.test(args.join(" ")));

/** `ladder pulumi`: any command of the same engine, with the same state; and what a shell needs to type `pulumi` itself. */
export function addPulumi(program: Command): void {
  program
    .command("pulumi")
    .summary("pass any command to the Pulumi CLI that ladder uses")
    .description(
      "Passes any command to the Pulumi CLI that ladder uses, with the same state: ladder pulumi -- stack output --stack dev",
    )
    .argument("[arguments...]", "what to pass on")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => {
      const engine = await openEngine();
      if (!onlyReads(args)) await engine.hold();
      const run = await engine.run(args, { stdio: "inherit" });
      const { code } = run;
      if (code !== 0 && run.interrupted) throw interrupted(`pulumi ${args[0] ?? ""}`.trim());
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
