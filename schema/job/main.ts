import { setDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import { ExitCode, UserError } from "../../settings/errors";
import { codeOf } from "../connectionErrors";
import { readPlan } from "./plan";
import { carryOut } from "./steps";

/**
 * The program that a Job, a CronJob or a container of Compose runs: `node migrate.cjs <plan>`.
 *
 * Exit codes are those of ExitCode: 0 done, 1 failed and worth another try, 2 a wrong plan, 4 refused for safety, 130 told to end.
 * Standard output tells what is done; standard error, last, why it is not.
 */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  // Two addresses of a host are tried one after the other; 250 ms, Node's own, are few across zones.
  setDefaultAutoSelectFamilyAttemptTimeout(2_000);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.on(signal, () => {
      if (!stop.signal.aborted) say(`${signal}: ending before the next step`);
      stop.abort();
    });
  try {
    const [planFile] = args;
    if (planFile === undefined || args.length !== 1) throw new UserError("usage: node migrate.cjs <plan.json>");
    const plan = readPlan(planFile);
    await carryOut({ plan, planFile, env, say, signal: stop.signal });
    return stop.signal.aborted ? interrupted() : ExitCode.ok;
  } catch (error) {
    if (stop.signal.aborted) return interrupted();
    complain(textOf(error));
    if (env.LOG_COMMAND !== undefined) complain(`The whole log: ${env.LOG_COMMAND}`);
    return error instanceof UserError ? error.exitCode : ExitCode.failed;
  }
}

/** Milliseconds in which connections end by themselves. */
const GOODBYE_MS = 3_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

function interrupted(): ExitCode {
  complain("Ended before everything was done. What was done stays; the next run goes on from there.");
  return ExitCode.interrupted;
}

/** A user's mistake as its sentence; what the server or the network said as one line; anything else is a fault of ours, with its place. */
function textOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return codeOf(error) === "" ? (error.stack ?? error.message) : `${error.message} (${codeOf(error)})`;
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
    // A connection that does not end must not keep the pod.
    setTimeout(() => process.exit(), GOODBYE_MS).unref();
  },
  (error: unknown) => {
    complain(textOf(error));
    process.exit(ExitCode.failed);
  },
);
