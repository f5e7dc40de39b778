import { openSync, readFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import type { Client } from "pg";
import { type Connection, connect } from "../../../schema/connection";
import { codeOf } from "../../../schema/connectionErrors";
import { type Operation, type Side, transaction } from "./operations";
import { type Random, randomOf } from "./random";
import { doInPostgres, doInSqlite } from "./sides";

/** What an application is told to begin with. */
export interface Begin {
  /** Its name, of which no other writer of the scene has the same. */
  readonly writer: string;
  readonly seed: number;
  readonly file: string;
  /** Of the application's role. */
  readonly connection: Connection;
  /** What the promotion's flip keeps: `new` where PostgreSQL is the application's database. */
  readonly contract: string;
  /** Where it keeps what it does. */
  readonly log: string;
  /** Longest pause between two transactions, in milliseconds. */
  readonly pauseMs: number;
}
export type Order = { readonly begin: Begin } | "end";

/** A line of the log: written before the COMMIT, and once more, as `kept`, after it was acknowledged. */
export type Entry =
  | {
      readonly writer: string;
      readonly serial: number;
      readonly n: number;
      readonly side: Side;
      readonly did: readonly Operation[];
    }
  | { readonly writer: string; readonly serial: number; readonly kept: true };

/** What it tells: the side that has just acknowledged a write, when it is another one than before; and that it has ended. */
export type Told = { readonly wrote: Side } | "ended";

const tell = (told: Told): void => void process.send?.(told);

/** An application of the stack: writes where its contract says, and goes to the other side when it is refused. */
class Application {
  private readonly db: Sqlite.Database;
  private readonly random: Random;
  private readonly log: number;
  private client: Client | undefined;
  private serial = 0;
  private last: Side | undefined;
  private running = true;

  constructor(private readonly begin: Begin) {
    this.db = new Sqlite(begin.file, { timeout: 5_000 });
    this.db.pragma("foreign_keys = ON");
    this.random = randomOf(begin.seed);
    this.log = openSync(begin.log, "a");
  }

  async run(): Promise<void> {
    let side: Side = "sqlite";
    while (this.running) {
      try {
        await (side === "sqlite" ? this.writeSqlite() : this.writePostgres());
        if (this.last !== side) tell({ wrote: side });
        this.last = side;
        await sleep(this.random() * this.begin.pauseMs);
      } catch (error) {
        if (!isExpected(error)) throw error;
        side = this.side(side);
        await sleep(5);
      }
    }
    this.db.close();
    await this.client?.end().catch(() => undefined);
    tell("ended");
  }

  end(): void {
    this.running = false;
  }

  /** A contract that is just being written says nothing. */
  private side(before: Side): Side {
    try {
      const said = readFileSync(this.begin.contract, "utf8").trim();
      return said === "new" ? "postgresql" : said === "old" ? "sqlite" : before;
    } catch {
      return "sqlite";
    }
  }

  private async writeSqlite(): Promise<void> {
    const serial = ++this.serial;
    try {
      this.db.exec("BEGIN IMMEDIATE");
      const n = this.db.prepare("UPDATE clock SET n = n + 1 WHERE id = 1 RETURNING n").pluck().get() as number;
      const did = doInSqlite(this.db, transaction(this.random));
      this.db.prepare("INSERT INTO done VALUES (?, ?, ?)").run(n, this.begin.writer, serial);
      this.keep({ writer: this.begin.writer, serial, n, side: "sqlite", did });
      this.db.exec("COMMIT");
    } finally {
      if (this.db.inTransaction) this.db.exec("ROLLBACK");
    }
    this.keep({ writer: this.begin.writer, serial, kept: true });
  }

  private async writePostgres(): Promise<void> {
    const serial = ++this.serial;
    const client = this.client ?? (await connect(this.begin.connection));
    this.client = client;
    try {
      await client.query("BEGIN");
      const { rows } = await client.query<{ n: string }>("UPDATE clock SET n = n + 1 WHERE id = 1 RETURNING n");
      const n = Number(rows[0]?.n);
      const did = await doInPostgres(client, transaction(this.random));
      await client.query("INSERT INTO done VALUES ($1, $2, $3)", [n, this.begin.writer, serial]);
      this.keep({ writer: this.begin.writer, serial, n, side: "postgresql", did });
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK").catch(() => {
        this.client = undefined;
        return client.end().catch(() => undefined);
      });
      throw error;
    }
    this.keep({ writer: this.begin.writer, serial, kept: true });
  }

  private keep(entry: Entry): void {
    writeSync(this.log, `${JSON.stringify(entry)}\n`);
  }
}

/** Refused by a gate, by a constraint, or for a moment: the transaction is gone, and another one is tried. */
function isExpected(error: unknown): boolean {
  if (error instanceof Sqlite.SqliteError)
    return /^SQLITE_(CONSTRAINT|BUSY)/.test(error.code) || /^ladder: this database moved/.test(error.message);
  const code = codeOf(error);
  // Constraints, the gate, deadlocks; a server that goes, is gone, or is not there yet.
  return (
    /^(23|25006|40|57|08|E)/.test(code) || (error instanceof Error && /connection|Connection|ended/.test(error.message))
  );
}

let application: Application | undefined;
process.on("message", (order: Order) => {
  if (order === "end") return application?.end();
  application = new Application(order.begin);
  void application.run().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on("disconnect", () => process.exit(0));
