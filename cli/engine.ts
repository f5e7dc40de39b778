import {
  engineEnvironment,
  findEngine,
  holdProject,
  isInOwnState,
  type RunOptions,
  type RunResult,
  recoverStack,
  runPulumi,
  shellExports,
  withCleanStackFiles,
} from "../engine";
import { ExitCode, UserError } from "../settings";
import { notice, progress } from "./console";
import { interrupted, interruptible } from "./interrupt";
import { ROOT } from "./project";
import { quietly } from "./quietly";

/**
 * What a stack is made ready for, which decides what becomes of one that is not there yet. `up` makes and selects it.
 * `look` makes it, empty and without selecting it, in the project's own state, and refuses where the backend is the user's. `destroy` leaves it unmade.
 */
export type Purpose = "up" | "look" | "destroy";

/** The engine, found or made, with its environment settled. */
export interface OpenEngine {
  readonly version: string;
  /**
   * Makes a stack ready: waits until no other run is at work in the project, and keeps others waiting from then on;
   * recovers the stack after a killed run, and creates it when it is new and the purpose wants it. Gives false when there
   * is no such stack.
   */
  prepare(stack: string, purpose: Purpose): Promise<boolean>;
  /** Waits until no other run is at work in the project, and keeps others waiting from then on. */
  hold(): Promise<void>;
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

  const settle = async (stack: string): Promise<void> => {
    if (!environment.managedState) return;
    await interruptible((signal) => recoverStack(command, { root: ROOT, stack, progress, signal }));
  };
  const hold = () => holdProject({ root: ROOT, progress });

  const exists = async (stack: string): Promise<boolean> => {
    // The file is quicker to ask than the engine; where it is not, the engine knows other ways to keep a stack.
    if (environment.managedState && isInOwnState(ROOT, stack)) return true;
    const {
      code,
      stderr,
      interrupted: cutOff,
    } = await run(["stack", "--show-name", "--stack", stack, "--non-interactive"], {
      stdio: "pipe",
    });
    if (cutOff) throw interrupted(`The look for stack ${stack}`);
    if (code === 0) return true;
    if (stderr.includes("no stack named")) return false;
    throw new UserError(`The engine cannot tell whether there is a stack ${stack}:\n${stderr.trim()}`, ExitCode.failed);
  };

  return {
    version: engine.version,
    run,
    settle,
    hold,
    async prepare(stack, purpose) {
      await hold();
      await settle(stack);
      if (await exists(stack)) return true;
      if (purpose === "destroy") return false;
      if (purpose === "look" && !environment.managedState)
        throw new UserError(
          `There is no stack ${stack} in your Pulumi backend, and a look makes none there. Bring it up first (ladder up ${stack}), or create it: npm run pulumi -- stack init --no-select ${stack}`,
        );
      // The stack that somebody brings up is the one that plain `pulumi` then means; a look selects nothing.
      const select = purpose === "up" ? [] : ["--no-select"];
      await quietly(run, ["stack", "init", ...select, "--stack", stack, "--non-interactive"]);
      return true;
    },
    json: async <T>(args: readonly string[]) => JSON.parse(await quietly(run, args)) as T,
    exports: () => shellExports(process.env, environment.env),
  };
}
