import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { withScratch } from "../../local/backup/scratch";
import { sqliteFromJson } from "../../promotion/once/jsonSource";
import { moveOnce } from "../../promotion/once/moveOnce";
import { print, printJson, progress } from "../console";
import { interruptible } from "../interrupt";
import { urlConnection } from "../once/connection";
import { printBrought, printLeftOut, printSums, warnRefused } from "../once/show";
import { addJson } from "../options";
import { ROOT, typedPath } from "../project";
import { ProgressDisplay } from "../promotion/progress";

interface Options {
  readonly folder: string;
  readonly rules?: string;
  readonly quarantine: boolean;
  readonly json: boolean;
}

/** `ladder import-postgres`: the documented import, done right (C-23). */
export function addImportPostgres(program: Command): void {
  const command = program
    .command("import-postgres")
    .summary("bring the files of export-sqlite into PostgreSQL")
    .description(
      "Reads agents.json, balances.json, payments.json and messages.json, and brings all of it into the database that DATABASE_URL names, as its owner, in one transaction; then compares every row. Rows that are there already get the values of the files; rows that only the database has stay. Run again, it changes nothing.",
    )
    .option("--folder <folder>", "where the files are", "./migration")
    .option("--rules <file>", "rulings on columns: rules.yaml")
    .option("--quarantine", "rows that cannot be carried stay behind, in ladder_promotion.quarantine", false);
  addJson(command).action(importPostgres);
}

async function importPostgres({ folder, rules, quarantine, json }: Options): Promise<void> {
  const { connection, run } = urlConnection(process.env);
  const display = new ProgressDisplay(process.stderr);
  const scratch = join(ROOT, ".ladder");
  await mkdir(scratch, { recursive: true });
  const moved = await run(() =>
    interruptible((signal) =>
      withScratch(scratch, async (inside) => {
        const path = join(inside, "import.sqlite");
        progress(`Reading the files in ${typedPath(folder)} ...`);
        await sqliteFromJson(typedPath(folder), path, signal);
        progress(`Bringing them into ${connection.database} at ${connection.host}:${connection.port} ...`);
        return moveOnce({
          copy: { path, busyTimeoutMs: 0 },
          connection,
          onto: "ai_breeding",
          ...(rules === undefined ? {} : { rules: typedPath(rules) }),
          quarantine,
          existing: "upsert",
          onProgress: display.report,
          signal,
        });
      }),
    ),
  ).finally(() => display.clear());
  const { brought, compared, plan } = moved;
  if (json) return printJson({ tables: brought.tables, compared: compared.tables, refused: brought.refused });
  printBrought(brought.tables);
  printSums(compared.tables);
  printLeftOut(plan.leftOut);
  warnRefused(brought.refused);
  print("Data imported, and every row compared.");
}
