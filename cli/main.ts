import { CommanderError } from "commander";
import { ExitCode, UserError } from "../settings";
import { fail } from "./console";
import { createProgram } from "./program";

async function main(): Promise<number> {
  try {
    await (await createProgram()).parseAsync(process.argv);
    return ExitCode.ok;
  } catch (error) {
    // Commander has printed its own message already; what is left is the exit code.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    if (error instanceof Error && error.name === "AbortError") {
      fail("Interrupted. Run the same command again: it goes on from where it stopped.");
      return ExitCode.interrupted;
    }
    if (error instanceof UserError) {
      if (error.message !== "") fail(error.message);
      return error.exitCode;
    }
    fail(
      error instanceof Error && process.env.LADDER_DEBUG
        ? (error.stack ?? error.message)
        : `${String(error)}\nThis is a defect of ladder, not of what you typed. LADDER_DEBUG=1 shows where it happened.`,
    );
    return ExitCode.failed;
  }
}

// A pipe that closes early (`ladder status | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(ExitCode.ok);
  throw error;
});

void main().then((code) => {
  process.exitCode = code;
});
