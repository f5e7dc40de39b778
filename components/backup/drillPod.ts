import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { POD_SECURITY } from "../kubernetes/pod";
import { DRILL_SCHEDULES, type DumpKind, MAX_AGE_HOURS } from "./dumpSchedule";
import { plain } from "./environment";
import { type BucketPod, scriptContainer, unattended } from "./jobPod";
import { storeEnvironment } from "./store";

/** Seconds after which a drill is given up. */
const LONGEST_SECONDS = 12 * 3600;

/** Key of the list of users in the ConfigMap of scripts. */
const USERS = "users";

/** Where a drill unpacks a dump. */
export interface Scratch {
  /** GiB that hold the dump and the whole restored database, indexes and all. */
  readonly gib: number;
  /** Storage class of a volume that lives as long as the pod. Default: a folder on the machine's own disk. */
  readonly storageClass?: string;
}

export interface DrillPodArgs {
  readonly kind: DumpKind;
  readonly database: string;
  readonly scratch: Scratch;
  readonly serverImage: string;
  readonly fetcherImage: string;
}

/** PostgreSQL starts for no user without a name. The image knows none for the pod's, so the pod brings its own list of users. */
export const drillFiles = (): Record<string, pulumi.Output<string>> => ({
  [USERS]: pulumi.interpolate`root:x:0:0:root:/root:/bin/false\ndrill:x:${POD_SECURITY.runAsUser}:${POD_SECURITY.runAsGroup}:drill:/tmp:/bin/false\n`,
});

/** The specification of the CronJob of one database and one kind of dump. */
export const drillJobSpec = (pod: BucketPod, args: DrillPodArgs): types.input.batch.v1.CronJobSpec =>
  unattended(pod, {
    schedule: DRILL_SCHEDULES[args.kind],
    longestSeconds: LONGEST_SECONDS,
    // What failed once fails again, and shall be seen; a pod that lost its machine is not counted.
    retries: 1,
    work: scratchVolume(args.scratch),
    initContainers: [fetcher(pod, args)],
    containers: [driller(args)],
  });

const scratchVolume = ({ gib, storageClass }: Scratch): Omit<types.input.core.v1.Volume, "name"> =>
  storageClass === undefined
    ? { emptyDir: { sizeLimit: `${gib}Gi` } }
    : {
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: storageClass,
              resources: { requests: { storage: `${gib}Gi` } },
            },
          },
        },
      };

/** What a folder on the machine's disk holds counts as the pod's; 1 GiB for everything else. */
const diskOf = ({ gib, storageClass }: Scratch): { readonly disk: string } => ({
  disk: storageClass === undefined ? `${gib + 1}Gi` : "1Gi",
});

const fetcher = ({ store }: BucketPod, args: DrillPodArgs) =>
  scriptContainer({
    name: "fetch",
    image: args.fetcherImage,
    script: "fetch.sh",
    env: [...plain({ DUMP_KIND: args.kind, DATABASE: args.database }), ...storeEnvironment(store)],
    cpu: "100m",
    memory: "512Mi",
    ...diskOf(args.scratch),
  });

const driller = (args: DrillPodArgs) =>
  scriptContainer({
    name: "drill",
    image: args.serverImage,
    script: "drill.sh",
    env: plain({
      DUMP_KIND: args.kind,
      DATABASE: args.database,
      MAX_AGE_HOURS: String(MAX_AGE_HOURS[args.kind]),
    }),
    cpu: "250m",
    memory: "1Gi",
    ...diskOf(args.scratch),
    files: { [USERS]: "/etc/passwd" },
  });
