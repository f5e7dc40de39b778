import { readFileSync } from "node:fs";
import { copyAll } from "../../../promotion/copy/copy";
import type { Plan } from "../../../promotion/model";
import type { Connection } from "../../../schema/connection";
import { runOf } from "./plans";

export interface ChildJob {
  readonly connection: Connection;
  readonly path: string;
  readonly plan: Plan;
}

/** A copy in a process of its own, to be killed or measured; a `ChildJob` is read from a file. */
export async function copyAs(file: string): Promise<void> {
  const { connection, path, plan } = JSON.parse(readFileSync(file, "utf8")) as ChildJob;
  const run = runOf(connection, path, plan, { onProgress: ({ done }) => console.log(`rows ${done}`) });
  const { rows } = await copyAll(run, { quarantine: false });
  console.log(`copied ${rows}, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}
