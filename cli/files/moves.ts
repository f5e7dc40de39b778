import { join } from "node:path";
import type { Client } from "pg";
import type { FolderMove } from "../../promotion/files/move";
import { storeSettings } from "../../promotion/files/store/settings";
import { openStore, type Store } from "../../promotion/files/store/store";
import { promotionsFolder } from "../../promotion/machine/folder";
import { connect, connectionFrom } from "../../schema/connection";
import { type FileStatus, fileStatus } from "../../schema/files/fileTable";
import { prepareSession } from "../../schema/session";
import { UserError } from "../../settings";
import { interruptible } from "../interrupt";
import { ROOT, settingsOf, typedPath } from "../project";

/** Opens the bucket that the environment names, for work that Ctrl-C interrupts. */
export async function withStore<T>(work: (store: Store, signal: AbortSignal) => Promise<T>): Promise<T> {
  const store = await openStore(storeSettings(process.env));
  try {
    return await interruptible((signal) => work(store, signal));
  } finally {
    store.close();
  }
}

/** The move of a stack's folder, whose journal is kept with the stack's promotions. */
export function folderMove(
  stack: string,
  folder: string | undefined,
  { store, onProgress, signal }: Pick<FolderMove, "store" | "onProgress" | "signal">,
): FolderMove {
  return {
    folder: folder === undefined ? folderOf(stack) : typedPath(folder),
    store,
    journal: join(promotionsFolder(ROOT, stack), "files.db"),
    ...(onProgress === undefined ? {} : { onProgress }),
    signal,
  };
}

/** Where the application has its files, when nobody names the folder. */
function folderOf(stack: string): string {
  const named = process.env.FILE_STORAGE_LOCAL_PATH;
  if (named !== undefined && named !== "") return typedPath(named);
  const { files } = settingsOf(stack, "warn");
  if ("path" in files) return join(ROOT, files.path);
  throw new UserError(`Stack ${stack} has no folder of files on this machine. Name one with --folder <folder>.`);
}

/** As the owner of 4g3n7db; libpq's variables or LADDER_DATABASE_URL say where it is. */
export async function connectFiles(): Promise<Client> {
  const client = await connect(connectionFrom(process.env, "4g3n7db"));
  await prepareSession(client);
  return client;
}

/** Where the files of 4g3n7db are, by their rows. */
export async function statusOfRows(): Promise<FileStatus> {
  const client = await connectFiles();
  try {
    return await fileStatus(client);
  } finally {
    await client.end();
  }
}

export async function countObjects(store: Store, signal: AbortSignal): Promise<number> {
  let objects = 0;
  for await (const page of store.list({ signal })) objects += page.length;
  return objects;
}
