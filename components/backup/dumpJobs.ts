import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CatalogueName } from "../../settings";
import type { JobIdentity } from "../cluster/jobPrincipal";
import type { PostgresqlEndpoint } from "../endpoints";
import { secretData } from "../kubernetes/secretData";
import type { Transform } from "../transform";
import { BucketJobs } from "./bucketJobs";
import { DumpBucket, type DumpBucketArgs } from "./dumpBucket";
import { DUMP_METRIC } from "./dumpMetric";
import { dumpJobSpec } from "./dumpPod";
import { AWS_IMAGE } from "./jobPod";
import type { MadeBucket, S3Store } from "./store";

/** Service account of the dumps, for the trust policy of their role, and the label `app` of their pods. */
export const DUMP_SERVICE_ACCOUNT = "database-dump";

/** A bucket of AWS that is made for the dumps. */
export interface NewDumpBucket extends Omit<DumpBucketArgs, "transform"> {
  readonly kind: "aws";
  /** The pods' own identity on an EKS cluster. Default: keys of an IAM user. */
  readonly identity?: JobIdentity;
}

/** A user of the server. */
export interface Login {
  readonly username: pulumi.Input<string>;
  /** Secret. */
  readonly password: pulumi.Input<string>;
}

export interface DumpJobsArgs {
  /** Namespace that takes pods of the level `restricted`. A change makes all jobs anew. */
  readonly namespace: pulumi.Input<string>;
  /** The server; not through a pooler, which a dump would only hold up. Its user reads every row, unless there are `owners`. */
  readonly database: PostgresqlEndpoint;
  /**
   * Who dumps each database: its owner, whom row-level security leaves every row (C-36), where the server has no role that reads
   * all. Default: the user of `database`.
   */
  readonly owners?: (database: CatalogueName) => Login;
  /** Label `app` of the server's pods, where it stands in the same namespace. Default: it stands outside of the cluster. */
  readonly databaseApp?: string;
  /** Logical databases; each gets its own three jobs (C-39). */
  readonly catalogue: readonly CatalogueName[];
  /** Major version of the server: a dump needs a client that is not older. */
  readonly postgresVersion: 15 | 16;
  /**
   * Where dumps go: a bucket of AWS that is made here, or one that is there. Of the latter, whoever owns it keeps what
   * `retentionDays` says and, if it can, versions and a lock; `credentials` need no right but to put objects.
   */
  readonly store: NewDumpBucket | S3Store;
  /** Label `app` of the store's pods, where it stands in the same namespace. Default: it stands outside of the cluster. */
  readonly storeApp?: string;
  /** Image with the client of PostgreSQL and Bash. Default: `postgres:<version>-alpine`. */
  readonly clientImage?: string | undefined;
  /** Image with the AWS command line. Default: the one that AWS publishes, of an exact version. */
  readonly uploaderImage?: string | undefined;
  readonly transform?: { readonly cronJob?: Transform<kubernetes.batch.v1.CronJobArgs> };
}

/**
 * The documented `pg_dump` of every logical database, daily, weekly and monthly, unattended (S4-47 to S4-50, C-39), into a bucket
 * that its own writer cannot empty. They come on top of the server's own backups: a dump can be read without that server. Each
 * has a manifest beside it, `<key>.manifest.tsv`, that a drill compares a restored dump with.
 */
export class DumpJobs extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  /** The bucket that was made, for others than the writer; absent where it was there. */
  readonly made?: Omit<MadeBucket, "identity">;

  constructor(name: string, args: DumpJobsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { namespace, catalogue, store, storeApp, database, databaseApp } = args;
    const { region } = store;
    const lock = store.kind === "aws" ? store.lock : undefined;
    super("scaling-ladder:backup:DumpJobs", name, { catalogue, lock, region }, opts);

    const found = store.kind === "aws" ? this.makeBucket(name, store) : store;
    if (found.kind === "aws") {
      const { identity: _writer, ...made } = found;
      this.made = made;
    }
    this.bucket = pulumi.output(found.bucket);
    const jobs = new BucketJobs(
      name,
      {
        app: DUMP_SERVICE_ACCOUNT,
        work: "dump",
        namespace,
        store: found,
        rights: "write",
        storeApp,
        destinations: [{ port: database.port, app: databaseApp }],
      },
      this,
    );
    const secretNames = this.makeSecrets(name, args, jobs.pod.labels);
    jobs.makeJobs(
      catalogue,
      (of, kind) => dumpJobSpec(jobs.pod, { ...podArgs(args), kind, database: of, secretName: secretNames(of) }),
      args.transform?.cronJob,
    );
    this.registerOutputs({ bucket: this.bucket });
  }

  private makeBucket(name: string, { identity, ...args }: NewDumpBucket): MadeBucket {
    const { kind, region } = args;
    const { bucket, arn, keyArn } = new DumpBucket(`${name}-bucket`, args, { parent: this });
    return { kind, bucket, arn, keyArn, region, ...(identity === undefined ? {} : { identity }) };
  }

  /** How the dumps of each database come in: all by one user, or each by its owner. */
  private makeSecrets(
    name: string,
    { namespace, database, owners }: DumpJobsArgs,
    labels: Record<string, string>,
  ): (of: CatalogueName) => pulumi.Output<string> {
    const made = new Map<string, pulumi.Output<string>>();
    return (of) => {
      const part = owners === undefined ? "credentials" : `credentials-${of.replaceAll("_", "-")}`;
      const { username, password } = owners?.(of) ?? database;
      const secretName =
        made.get(part) ??
        new kubernetes.core.v1.Secret(
          `${name}-${part}`,
          {
            metadata: { name: `dump-${part}`, namespace, labels },
            type: "Opaque",
            data: secretData({ username, password }),
          },
          { parent: this },
        ).metadata.name;
      made.set(part, secretName);
      return secretName;
    };
  }
}

const podArgs = ({ database, store, postgresVersion, clientImage, uploaderImage }: DumpJobsArgs) => ({
  host: database.host,
  port: database.port,
  sslmode: database.sslmode ?? "require",
  // Elsewhere the status of the CronJob is the sign.
  ...(store.kind === "aws" ? { metric: { ...DUMP_METRIC, stack: pulumi.getStack() } } : {}),
  clientImage: clientImage ?? `postgres:${postgresVersion}-alpine`,
  uploaderImage: uploaderImage ?? AWS_IMAGE,
});
