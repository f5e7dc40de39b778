import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Ended, Job, Told } from "./tool";

/** How a run ended; `killed` where the process was. */
export type Result = Ended | { readonly killed: true };

/** A process of the tool that waits for jobs. */
export class ToolProcess {
  private readonly child: ChildProcess;
  private told: (told: Told | { killed: true }) => void = () => undefined;

  constructor() {
    this.child = fork(join(__dirname, "tool.ts"), { execArgv: ["--require", require.resolve("tsx/cjs")] });
    this.child.on("message", (told: Told) => this.told(told));
    this.child.on("close", () => this.told({ killed: true }));
  }

  /** Runs a job to its end. `onStep` is called when a step begins. */
  run(job: Job, onStep: (step: string) => void = () => undefined): Promise<Result> {
    return new Promise((resolve) => {
      this.told = (told) => ("step" in told ? onStep(told.step) : resolve(told));
      this.child.send(job);
    });
  }

  /** Holds it where it is, with all its locks. */
  pause(): void {
    this.child.kill("SIGSTOP");
  }

  goOn(): void {
    this.child.kill("SIGCONT");
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
