import { spawnSync } from "node:child_process";
import { join } from "node:path";

// The documented path of: ladder migrate-storage. By node, whatever runs this file: SQLite's library is built for node.
const ladder = join(__dirname, "../../../cli/ladder.cjs");
const { status, error } = spawnSync("node", [ladder, "migrate-storage", ...process.argv.slice(2)], {
  stdio: "inherit",
});
if (error) console.error(`node could not be started: ${error.message}`);
process.exitCode = status ?? 1;
