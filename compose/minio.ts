import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MINIO_IMAGES } from "../components/files/minio/images";
import { lifecycle } from "../components/files/minio/minioSetup";
import { appPolicy } from "../components/files/s3Policies";
import { USER } from "./app";
import { SCRIPTS } from "./scripts";
import { contained, HELPER_MIB, healthcheck, localPort, type Part, reference, type Variable } from "./service";
import { settled } from "./settled";

export interface MinioArgs {
  readonly bucket: string;
  /** Days that overwritten and deleted versions of a file are kept. */
  readonly noncurrentDays: number;
  readonly memoryMiB: number;
}

export const MINIO_PORT = 9000;
const CONSOLE_PORT = 9001;
const ROOT = "minio";
/** Name of the application's user on the server: its access key. */
export const APP_USER = "aibase";
const DATA = "/data";
const SETUP_FOLDER = "/setup";

const ROOT_PASSWORD: Variable = {
  name: "MINIO_ROOT_PASSWORD",
  purpose: `password of MinIO's root user ${ROOT}, which only the preparation uses`,
  value: "generated",
};
export const SECRET_KEY: Variable = {
  name: "FILE_STORAGE_S3_SECRET_KEY",
  purpose: "secret key with which the application reaches its files",
  value: "generated",
};
/** Of a server that is there; the application's user on MinIO has a fixed name. */
export const ACCESS_KEY: Variable = {
  name: "FILE_STORAGE_S3_ACCESS_KEY",
  purpose: "access key with which the application reaches its files",
  value: "given",
};

/** MinIO, and what makes the bucket and the application's user with exactly the four actions (S1-67, S1-80, C-30). */
export async function minio(args: MinioArgs): Promise<Part> {
  const files = await setupFiles(args);
  return {
    services: { minio: server(args), "minio-init": preparation(args, Object.keys(files)) },
    volumes: ["minio_data"],
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [inFolder(name), text])),
    variables: [ROOT_PASSWORD, SECRET_KEY],
  };
}

/** The same as in Kubernetes (components/files/minio). */
const setupFiles = async ({ bucket, noncurrentDays }: MinioArgs): Promise<Record<string, string>> => ({
  "setup.sh": readFileSync(join(__dirname, "..", "components", "files", "minio", "setup.sh"), "utf8"),
  "policy.json": await settled(appPolicy(`arn:aws:s3:::${bucket}`)),
  "lifecycle.json": lifecycle(noncurrentDays),
});

const inFolder = (name: string): string => `${SCRIPTS}/minio-${name}`;

/** As root, without any of root's rights: Docker gives a new volume to nobody else. */
const server = ({ memoryMiB }: MinioArgs) =>
  ({
    image: MINIO_IMAGES.server,
    restart: "unless-stopped",
    stop_grace_period: "60s",
    ...contained(memoryMiB, "data"),
    command: ["server", DATA, "--console-address", `:${CONSOLE_PORT}`],
    environment: {
      MINIO_ROOT_USER: ROOT,
      MINIO_ROOT_PASSWORD: reference(ROOT_PASSWORD.name),
      MINIO_UPDATE: "off",
      // Server and client make folders there, which they could not in a root that nobody writes to.
      HOME: "/tmp",
    },
    healthcheck: healthcheck(["CMD", "mc", "ready", "local"]),
    ports: [localPort(CONSOLE_PORT, CONSOLE_PORT)],
    volumes: [`minio_data:${DATA}`],
  }) as const;

const preparation = ({ bucket }: MinioArgs, files: readonly string[]) =>
  ({
    image: MINIO_IMAGES.client,
    user: USER,
    restart: "no",
    ...contained(HELPER_MIB, "helper"),
    entrypoint: ["sh", `${SETUP_FOLDER}/setup.sh`],
    environment: {
      MC_HOST_minio: `http://${ROOT}:${reference(ROOT_PASSWORD.name)}@minio:${MINIO_PORT}`,
      MC_CONFIG_DIR: "/tmp/mc",
      HOME: "/tmp",
      BUCKET: bucket,
      APP_USER,
      APP_PASSWORD: reference(SECRET_KEY.name),
      SETUP: SETUP_FOLDER,
    },
    depends_on: { minio: { condition: "service_healthy" } },
    volumes: files.map((name) => `./${inFolder(name)}:${SETUP_FOLDER}/${name}:ro`),
  }) as const;
