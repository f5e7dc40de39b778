import { join } from "node:path";
import { type Command, Option } from "commander";
import { MAPPED } from "../../promotion/mapping";
import { compareOnce, moveOnce, type Once } from "../../promotion/once/moveOnce";
import { withSnapshot } from "../../promotion/once/snapshot";
import { type CatalogueName, ExitCode, UserError } from "../../settings";
import { print, printJson, progress } from "../console";
import { interruptible } from "../interrupt";
import { contractConnection, namesPostgres } from "../once/connection";
import { checkFiles, files } from "../once/files";
import type { Part } from "../once/part";
import { printBrought, printCompared, printLeftOut, printSums, warnRefused } from "../once/show";
import { addJson } from "../options";
import { ROOT, typedPath } from "../project";
import { ProgressDisplay } from "../promotion/progress";

interface Options {
  readonly databaseOnly: boolean;
  readonly filesOnly: boolean;
  readonly dryRun: boolean;
  readonly database?: CatalogueName;
  readonly translate: boolean;
  readonly rules?: string;
  readonly quarantine: boolean;
  readonly json: boolean;
}

const DEFAULT_SQLITE = "database/ai_company.db";
const BUSY_MS = 5_000;

/** `ladder migrate-storage`: the documented one-shot migration, for an application that is stopped. */
export function addMigrateStorage(program: Command): void {
  const command = program
    .command("migrate-storage")
    .summary("bring a stopped application's SQLite file and folder into PostgreSQL and S3")
    .description(
      `Brings the SQLite file (DB_SQLITE_PATH, else ${DEFAULT_SQLITE}) into the PostgreSQL that DB_TYPE=postgresql and DB_PG_HOST, DB_PG_DATABASE, DB_PG_USERNAME, DB_PG_PASSWORD name, as the database's owner, and the folder of files (FILE_STORAGE_LOCAL_PATH, else ./uploads) into the bucket of FILE_STORAGE_S3_*; then compares everything. Stop the application first, and start it with the new settings after. A database that must go on serving is moved by: ladder promote.`,
    )
    .addOption(new Option("--database-only", "the database, not the files").default(false).conflicts("filesOnly"))
    .addOption(new Option("--files-only", "the files, not the database").default(false))
    .option("--dry-run", "show both sides and their difference; write into neither", false)
    .addOption(
      new Option(
        "--database <name>",
        "the logical database that the tables are mapped onto; default: that whose tables they are",
      )
        .choices(MAPPED)
        .conflicts("translate"),
    )
    .addOption(new Option("--translate", "take the tables as they are").default(false))
    .option("--rules <file>", "rulings on columns: rules.yaml")
    .option("--quarantine", "rows that cannot be carried stay behind, in ladder_promotion.quarantine", false);
  addJson(command).action(migrateStorage);
}

async function migrateStorage(options: Options): Promise<void> {
  const { databaseOnly, filesOnly, dryRun, json } = options;
  const results: Record<string, unknown> = {};
  let agree = true;
  // Before a row is brought over, whose files could not follow.
  if (!databaseOnly) await checkFiles(dryRun);
  if (!filesOnly) {
    const { result, agrees } = await database(options);
    results.database = result;
    agree &&= agrees;
  }
  if (!databaseOnly) {
    const { result, agrees } = await files(dryRun, json);
    results.files = result;
    agree &&= agrees;
  }
  if (json) printJson({ ...results, agrees: agree });
  else if (!dryRun) print("Start the application with the new settings.");
  if (!agree)
    throw new UserError(
      "Source and target differ, as told above. Run it without --dry-run to bring over what is missing into an empty target.",
      ExitCode.failed,
    );
}

async function database({ dryRun, quarantine, json, ...ruling }: Options): Promise<Part> {
  const named = dryRun && !namesPostgres(process.env) ? undefined : contractConnection(process.env);
  const path = typedPath(process.env.DB_SQLITE_PATH || DEFAULT_SQLITE);
  const display = new ProgressDisplay(process.stderr);
  const given = { ...ontoOf(ruling), ...(ruling.rules === undefined ? {} : { rules: typedPath(ruling.rules) }) };
  const onCopy = <T>(use: (copy: Omit<Once, "connection">) => Promise<T>): Promise<T> =>
    interruptible((signal) => {
      const source = { path, busyTimeoutMs: BUSY_MS };
      return withSnapshot({ source, folder: join(ROOT, ".ladder"), signal }, (snapshot) =>
        use({ ...snapshot, onProgress: display.report, signal }),
      );
    }).finally(() => display.clear());
  if (named === undefined) {
    progress(`Reading ${path} ...`);
    return showCompared(await onCopy((copy) => compareOnce({ ...copy, ...given, connection: undefined })), json);
  }
  const { connection, run } = named;
  const into = `${connection.database} at ${connection.host}:${connection.port}`;
  progress(dryRun ? `Comparing ${path} with ${into} ...` : `Bringing ${path} into ${into} ...`);
  if (dryRun)
    return showCompared(await run(() => onCopy((copy) => compareOnce({ ...copy, ...given, connection }))), json);
  const moved = await run(() =>
    onCopy((copy) => moveOnce({ ...copy, ...given, connection, quarantine, existing: "refuse" })),
  );
  return showMoved(moved, json);
}

const ontoOf = ({ database, translate }: Pick<Options, "database" | "translate">): Pick<Once, "onto"> => {
  const onto = translate ? "translate" : database;
  return onto === undefined ? {} : { onto };
};

function showCompared({ compared, plan, empty, agrees }: Awaited<ReturnType<typeof compareOnce>>, json: boolean): Part {
  const result = { empty, tables: compared.tables, refused: compared.refused, leftOut: plan.leftOut };
  // An empty target is what there is before the migration: nothing that would be wrong (C-22).
  const part = { result, agrees: empty || agrees };
  if (json) return part;
  printCompared(compared);
  printSums(compared.tables);
  printLeftOut(plan.leftOut);
  warnRefused(compared.refused);
  if (empty) print("There is nothing in the target yet: this is what would be brought over. Nothing was written.");
  else
    print(
      agrees
        ? "Every row is the same on both sides. Nothing was written."
        : "The two sides differ. Nothing was written.",
    );
  return part;
}

function showMoved({ brought, compared, plan }: Awaited<ReturnType<typeof moveOnce>>, json: boolean): Part {
  const result = { tables: brought.tables, compared: compared.tables, refused: brought.refused, leftOut: plan.leftOut };
  if (!json) {
    printBrought(brought.tables);
    printSums(compared.tables);
    printLeftOut(plan.leftOut);
    warnRefused(brought.refused);
    print("The database was brought over, and every row compared.");
  }
  return { result, agrees: true };
}
