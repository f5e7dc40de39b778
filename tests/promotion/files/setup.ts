import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { FolderMove } from "../../../promotion/files/move";
import type { StoreSettings } from "../../../promotion/files/store/settings";
import { openStore, type Store, type StoreOptions } from "../../../promotion/files/store/store";
import { type S3Server, startS3 } from "../../servers/s3";
import { temporaryFolder } from "../../support/temporary";

/** One S3 server for a file of tests. */
export function s3ForThisFile(): () => S3Server {
  let server: S3Server | undefined;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error("the server is there within tests only");
    return server;
  };
}

/** As for a MinIO: an endpoint, and the bucket in the path (S1-33). */
export const settingsOf = (server: S3Server, bucket: string, endpoint = server.endpoint): StoreSettings => ({
  bucket,
  region: server.region,
  endpoint,
  forcePathStyle: true,
  credentials: { accessKeyId: server.accessKey, secretAccessKey: server.secretKey },
});

export interface Place extends FolderMove {
  readonly bucket: string;
  /** Writes a file of the folder, as an application does. */
  write(path: string, contents: string | Buffer): void;
  /** All objects as text, by key. */
  objects(): Promise<Readonly<Record<string, string>>>;
}

/** An empty folder, an empty bucket and a journal for one test. The store is asked at `endpoint`. */
export async function place(server: S3Server, endpoint = server.endpoint, options: StoreOptions = {}): Promise<Place> {
  const bucket = `files-${randomUUID()}`;
  await server.createBucket(bucket);
  const store = await closing(settingsOf(server, bucket, endpoint), options);
  const base = temporaryFolder();
  const folder = join(base, "uploads");
  mkdirSync(folder);
  return {
    bucket,
    store,
    folder,
    journal: join(base, "journal", "files.db"),
    write(path, contents) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), contents);
    },
    async objects() {
      const keys = await listKeys(store);
      return Object.fromEntries(
        await Promise.all(keys.map(async (key) => [key, String(await server.get(bucket, key))] as const)),
      );
    },
  };
}

export async function closing(settings: StoreSettings, options: StoreOptions = {}): Promise<Store> {
  const store = await openStore(settings, options);
  onTestFinished(() => store.close());
  return store;
}

export async function listKeys(store: Store): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list()) keys.push(...page.map(({ key }) => key));
  return keys.sort();
}

/** Contents that no two numbers share. */
export const contents = (n: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 4)
    buffer.writeUInt32LE((Math.imul(at + 1, 2654435761) ^ n) >>> 0, Math.min(at, bytes - 4 < 0 ? 0 : bytes - 4));
  return buffer;
};
