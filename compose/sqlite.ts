import { output } from "@pulumi/pulumi";
import { DATABASE_FOLDER, databaseFile, FILES_FOLDER } from "../components/app/sqlite/folders";
import { LITESTREAM_IMAGE, litestreamConfig, litestreamMemory } from "../components/app/sqlite/litestream";
import { MIGRATIONS_FOLDER, migrationFiles, SQLITE_IMAGE } from "../components/app/sqlite/migrations";
import { scriptOf } from "../components/app/sqlite/scripts";
import type { SqliteStore } from "../components/app/sqlite/store";
import type { FilesEndpoint, SqliteEndpoint } from "../components/endpoints";
import type { SqliteCatalogueName } from "../settings/fields";
import { USER } from "./app";
import { mounted, SCRIPTS } from "./scripts";
import { contained, HELPER_MIB, type Part, reference, type Service, type Variable } from "./service";
import { settled } from "./settled";

export interface SqliteArgs {
  readonly name: SqliteCatalogueName;
  readonly busyTimeoutMs: number;
  /** Largest size of the database, in GiB: Litestream takes memory by it. */
  readonly volumeGiB: number;
  /** The bucket that Litestream replicates to. Its keys come from `.env`. */
  readonly store: SqliteStore;
}

/** Volumes of the application and the preparation. */
export const VOLUMES = [`sqlite_data:${DATABASE_FOLDER}`, `files_data:${FILES_FOLDER}`] as const;

const MIGRATIONS = "migrations";
const CONFIGURATION = "litestream.yml";
const RESTORE = "restore.sh";

const KEYS: readonly (Variable & { readonly inside: string })[] = [
  {
    name: "BACKUP_S3_ACCESS_KEY",
    inside: "AWS_ACCESS_KEY_ID",
    purpose: "access key for the bucket of Litestream",
    value: "given",
  },
  { name: "BACKUP_S3_SECRET_KEY", inside: "AWS_SECRET_ACCESS_KEY", purpose: "the secret of that key", value: "given" },
];

const keys = Object.fromEntries(KEYS.map(({ name, inside }) => [inside, reference(name)]));

/**
 * SQLite on a volume, as the pod of tier small-team has it: what was lost is restored before anything else, Litestream replicates
 * from then on, and the schema is brought up before the application starts.
 */
export async function sqlite(args: SqliteArgs): Promise<Part> {
  const migrations = migrationFiles(args.name);
  const configuration = await settled(litestreamConfig(databaseFile(args.name), args.name, args.store));
  return {
    services: {
      volumes: volumes(),
      restore: restore(args),
      litestream: litestream(args),
      migrate: migrate(args, Object.keys(migrations)),
    },
    volumes: VOLUMES.map((mount) => mount.slice(0, mount.indexOf(":"))),
    files: {
      [`${SCRIPTS}/${RESTORE}`]: scriptOf(RESTORE),
      [`${SCRIPTS}/${CONFIGURATION}`]: configuration,
      ...Object.fromEntries(Object.entries(migrations).map(([file, text]) => [`${MIGRATIONS}/${file}`, text])),
    },
    variables: KEYS.map(({ name, purpose, value }) => ({ name, purpose, value })),
  };
}

export const sqliteEndpoint = ({ name, busyTimeoutMs }: SqliteArgs): SqliteEndpoint => ({
  kind: "sqlite",
  path: output(databaseFile(name)),
  busyTimeoutMs,
});

export const volumeFiles = (): FilesEndpoint => ({ kind: "local", path: output(FILES_FOLDER) });

/** Docker gives a new volume to root; this gives it to the application. */
const volumes = (): Service => ({
  image: SQLITE_IMAGE,
  user: "root",
  restart: "no",
  ...contained(HELPER_MIB, "helper"),
  cap_add: ["CHOWN"],
  entrypoint: ["chown", USER, DATABASE_FOLDER, FILES_FOLDER],
  volumes: VOLUMES,
});

const litestreamBasics = ({ volumeGiB }: SqliteArgs) =>
  ({
    image: LITESTREAM_IMAGE,
    user: USER,
    ...contained(litestreamMemory(volumeGiB), "data"),
    environment: keys,
    volumes: [VOLUMES[0], mounted(CONFIGURATION), mounted(RESTORE)],
  }) as const;

/** Ends with an error, and nothing else starts, where the replica cannot be read. */
const restore = (args: SqliteArgs): Service => ({
  ...litestreamBasics(args),
  restart: "no",
  entrypoint: ["sh", `/${SCRIPTS}/${RESTORE}`],
  environment: { ...keys, DATABASE_FILE: databaseFile(args.name), CONFIG: `/${SCRIPTS}/${CONFIGURATION}` },
  depends_on: { volumes: { condition: "service_completed_successfully" } },
});

const litestream = (args: SqliteArgs): Service => ({
  ...litestreamBasics(args),
  restart: "unless-stopped",
  // It sends the last changes before it ends.
  stop_grace_period: "60s",
  entrypoint: ["litestream", "replicate", "-no-expand-env", "-config", `/${SCRIPTS}/${CONFIGURATION}`],
  depends_on: { restore: { condition: "service_completed_successfully" } },
});

/** After Litestream: what it changes is replicated like everything else. */
const migrate = ({ name, busyTimeoutMs }: SqliteArgs, files: readonly string[]): Service => ({
  image: SQLITE_IMAGE,
  user: USER,
  restart: "no",
  ...contained(2 * HELPER_MIB, "helper"),
  entrypoint: ["sh", `${MIGRATIONS_FOLDER}/migrate.sh`],
  environment: {
    DATABASE_FILE: databaseFile(name),
    CATALOGUE: name,
    BUSY_TIMEOUT_MS: String(busyTimeoutMs),
    MIGRATIONS: MIGRATIONS_FOLDER,
    SCRATCH: "/tmp",
    HOME: "/tmp",
  },
  depends_on: { litestream: { condition: "service_started" } },
  volumes: [VOLUMES[0], ...files.map((file) => `./${MIGRATIONS}/${file}:${MIGRATIONS_FOLDER}/${file}:ro`)],
});
