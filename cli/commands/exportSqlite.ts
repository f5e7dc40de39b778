import type { Command } from "commander";
import { type Exported, exportSource } from "../../promotion/export/export";
import { ExitCode, UserError } from "../../settings";
import { bytes, print, printJson, progress } from "../console";
import { interruptible } from "../interrupt";
import { addJson } from "../options";
import { typedPath } from "../project";

interface Options {
  readonly source: string;
  readonly folder: string;
  readonly json: boolean;
}

const BUSY_MS = 5_000;

/** `ladder export-sqlite`: the documented export, and the whole database as SQL. */
export function addExportSqlite(program: Command): void {
  const command = program
    .command("export-sqlite")
    .summary("write a SQLite file as migration.sql, and the breeding tables as JSON")
    .description(
      "Writes migration.sql with the whole database, and agents.json, balances.json, payments.json and messages.json of those tables that there are: all of one moment, while the application may go on writing. The SQLite file is only read.",
    )
    .option("--source <file>", "the SQLite file", "./db.sqlite")
    .option("--folder <folder>", "where the files are written to; files of these names are replaced", "./migration");
  addJson(command).action(exportSqlite);
}

async function exportSqlite({ source, folder, json }: Options): Promise<void> {
  const path = typedPath(source);
  progress(`Exporting ${path} ...`);
  const exported = await interruptible((signal) =>
    exportSource({ source: { path, busyTimeoutMs: BUSY_MS }, folder: typedPath(folder), signal }),
  );
  if (json) printJson(exported);
  else for (const file of exported.files) print(`  ${file.path} (${bytes(file.bytes)})`);
  refuseUnheld(exported);
  if (!json) print("Data exported. The files hold all that the database holds: keep them as safe as the database.");
}

function refuseUnheld({ unheld }: Exported): void {
  if (unheld.length === 0) return;
  const columns = unheld.map(({ table, column, values }) => `${table}.${column} (${values})`).join(", ");
  throw new UserError(
    `Some texts are no UTF-8, and JSON cannot hold them; they have U+FFFD in the files of JSON: ${columns}. migration.sql has them as they are. Mend them in SQLite and export again, or bring the SQLite file itself over with: ladder migrate-storage.`,
    ExitCode.failed,
  );
}
