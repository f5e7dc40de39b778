import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import { UserError } from "../../settings/errors";
import { explainSource, openSource } from "../source/open";
import { targetFailure } from "../target/failures";
import { targetOf } from "../target/session";
import type { CopyJob, Order, Told } from "./messages";
import type { QuarantinedRow } from "./quarantine";
import { copyRange, type Reading, readingOf } from "./range";
import type { Range } from "./ranges";
import { toldKey } from "./refused";

const job = workerData as CopyJob;
const tell = (message: Told): void => parentPort?.postMessage(message);

/** Rows are told in steps of this size: each message costs the thread that waits for it. */
const STEP_ROWS = 20_000;

async function copyOne(client: Client, reading: Reading, table: number, range: Range): Promise<void> {
  let untold = 0;
  const tellRows = (): void => {
    if (untold !== 0) tell({ type: "rows", table, rows: untold });
    untold = 0;
  };
  const { refused, examples } = await copyRange(client, reading, range, {
    quarantine: job.quarantine,
    onRows: (rows) => {
      untold += rows;
      if (Math.abs(untold) >= STEP_ROWS) tellRows();
    },
  });
  tellRows();
  tell({ type: "copied", table, refused, examples: examples.flatMap(toldOf) });
}

const toldOf = ({ key, refusals }: QuarantinedRow) =>
  refusals.map(({ column, reason }) => ({ key: toldKey(key), column, reason }));

async function follow(db: Database, client: Client): Promise<void> {
  const readings = new Map<number, Reading>();
  let doing = "the copy began";
  const obey = async (order: Order): Promise<boolean> => {
    if (order.type === "end") return false;
    if (order.type === "pin") {
      db.exec("BEGIN");
      // A transaction has its snapshot from its first read on.
      db.prepare("SELECT count(*) FROM main.sqlite_schema").get();
      tell({ type: "pinned" });
      return true;
    }
    const table = job.tables[order.table];
    if (table === undefined) throw new Error(`no table ${order.table}`);
    doing = `table ${table.target} was copied`;
    const reading = readings.get(order.table) ?? readingOf(db, table);
    readings.set(order.table, reading);
    await copyOne(client, reading, order.table, order.range);
    return true;
  };
  await new Promise<void>((resolve, reject) => {
    let last = Promise.resolve(true);
    parentPort?.on("message", (order: Order) => {
      last = last.then((on) => (on ? obey(order) : false));
      last.then(
        (on) => !on && resolve(),
        (error) => reject(targetFailure(explainSource(job.source.path, error), doing)),
      );
    });
    tell({ type: "ready" });
  });
}

async function main(): Promise<void> {
  try {
    const db = openSource(job.source, { readonly: true });
    const client = await targetOf(job.connection, job.id).connect();
    await follow(db, client);
    await client.end();
    db.close();
    parentPort?.close();
  } catch (failure) {
    const error = targetFailure(failure, "a thread of the copy began or ended");
    const message = error instanceof Error ? error.message : String(error);
    const exitCode = error instanceof UserError ? error.exitCode : undefined;
    tell({ type: "failed", message, exitCode, code: codeOf(error) || undefined });
    // Sessions that are still open keep a thread alive.
    process.exit(1);
  }
}

void main();
