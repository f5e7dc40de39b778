import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { listens, type Server, startServer } from "../../servers/process";

/** A PostgreSQL that can be killed, and comes back at the same port. */
export class CrashingPostgres {
  /** How often it was killed. */
  crashes = 0;
  private again: Server | undefined;
  private up: Promise<void> = Promise.resolve();

  private constructor(readonly postgres: Postgres) {}

  static async start(): Promise<CrashingPostgres> {
    return new CrashingPostgres(await startPostgres());
  }

  /** Kills it and starts it again. SIGQUIT is what PostgreSQL calls an immediate shutdown. */
  crash(signal: "SIGKILL" | "SIGQUIT"): Promise<void> {
    this.crashes += 1;
    this.up = this.up.then(() => this.crashNow(signal));
    return this.up;
  }

  /** Does something that needs the server; once more where it was killed meanwhile. */
  async steady<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.up;
      const before = this.crashes;
      try {
        return await work();
      } catch (error) {
        if (this.crashes === before) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    await this.again?.stop();
    await this.postgres.stop();
  }

  private async crashNow(signal: NodeJS.Signals): Promise<void> {
    const { folder, port } = this.postgres;
    process.kill(Number(readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[0]), signal);
    while (await listens(port)) await sleep(10);
    for (let attempt = 1; ; attempt++)
      try {
        this.again = await this.startAgain();
        return;
      } catch (error) {
        // Its other processes end a moment after it, and hold its memory until then.
        if (attempt === 20) throw error;
        await sleep(200);
      }
  }

  private startAgain(): Promise<Server> {
    const { folder, port, home, bin, env, host, owner, psql } = this.postgres;
    return startServer({
      name: "postgres again",
      command: join(bin, "postgres"),
      args: ["-D", folder, "-p", String(port), "-h", host, "-k", home],
      env,
      folder: home,
      through: owner,
      signal: "SIGINT",
      ready: async () =>
        (await listens(port)) &&
        psql("SELECT 1").then(
          () => true,
          () => false,
        ),
    });
  }
}
