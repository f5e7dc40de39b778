import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { output } from "@pulumi/pulumi";
import { litestreamConfig } from "../../../components/app/sqlite/litestream";
import { migrationFiles } from "../../../components/app/sqlite/migrations";
import { scriptOf } from "../../../components/app/sqlite/scripts";
import type { SqliteStore } from "../../../components/app/sqlite/store";
import { SQLITE } from "../../../tools/debianTool";
import { freePort, listens, type Server, startServer } from "../../servers/process";
import { type Ended, run } from "../../servers/run";
import type { S3Server } from "../../servers/s3";
import { debianPrograms, litestream } from "../../servers/tools";
import { resolved } from "../../support/mocks";

/** The pod's scripts and configuration, run as its containers run them, in folders of this machine. */

export const DATABASE = "ai_company";

/** A folder with these files, as a ConfigMap is mounted. */
export function mounted(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** The environment with the programs that the scripts call by name. */
async function programs(): Promise<Readonly<Record<string, string>>> {
  const { folder, env } = await debianPrograms(SQLITE);
  return { ...env, PATH: [dirname(await litestream()), folder, "/usr/bin", "/bin"].join(":") };
}

/** Runs a script under `sh`, with these variables, these folders first on PATH, and nothing else of this machine's. */
export async function script(file: string, env: Readonly<Record<string, string>>, path = ""): Promise<Ended> {
  const found = await programs();
  const folders = [path, found.PATH ?? ""].filter((each) => each !== "").join(":");
  return run(["sh", file], { env: { HOME: dirname(file), ...found, ...env, PATH: folders } });
}

/** The store of a server of the tests. */
export const storeAt = (server: Pick<S3Server, "region">, endpoint: string, bucket: string): SqliteStore => ({
  kind: "s3",
  bucket: output(bucket),
  region: server.region,
  endpoint,
  forcePathStyle: true,
  path: "team",
});

export interface Pod {
  /** The volume. */
  readonly volume: string;
  readonly database: string;
  /** Address of Litestream's metrics. */
  readonly metrics: string;
  /** The init container that restores. */
  restore(): Promise<Ended>;
  /** The init container that brings the schema up. */
  migrate(): Promise<Ended>;
  /** Litestream beside the application, until it is stopped. */
  replicate(): Promise<Server>;
}

/** The pod of an application whose volume is a folder of this machine. */
export async function podAt(folder: string, store: SqliteStore, keys: Readonly<Record<string, string>>): Promise<Pod> {
  const volume = join(folder, "database");
  mkdirSync(volume, { recursive: true });
  const database = join(volume, `${DATABASE}.db`);
  const port = await freePort();
  const rendered = await resolved(litestreamConfig(database, DATABASE, store));
  const etc = mounted(join(folder, "etc"), {
    // The pod's own port is this machine's as well, where others may have taken it.
    "litestream.yml": rendered.replace(/^addr: .*$/m, `addr: 127.0.0.1:${port}`),
    "restore.sh": scriptOf("restore.sh"),
  });
  const migrations = mounted(join(folder, "migrations"), migrationFiles(DATABASE));
  const config = join(etc, "litestream.yml");
  return {
    volume,
    database,
    metrics: `http://127.0.0.1:${port}/metrics`,
    restore: () => script(join(etc, "restore.sh"), { DATABASE_FILE: database, CONFIG: config, ...keys }),
    migrate: () => migrate(migrations, database),
    replicate: async () =>
      startServer({
        name: "litestream",
        command: await litestream(),
        args: ["replicate", "-no-expand-env", "-config", config],
        env: { PATH: process.env.PATH, ...keys },
        folder,
        ready: () => listens(port),
      }),
  };
}

/** The script of the init container that brings the schema up. */
export const migrate = (
  migrations: string,
  database: string,
  { catalogue = DATABASE, busyTimeoutMs = "60000" } = {},
): Promise<Ended> =>
  script(join(migrations, "migrate.sh"), {
    DATABASE_FILE: database,
    CATALOGUE: catalogue,
    BUSY_TIMEOUT_MS: busyTimeoutMs,
    MIGRATIONS: migrations,
    SCRATCH: migrations,
  });
