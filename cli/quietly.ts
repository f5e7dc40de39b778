import type { RunResult } from "../engine";
import { ExitCode, UserError } from "../settings";
import { interrupted } from "./interrupt";

/** Runs a command of the engine whose output is its answer. @throws UserError when it fails or is cut off. */
export async function quietly(
  run: (args: readonly string[], options: { readonly stdio: "pipe" }) => Promise<RunResult>,
  args: readonly string[],
): Promise<string> {
  const { code, stdout, stderr, interrupted: cutOff } = await run(args, { stdio: "pipe" });
  if (cutOff) throw interrupted(`pulumi ${args.join(" ")}`);
  if (code !== 0)
    throw new UserError(`pulumi ${args.join(" ")} failed:\n${stderr.trim() || stdout.trim()}`, ExitCode.failed);
  return stdout;
}
