import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { types } from "@pulumi/kubernetes";
import { drillJobSpec } from "../../components/backup/drillPod";
import { dumpJobSpec } from "../../components/backup/dumpPod";
import type { DumpKind } from "../../components/backup/dumpSchedule";
import { type BucketPod, WORK_FOLDER } from "../../components/backup/jobPod";
import { SCRIPTS_FOLDER, type ScriptsOf, scriptFiles } from "../../components/backup/scripts";
import { type Postgres, startPostgres } from "../servers/postgres";
import { type Ended, run } from "../servers/run";
import { type S3Server, startS3 } from "../servers/s3";
import { awsCommand } from "../servers/tools";
import { giveAway, ordinaryUser } from "../support/secondUser";

/** Runs the pods of dumps and drills on this machine: the containers' own commands with their own environment and scripts. */

export const BUCKET = "dumps";

export interface Servers {
  readonly postgres: Postgres;
  readonly s3: S3Server;
  /** Folder of the AWS command line. */
  readonly aws: string;
}

export async function startServers(): Promise<Servers> {
  const [postgres, s3, aws] = await Promise.all([startPostgres(), startS3(), awsCommand()]);
  await s3.createBucket(BUCKET);
  return { postgres, s3, aws: dirname(aws) };
}

export const stopServers = async ({ postgres, s3 }: Servers): Promise<void> => {
  await Promise.all([postgres.stop(), s3.stop()]);
};

/** What a test has otherwise than a pod that is right. */
export interface Otherwise {
  /** Environment of all containers. */
  readonly env?: Readonly<Record<string, string>>;
  /** KiB that a process may write into one file: a write that goes beyond fails, as on a disk that is full. */
  readonly fileBlocks?: number;
  readonly bucket?: string;
}

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;

interface Pod {
  readonly spec: PodSpec;
  readonly scripts: ScriptsOf;
}

const bucketPod = ({ s3 }: Servers, { bucket = BUCKET }: Otherwise): BucketPod => ({
  serviceAccountName: "test",
  scriptsName: "scripts",
  labels: {},
  store: { bucket, region: s3.region, endpoint: s3.endpoint, forcePathStyle: true, secretName: "keys" },
});

/** The template of a job, for which every input of these specifications is a plain value. */
function podOf(spec: types.input.batch.v1.CronJobSpec): PodSpec {
  const job = spec.jobTemplate as types.input.batch.v1.JobTemplateSpec;
  const { template } = job.spec as types.input.batch.v1.JobSpec;
  return (template as types.input.core.v1.PodTemplateSpec).spec as PodSpec;
}

/** Dumps a database into the bucket. */
export async function dump(servers: Servers, database: string, kind: DumpKind, otherwise: Otherwise = {}) {
  const { postgres } = servers;
  const spec = dumpJobSpec(bucketPod(servers, otherwise), {
    kind,
    database,
    host: postgres.host,
    port: postgres.port,
    sslmode: "prefer",
    secretName: "database",
    clientImage: "client",
    uploaderImage: "uploader",
  });
  const [dumped, uploaded] = await runPod(servers, { spec: podOf(spec), scripts: "dump" }, otherwise);
  if (dumped === undefined || uploaded === undefined) throw new Error("a dump has two containers");
  return { dumped, uploaded };
}

/** Restores the newest dump of the bucket: what the container that failed has said, or the last one. */
export async function drill(servers: Servers, database: string, kind: DumpKind, otherwise: Otherwise = {}) {
  const spec = drillJobSpec(bucketPod(servers, otherwise), {
    kind,
    database,
    scratch: { gib: 1 },
    serverImage: "server",
    fetcherImage: "fetcher",
  });
  const ended = await runPod(servers, { spec: podOf(spec), scripts: "drill" }, otherwise);
  const last = ended.at(-1);
  if (last === undefined) throw new Error("a drill has two containers");
  return last;
}

async function runPod(servers: Servers, { spec, scripts }: Pod, otherwise: Otherwise): Promise<Ended[]> {
  const folder = mkdtempSync(join(tmpdir(), "pod-"));
  try {
    const places = { [WORK_FOLDER]: join(folder, "work"), [SCRIPTS_FOLDER]: join(folder, "scripts") };
    for (const place of Object.values(places)) mkdirSync(place);
    for (const [file, text] of Object.entries(scriptFiles(scripts)))
      writeFileSync(join(folder, "scripts", file), text, { mode: 0o644 });
    chmodSync(folder, 0o755);
    chmodSync(places[WORK_FOLDER] ?? folder, 0o777);
    const start = async (container: Container): Promise<Ended> => {
      const owner = container.name === "drill" ? ordinaryUser : [];
      if (owner.length > 0) giveAway(folder);
      return run([...owner, ...limited(otherwise), ...commandOf(container, places)], {
        env: { ...(await environmentOf(container, servers, places)), ...otherwise.env },
        cwd: folder,
      });
    };
    const ended: Ended[] = [];
    for (const container of (spec.initContainers ?? []) as Container[]) {
      const one = await start(container);
      ended.push(one);
      if (one.code !== 0) return ended;
    }
    return [...ended, ...(await Promise.all((spec.containers as Container[]).map(start)))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const limited = ({ fileBlocks }: Otherwise): string[] =>
  fileBlocks === undefined ? [] : ["bash", "-c", `trap "" XFSZ; ulimit -f ${fileBlocks}; exec "$@"`, "limited"];

type Places = Readonly<Record<string, string>>;

/** A path of the pod as one of this machine. */
const here = (text: string, places: Places): string =>
  Object.entries(places).reduce(
    (path, [from, to]) => (path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path),
    text,
  );

const commandOf = ({ command }: Container, places: Places): string[] =>
  (command as string[]).map((word) => here(word, places));

/** The container's own variables, with what the cluster's Secrets hold, and the programs of its image. */
async function environmentOf(
  { env = [] }: Container,
  { postgres, s3, aws }: Servers,
  places: Places,
): Promise<NodeJS.ProcessEnv> {
  const secrets: Readonly<Record<string, string>> = {
    "database/username": postgres.user,
    "database/password": postgres.password,
    "keys/access-key": s3.accessKey,
    "keys/secret-key": s3.secretKey,
  };
  const variables = (env as types.input.core.v1.EnvVar[]).map(({ name, value, valueFrom }) => {
    const { secretKeyRef } = (valueFrom ?? {}) as { secretKeyRef?: { name: string; key: string } };
    const text = secretKeyRef === undefined ? value : secrets[`${secretKeyRef.name}/${secretKeyRef.key}`];
    if (typeof text !== "string") throw new Error(`variable ${name} has no value`);
    return [name, here(text, places)];
  });
  const { PATH, LANG, LD_LIBRARY_PATH } = postgres.env;
  return {
    LANG,
    ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }),
    ...Object.fromEntries(variables),
    PATH: [aws, postgres.bin, PATH].join(delimiter),
  };
}
