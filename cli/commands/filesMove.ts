import type { Command } from "commander";
import { moveBack } from "../../promotion/files/back";
import { describeLeft, moveFolder, surveyFolder } from "../../promotion/files/move";
import type { Left } from "../../promotion/files/pass";
import { moveRowsBack } from "../../promotion/files/rows/back";
import { moveRows, type RowsMove } from "../../promotion/files/rows/move";
import { verifyRows } from "../../promotion/files/rows/verify";
import { placeOf } from "../../promotion/files/store/settings";
import type { Store } from "../../promotion/files/store/store";
import { folderVerdictText, rowsVerdictText } from "../../promotion/files/verdict";
import { verifyFolder } from "../../promotion/files/verify";
import type { Progress } from "../../promotion/model";
import { ExitCode, UserError } from "../../settings";
import { bytes, print, printJson, progress } from "../console";
import { connectFiles, countObjects, folderMove, statusOfRows, withStore } from "../files/moves";
import { addJson, addStack, addYes } from "../options";
import { consent } from "../run";

interface Options {
  readonly json: boolean;
  readonly folder?: string;
  readonly rows: boolean;
}

type Asking = Options & { readonly yes: boolean };

/** `ladder files move|verify|back`: contents of files from a folder, or from 4g3n7db, to a bucket and back. */
export function addFilesMove(files: Command): void {
  const move = addPlaces(files.command("move"))
    .summary("copy a folder of files, or the Base64 contents of 4g3n7db, to a bucket")
    .description(
      "Makes the bucket of FILE_STORAGE_S3_BUCKET what the folder is, while the application goes on writing there; each object is read back and compared. Nothing is removed from the folder or the database. Run it again when nobody writes, and the last changes follow.",
    )
    .option("--leave-out", "go on although something in the folder cannot become an object", false)
    .option("--dry-run", "count what is on both sides; write nothing", false);
  addJson(addYes(move)).action(runMove);
  const verify = addPlaces(files.command("verify"))
    .summary("compare the folder, or the rows of 4g3n7db, with the bucket")
    .description("Compares counts, bytes and contents. Writes nothing. Exit code 1 when something differs.")
    .option("--full", "read every file and object again, not only what was written since it was moved", false);
  addJson(verify).action(runVerify);
  const back = addPlaces(files.command("back"))
    .summary("bring back what was written to the bucket since the files were moved")
    .description(
      "Writes into the folder, or into the database 4g3n7db, what the application has written to the bucket since. Removes nothing on either side.",
    );
  addJson(addYes(back)).action(runBack);
}

const addPlaces = (command: Command): Command =>
  addStack(command)
    .option(
      "--folder <folder>",
      "the folder with the files (default: FILE_STORAGE_LOCAL_PATH, or the stack's files.path)",
    )
    .option("--rows", "the files of the database 4g3n7db instead of a folder", false);

async function runMove(
  stack: string,
  options: Asking & { readonly leaveOut: boolean; readonly dryRun: boolean },
): Promise<void> {
  const { json, rows, dryRun, leaveOut } = options;
  await withStore(async (store, signal) => {
    if (rows) {
      const move = rowsMove(store, signal);
      if (dryRun)
        return show(json, await statusOfRows(), ({ inDatabase, files }) => [
          `${inDatabase} of ${files} files are in the database. Nothing was written (--dry-run).`,
        ]);
      await consent(`Copy the files of 4g3n7db to ${placeOf(store.settings)}?`, "ladder files move --rows", options);
      const moved = await moveRows(move);
      show(json, moved, ({ moved, bytes: size }) => [
        `${moved} files (${bytes(size)}) are in ${placeOf(store.settings)} now.`,
      ]);
      return refuseLeft(moved.left, "files are still in the database");
    }
    const move = folderMove(stack, options.folder, { store, signal, onProgress: showFiles() });
    const survey = await surveyFolder(move.folder, signal);
    if (dryRun)
      return show(
        json,
        { ...survey, objects: await countObjects(store, signal) },
        ({ files, bytes: size, left, objects }) => [
          `${files} files (${bytes(size)}) in ${move.folder}, ${objects} objects in ${placeOf(store.settings)}. Nothing was written (--dry-run).`,
          ...(left.count > 0 ? [`${left.count} entries cannot become objects:`, ...describeLeft(left)] : []),
        ],
      );
    if (!leaveOut)
      refuseLeft(
        survey.left,
        "entries of the folder cannot become objects, and nothing was copied; --leave-out goes on without them",
      );
    const question = `Copy ${survey.files} files (${bytes(survey.bytes)}) to ${placeOf(store.settings)}?`;
    await consent(question, `ladder files move ${stack}`, options);
    const moved = await moveFolder(move);
    show(json, moved, ({ files, copied, copiedBytes, removed, open }) => [
      `${files} files of ${move.folder} are in ${placeOf(store.settings)}: ${copied} copied now (${bytes(copiedBytes)}), ${removed} objects removed.`,
      ...(open > 0 ? [`${open} were written again meanwhile: run this once more when nobody writes.`] : []),
    ]);
    if (!leaveOut) refuseLeft(moved.left, "files were not copied");
  });
}

async function runVerify(stack: string, options: Options & { readonly full: boolean }): Promise<void> {
  const agrees = await withStore(async (store, signal) => {
    if (options.rows) {
      const verdict = await verifyRows(rowsMove(store, signal));
      show(options.json, verdict, () => [rowsVerdictText(verdict)]);
      return verdict.agrees;
    }
    const verdict = await verifyFolder({
      ...folderMove(stack, options.folder, { store, signal, onProgress: showFiles() }),
      full: options.full,
    });
    show(options.json, verdict, () => [folderVerdictText(verdict)]);
    return verdict.agrees;
  });
  if (!agrees) throw new UserError("Folder or database and bucket are not the same.", ExitCode.failed);
}

async function runBack(stack: string, options: Asking): Promise<void> {
  await withStore(async (store, signal) => {
    const from = placeOf(store.settings);
    if (options.rows) {
      await consent(`Bring the files of ${from} back into the database 4g3n7db?`, "ladder files back --rows", options);
      const done = await moveRowsBack(rowsMove(store, signal));
      show(options.json, done, ({ back, fetched }) => [
        `${back} files are in the database again; ${fetched} were read from ${from}.`,
      ]);
      return refuseLeft(done.left, "files were left in the bucket");
    }
    const move = folderMove(stack, options.folder, { store, signal, onProgress: showFiles() });
    await consent(
      `Bring what was written to ${from} since back into ${move.folder}?`,
      `ladder files back ${stack}`,
      options,
    );
    const done = await moveBack(move);
    show(options.json, done, ({ fetched, bytes: size, gone }) => [
      `${fetched} files (${bytes(size)}) were written into ${move.folder}.`,
      ...(gone.count > 0
        ? [`${gone.count} files are still there although their objects were removed:`, ...describeLeft(gone)]
        : []),
    ]);
    refuseLeft(done.left, "objects were left in the bucket");
  });
}

const rowsMove = (store: Store, signal: AbortSignal): RowsMove => ({
  connect: connectFiles,
  store,
  onProgress: showFiles(),
  signal,
});

/** A line every two seconds. */
function showFiles(): (report: Progress) => void {
  let last = Date.now();
  return ({ phase, done, total }) => {
    if (Date.now() - last < 2000) return;
    last = Date.now();
    progress(`  ${phase}: ${done}${total === undefined ? "" : ` of ${Math.max(done, total)}`}`);
  };
}

function show<T>(json: boolean, result: T, lines: (result: T) => readonly string[]): void {
  if (json) printJson(result);
  else for (const line of lines(result)) print(line);
}

function refuseLeft(left: Left, what: string): void {
  if (left.count > 0)
    throw new UserError([`${left.count} ${what}:`, ...describeLeft(left)].join("\n"), ExitCode.refused);
}
