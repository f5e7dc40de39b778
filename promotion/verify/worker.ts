import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import { UserError } from "../../settings/errors";
import { explainSource, openSource } from "../source/open";
import { targetFailure } from "../target/failures";
import { targetOf } from "../target/session";
import { divide } from "./divide";
import type { Order, Told, VerifyJob } from "./messages";
import { compareUnit } from "./unit";

const job = workerData as VerifyJob;
const tell = (message: Told): void => parentPort?.postMessage(message);

/** Rows are told in steps of this size: each message costs the thread that waits for it. */
const STEP_ROWS = 20_000;

async function obey(db: Database, client: Client, order: Order): Promise<void> {
  const table = job.tables[order.table];
  if (table === undefined) throw new Error(`no table ${order.table}`);
  if (order.type === "divide") return tell({ type: "divided", table: order.table, ...divide(db, table) });
  let untold = 0;
  const result = await compareUnit(db, client, table, order.span, (rows) => {
    untold += rows;
    if (untold < STEP_ROWS) return;
    tell({ type: "rows", table: order.table, rows: untold });
    untold = 0;
  });
  tell({ type: "rows", table: order.table, rows: untold });
  tell({ type: "compared", table: order.table, result });
}

async function main(): Promise<void> {
  try {
    const db = openSource(job.source, { readonly: true });
    const client = await targetOf(job.connection, job.id).connect();
    parentPort?.on("message", (order: Order) => {
      obey(db, client, order).then(
        () => tell({ type: "ready" }),
        (error) => fail(targetFailure(explainSource(job.source.path, error), "rows were compared")),
      );
    });
    tell({ type: "ready" });
  } catch (error) {
    fail(targetFailure(error, "a thread of the comparison began"));
  }
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  tell({
    type: "failed",
    message,
    code: codeOf(error),
    ...(error instanceof UserError ? { exitCode: error.exitCode } : {}),
  });
}

void main();
