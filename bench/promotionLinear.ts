/**
 * How the time of a promotion grows from 10,000 rows to 10,000,000. Run: `npm run bench -- promotion-linear [decades]`, 2 to 4 of them.
 * Needs 8 GB of temporary space.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { connectionFrom } from "../schema/connection";
import { judge, printLines } from "./measure";
import { items } from "./promotionData";
import { benchServer, emptyDatabase } from "./promotionPeers";
import { type Measured, promoteAlone } from "./promotionRun";

const FIRST = 10_000;
/** Ten times the rows take at most this many times as long. */
const MOST_GROWTH = 11;
const MOST_MEMORY = 400;

async function promoted(rows: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  const server = await benchServer();
  try {
    const file = join(folder, "source.db");
    items(rows).make(file);
    const url = await emptyDatabase(server, "target");
    const connection = connectionFrom({ LADDER_DATABASE_URL: url, PGSSLMODE: "disable" }, "target");
    return await promoteAlone({ folder, file, connection, server: server.folder, wish: "soak" });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function benchPromotionLinear(decades = 4): Promise<void> {
  console.log("Promotion: time by rows, from assess to the cut-over");
  const done: Measured[] = [];
  for (let decade = 0; decade < decades; decade += 1) {
    const rows = FIRST * 10 ** decade;
    const measured = await promoted(rows);
    done.push(measured);
    console.log(
      `  ${rows.toLocaleString("en-US").padStart(10)} rows  ${measured.total.toFixed(1)} s, ${((measured.total / rows) * 1e6).toFixed(1)} µs a row; load average ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  printLines([{ what: "most memory", values: done.map(({ memory }) => memory) }], "MB");
  const growth = done.slice(1).map(({ total }, at) => total / (done[at]?.total ?? Number.NaN));
  judge({ what: "most that ten times the rows take", value: Math.max(...growth), limit: MOST_GROWTH, unit: " times" });
  judge({ what: "most memory", value: Math.max(...done.map(({ memory }) => memory)), limit: MOST_MEMORY, unit: " MB" });
}
