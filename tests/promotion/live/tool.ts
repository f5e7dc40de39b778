import { join } from "node:path";
import { manualFlip } from "../../../cli/promotion/manualFlip";
import type { Beginning } from "../../../promotion/machine/assessSource";
import type { PromoteOptions } from "../../../promotion/machine/options";
import { type Outcome, promote } from "../../../promotion/machine/promote";
import { type Connection, connect } from "../../../schema/connection";
import { UserError } from "../../../settings/errors";
import { type Kill, killAt } from "./killAt";

/** What the tool is to do, in a process of its own. */
export interface Job
  extends Pick<PromoteOptions, "parent" | "stack" | "wish" | "connection" | "workers" | "export" | "maxFreezeMs"> {
  readonly beginning: Beginning;
  /** Of the application's role. */
  readonly application: Connection;
  /** This machine's clock, as far ahead of the server's as this, in milliseconds. */
  readonly clockAheadMs?: number;
  readonly kill?: Kill;
  /** It is nobody in particular who runs it; where that is so anyway, nothing is changed. */
  readonly ordinaryUser?: boolean;
}

/** How it ended. `exitCode` is undefined for what is no UserError: a bug. */
export type Ended = { readonly outcome: Outcome } | { readonly error: string; readonly exitCode: number | undefined };
export type Told = { readonly step: string } | Ended;

const tell = (told: Told): void => void process.send?.(told);

async function run(job: Job): Promise<Ended> {
  const { beginning, application, clockAheadMs, kill, ordinaryUser, ...rest } = job;
  if (clockAheadMs !== undefined) shiftClock(clockAheadMs);
  if (ordinaryUser && process.getuid?.() === 0) {
    process.setgroups?.([]);
    process.setgid?.(65_534);
    process.setuid?.(65_534);
  }
  if (kill !== undefined) killAt(kill);
  try {
    const outcome = await promote({
      ...rest,
      flip: manualFlip(job.connection, join(job.parent, "application")),
      connectAsApplication: () => connect(application),
      applicationRole: application.user ?? "",
      tell: { step: (step) => tell({ step }), say: () => undefined, progress: () => undefined },
      beginning: () => beginning,
    });
    return { outcome };
  } catch (error) {
    const known = error instanceof UserError;
    const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
    return { error: text, exitCode: known ? error.exitCode : undefined };
  }
}

function shiftClock(aheadMs: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given: [] | [number | string]) {
      super(given.length === 0 ? Real.now() + aheadMs : given[0]);
    }
    static override now(): number {
      return Real.now() + aheadMs;
    }
  } as DateConstructor;
}

process.on("message", (job: Job) => void run(job).then(tell));
process.on("disconnect", () => process.exit(0));
