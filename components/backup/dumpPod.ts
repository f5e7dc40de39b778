import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { DUMP_SCHEDULES, type DumpKind } from "./dumpSchedule";
import { plain, secret } from "./environment";
import { type BucketPod, scriptContainer, unattended } from "./jobPod";
import { storeEnvironment } from "./store";

/** Seconds after which a dump is given up: before the next daily one is due. */
const LONGEST_SECONDS = 20 * 3600;

/** Size of one member of the monthly archive, in blocks of 64 KiB: 32 MiB. Two of them are on the volume at a time. */
export const PART_BLOCKS = 512;

/** Size of the volume between the two containers, MiB: two members of the archive, and the manifest. */
export const WORK_MIB = 256;

export interface DumpPodArgs {
  readonly kind: DumpKind;
  readonly database: string;
  readonly host: Input<string>;
  readonly port: number;
  readonly sslmode: string;
  /** Secret with `username` and `password` of the database. */
  readonly secretName: Input<string>;
  /** The metric of CloudWatch that tells of each dump, with its dimension `Stack`. Default: none. */
  readonly metric?: {
    readonly namespace: string;
    readonly name: string;
    readonly unit: string;
    readonly stack: string;
  };
  readonly clientImage: string;
  readonly uploaderImage: string;
}

/** The specification of the CronJob of one database and one kind. */
export const dumpJobSpec = (pod: BucketPod, args: DumpPodArgs): types.input.batch.v1.CronJobSpec =>
  unattended(pod, {
    schedule: DUMP_SCHEDULES[args.kind],
    longestSeconds: LONGEST_SECONDS,
    retries: 2,
    work: { emptyDir: { sizeLimit: `${WORK_MIB}Mi` } },
    containers: [dumper(args), uploader(pod, args)],
  });

const dumper = (args: DumpPodArgs) =>
  scriptContainer({
    name: "dump",
    image: args.clientImage,
    script: "dump.sh",
    env: [
      ...plain({
        DUMP_KIND: args.kind,
        PART_BLOCKS: String(PART_BLOCKS),
        PGHOST: args.host,
        PGPORT: String(args.port),
        PGDATABASE: args.database,
        PGSSLMODE: args.sslmode,
      }),
      secret("PGUSER", args.secretName, "username"),
      secret("PGPASSWORD", args.secretName, "password"),
    ],
    cpu: "100m",
    memory: "256Mi",
  });

const uploader = ({ store }: BucketPod, { metric, ...args }: DumpPodArgs) =>
  scriptContainer({
    name: "upload",
    image: args.uploaderImage,
    script: "upload.sh",
    env: [
      ...plain({
        DUMP_KIND: args.kind,
        DATABASE: args.database,
        ...(metric === undefined
          ? {}
          : {
              METRIC_NAMESPACE: metric.namespace,
              METRIC_NAME: metric.name,
              METRIC_UNIT: metric.unit,
              STACK: metric.stack,
            }),
      }),
      ...storeEnvironment(store),
    ],
    cpu: "100m",
    memory: "512Mi",
  });
