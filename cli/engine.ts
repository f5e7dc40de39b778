import {
  engineEnvironment,
  findEngine,
  holdProject,
  type RunOptions,
  type RunResult,
  recoverStack,
  runPulumi,
  shellExports,
  withCleanStackFiles,
} from "../engine";
import { ExitCode, UserError } from "../settings";
import { notice, progress } from "./console";
import { interruptible } from "./interrupt";
import { ROOT } from "./project";

/** The engine, found or made, with its environment settled. */
export interface OpenEngine {
  readonly version: string;
  /**
   * Makes a stack ready: waits until no other run is at work in the project, and keeps others waiting from then on;
   * recovers the stack after a killed run, creates it when it is new, selects it.
   */
  prepare(stack: string): Promise<void>;
  /** Waits for what a killed run may have left running on the stack. */
  settle(stack: string): Promise<void>;
  /** `env` comes on top of the engine's environment. */
  run(
    args: readonly string[],
    options: Pick<RunOptions, "stdio"> & { readonly env?: NodeJS.ProcessEnv },
  ): Promise<RunResult>;
  /** Runs a command that prints JSON, and parses it. */
  json<T>(args: readonly string[]): Promise<T>;
  /** The environment as lines for a shell. */
  exports(): string[];
}

/** Finds or makes the engine. The first time on a closed network this builds it, which takes minutes and tells its progress. */
export async function openEngine(): Promise<OpenEngine> {
  const engine = await interruptible((signal) => findEngine({ root: ROOT, env: process.env, progress, signal }));
  const environment = engineEnvironment(engine, { root: ROOT, env: process.env });
  for (const line of environment.notices) notice(line);
  const command = { pulumi: engine.pulumi, env: environment.env };
  const run: OpenEngine["run"] = (args, { stdio, env }) =>
    withCleanStackFiles(ROOT, environment.managedState, () =>
      runPulumi({ ...command, env: { ...command.env, ...env } }, args, { cwd: ROOT, stdio }),
    );
  const quietly = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(args, { stdio: "pipe" });
    if (code !== 0)
      throw new UserError(`pulumi ${args.join(" ")} failed:\n${stderr.trim() || stdout.trim()}`, ExitCode.failed);
    return stdout;
  };

  const settle = async (stack: string): Promise<void> => {
    if (environment.managedState) await recoverStack(command, { root: ROOT, stack, progress });
  };

  return {
    version: engine.version,
    run,
    settle,
    async prepare(stack) {
      await holdProject({ root: ROOT, progress });
      await settle(stack);
      await quietly(["stack", "select", "--create", "--stack", stack]);
    },
    json: async <T>(args: readonly string[]) => JSON.parse(await quietly(args)) as T,
    exports: () => shellExports(process.env, environment.env),
  };
}
