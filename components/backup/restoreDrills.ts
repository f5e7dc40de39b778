import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CatalogueName } from "../../settings";
import type { Transform } from "../transform";
import { BucketJobs } from "./bucketJobs";
import { drillFiles, drillJobSpec, type Scratch } from "./drillPod";
import { AWS_IMAGE } from "./jobPod";
import type { MadeBucket, S3Store } from "./store";

/** Service account of the drills, for the trust policy of their role, and the label `app` of their pods. */
export const DRILL_SERVICE_ACCOUNT = "restore-drill";

/** Room of a drill unless told otherwise; ours. Fits beside other pods on a machine with a disk of 20 GiB. */
const SCRATCH: Scratch = { gib: 8 };

export interface RestoreDrillsArgs {
  /** Namespace that takes pods of the level `restricted`. A change makes all jobs anew. */
  readonly namespace: pulumi.Input<string>;
  /** Logical databases whose dumps are tested; each gets its own three jobs. */
  readonly catalogue: readonly CatalogueName[];
  /** Major version of the server that was dumped. */
  readonly postgresVersion: 15 | 16;
  /**
   * Where the dumps are: `made` of DumpJobs with an identity for DRILL_SERVICE_ACCOUNT, or a bucket that is there, whose
   * `credentials` need to list and to get, and no more.
   */
  readonly store: MadeBucket | S3Store;
  /** Label `app` of the store's pods, where it stands in the same namespace. Default: it stands outside of the cluster. */
  readonly storeApp?: string;
  /** Room for a restored database. Default: 8 GiB on the machine's own disk. */
  readonly scratch?: Scratch;
  /**
   * Image with a PostgreSQL server, Bash and the extensions that the databases use. Default: `postgres:<version>-alpine`, which
   * has those of PostgreSQL itself.
   */
  readonly serverImage?: string | undefined;
  /** Image with the AWS command line. Default: the one that AWS publishes, of an exact version. */
  readonly fetcherImage?: string | undefined;
  readonly transform?: { readonly cronJob?: Transform<kubernetes.batch.v1.CronJobArgs> };
}

/**
 * Restores the newest dump of each kind of every logical database for a test, unattended: the daily one each week, the others each
 * month (C-39). Each runs in a PostgreSQL of its own in the same pod and is compared with the manifest that was written with the
 * dump: rows and their checksums, sequences and the number of everything else. It needs no way to the database, and reads the
 * bucket as somebody who cannot write to it. Whether the last one succeeded is the status of its CronJob.
 */
export class RestoreDrills extends pulumi.ComponentResource {
  constructor(name: string, args: RestoreDrillsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { namespace, catalogue, store, storeApp } = args;
    super("scaling-ladder:backup:RestoreDrills", name, { catalogue, region: store.region }, opts);

    const jobs = new BucketJobs(
      name,
      {
        app: DRILL_SERVICE_ACCOUNT,
        work: "drill",
        namespace,
        store,
        rights: "read",
        storeApp,
        files: drillFiles(),
      },
      this,
    );
    const images = {
      serverImage: args.serverImage ?? `postgres:${args.postgresVersion}-alpine`,
      fetcherImage: args.fetcherImage ?? AWS_IMAGE,
    };
    jobs.makeJobs(
      catalogue,
      (database, kind) => drillJobSpec(jobs.pod, { ...images, kind, database, scratch: args.scratch ?? SCRATCH }),
      args.transform?.cronJob,
    );
    this.registerOutputs({});
  }
}
