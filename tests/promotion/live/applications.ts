import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Begin, Order, Told } from "./application";
import type { Side } from "./operations";

/** A process of the application; it takes one scene after the other. */
export class ApplicationProcess {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private told: Told | undefined;
  private look = (): void => undefined;

  constructor() {
    this.child = fork(join(__dirname, "application.ts"), { execArgv: ["--require", require.resolve("tsx/cjs")] });
    this.closed = once(this.child, "close");
    this.child.on("message", (told: Told) => {
      this.told = told;
      this.look();
    });
    this.child.on("close", () => this.look());
  }

  begin(begin: Begin): void {
    this.told = undefined;
    this.send({ begin });
  }

  /** Resolves when the last write that was acknowledged is one of this side. */
  wrote(side: Side): Promise<void> {
    return this.until((told) => told !== "ended" && told.wrote === side);
  }

  /** Ends what it does, and resolves when nothing is under way. */
  async end(): Promise<void> {
    this.send("end");
    await this.until((told) => told === "ended");
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.closed;
  }

  private send(order: Order): void {
    if (this.child.connected) this.child.send(order);
  }

  private until(is: (told: Told) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.look = () => {
        const ended = this.child.exitCode !== null || this.child.signalCode !== null;
        if (this.told !== undefined && is(this.told)) resolve();
        else if (ended) reject(new Error("an application ended by itself"));
        else return;
        this.look = () => undefined;
      };
      this.look();
    });
  }
}
