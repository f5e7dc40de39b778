import { CommanderError } from "commander";
import { ExitCode, UserError } from "../settings";
import { fail, printJsonFailure } from "./console";
import { createProgram } from "./program";

interface Failure {
  /** Empty when the engine has said what there is to say. */
  readonly message: string;
  readonly exitCode: ExitCode;
  /** Commander prints its messages itself. */
  readonly shown?: boolean;
}

async function main(): Promise<number> {
  try {
    await (await createProgram()).parseAsync(process.argv);
    return ExitCode.ok;
  } catch (error) {
    const { message, exitCode, shown } = failureOf(error);
    if (exitCode === ExitCode.ok || message === "") return exitCode;
    if (!shown) fail(message);
    if (wantsJson(process.argv)) printJsonFailure(message, exitCode);
    return exitCode;
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) {
    const exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return { message: error.message.replace(/^error: /, ""), exitCode, shown: true };
  }
  if (error instanceof Error && error.name === "AbortError") {
    const message = "Interrupted. Run the same command again: it goes on from where it stopped.";
    return { message, exitCode: ExitCode.interrupted };
  }
  if (error instanceof UserError) return error;
  const message =
    error instanceof Error && process.env.LADDER_DEBUG
      ? (error.stack ?? error.message)
      : `${String(error)}\nThis is a defect of ladder, not of what you typed. LADDER_DEBUG=1 shows where it happened.`;
  return { message, exitCode: ExitCode.failed };
}

/** Asked of the words themselves, because a command line that cannot be parsed has no options. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? undefined : end).includes("--json");
}

// A pipe that closes early (`ladder status | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(ExitCode.ok);
  throw error;
});

void main().then((code) => {
  process.exitCode = code;
});
