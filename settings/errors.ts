/** What an exit code of `ladder` means. Listed for users in docs/commands.md. */
export const ExitCode = {
  ok: 0,
  /** The work was started and failed. */
  failed: 1,
  /** The command line or a setting is wrong; nothing was started. */
  usage: 2,
  /** This machine lacks something that is needed; the message says how to get it. */
  missing: 3,
  /** A safety rule refused: a policy, a lock, a failed drill, a file that would be overwritten. */
  refused: 4,
  /** Stopped by Ctrl-C or SIGTERM; what was begun is undone or goes on with the next run. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A mistake or a situation that the user can mend. It is shown as its message alone, never with a stack trace. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = ExitCode.usage,
  ) {
    super(message);
    this.name = "UserError";
  }
}
