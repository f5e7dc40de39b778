import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CatalogueName } from "../../settings";
import type { PostgresqlEndpoint } from "../endpoints";
import { egressTo } from "../kubernetes/pod";
import { secretData } from "../kubernetes/secretData";
import { type Transform, transformed } from "../transform";
import { DumpAccess, type DumpIdentity } from "./dumpAccess";
import { DumpBucket } from "./dumpBucket";
import { cronJobSpec } from "./dumpPod";
import { cronJobName, DUMP_KINDS, type DumpKind, type DumpRetention } from "./dumpSchedule";

/** Service account of the dumps, for the trust policy of their role. */
export const DUMP_SERVICE_ACCOUNT = "database-dump";

const SELECTOR = { app: "database-dump" } as const;

/** The AWS command line as AWS publishes it. */
const UPLOADER_IMAGE = "amazon/aws-cli:2.37.5";

export interface DumpJobsArgs {
  /** Namespace that takes pods of the level `restricted`. A change makes all jobs anew. */
  readonly namespace: pulumi.Input<string>;
  /** The server; not through a pooler, which a dump would only hold up. Its user reads every row. */
  readonly database: PostgresqlEndpoint;
  /** Logical databases; each gets its own three jobs (C-39). */
  readonly catalogue: readonly CatalogueName[];
  /** Major version of the server: a dump needs a client that is not older. */
  readonly postgresVersion: 15 | 16;
  readonly retention: DumpRetention;
  /** Lock of the bucket. */
  readonly lock: "governance" | "compliance";
  readonly accountId: pulumi.Input<string>;
  /** Region of the bucket. */
  readonly region: string;
  /** The pods' own identity on an EKS cluster. Default: keys of an IAM user. */
  readonly identity?: DumpIdentity;
  /** Image with the client of PostgreSQL. Default: `postgres:<version>-alpine`. */
  readonly clientImage?: string | undefined;
  /** Image with the AWS command line. Default: the one that AWS publishes, of an exact version. */
  readonly uploaderImage?: string | undefined;
  readonly deletionProtection: boolean;
  readonly transform?: { readonly cronJob?: Transform<kubernetes.batch.v1.CronJobArgs> };
}

/**
 * The documented `pg_dump` of every logical database, daily, weekly and monthly, unattended (S4-47 to S4-50, C-39), into a bucket
 * that its own writer cannot empty. They come on top of the server's own backups: a dump can be read without that server.
 */
export class DumpJobs extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: DumpJobsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { catalogue, lock, region, namespace, accountId, retention, deletionProtection, identity } = args;
    super("scaling-ladder:backup:DumpJobs", name, { catalogue, lock, region }, opts);

    const bucket = new DumpBucket(
      `${name}-bucket`,
      { accountId, region, retention, lock, deletionProtection },
      { parent: this },
    );
    this.bucket = bucket.bucket;
    const account = this.makeServiceAccount(name, args);
    const serviceAccount = account.metadata.name;
    const access = new DumpAccess(
      `${name}-access`,
      {
        bucketArn: bucket.arn,
        keyArn: bucket.keyArn,
        namespace,
        serviceAccount,
        ...(identity === undefined ? {} : { identity }),
      },
      { parent: this },
    );
    const credentials = this.makeSecret(name, args, access);
    this.makeNetworkPolicy(name, args);
    const parts = { serviceAccountName: serviceAccount, secretName: credentials.metadata.name, access };
    for (const database of catalogue) for (const kind of DUMP_KINDS) this.makeJob(name, args, parts, database, kind);
    this.registerOutputs({ bucket: this.bucket });
  }

  private makeServiceAccount(name: string, { namespace }: DumpJobsArgs): kubernetes.core.v1.ServiceAccount {
    return new kubernetes.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { name: DUMP_SERVICE_ACCOUNT, namespace, labels: SELECTOR }, automountServiceAccountToken: false },
      { parent: this },
    );
  }

  private makeSecret(name: string, { namespace, database }: DumpJobsArgs, { keys }: DumpAccess) {
    const values = {
      username: database.username,
      password: database.password,
      ...(keys === undefined ? {} : { "access-key": keys.accessKey, "secret-key": keys.secretKey }),
    };
    return new kubernetes.core.v1.Secret(
      `${name}-credentials`,
      {
        metadata: { name: "dump-credentials", namespace, labels: SELECTOR },
        type: "Opaque",
        data: secretData(values),
      },
      { parent: this },
    );
  }

  /** Nobody reaches a dump; it reaches the database and AWS. */
  private makeNetworkPolicy(name: string, { namespace, database }: DumpJobsArgs): void {
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-network`,
      {
        metadata: { name: "database-dump", namespace, labels: SELECTOR },
        spec: {
          podSelector: { matchLabels: SELECTOR },
          policyTypes: ["Ingress", "Egress"],
          egress: egressTo([database.port]),
        },
      },
      { parent: this },
    );
  }

  private makeJob(name: string, args: DumpJobsArgs, parts: Parts, database: CatalogueName, kind: DumpKind): void {
    const { host, port, sslmode = "require" } = args.database;
    const job = cronJobName(kind, database);
    const defaults: kubernetes.batch.v1.CronJobArgs = {
      metadata: { name: job, namespace: args.namespace, labels: SELECTOR },
      spec: cronJobSpec({
        kind,
        database,
        stack: pulumi.getStack(),
        host,
        port,
        sslmode,
        bucket: this.bucket,
        region: args.region,
        clientImage: args.clientImage ?? `postgres:${args.postgresVersion}-alpine`,
        uploaderImage: args.uploaderImage ?? UPLOADER_IMAGE,
        serviceAccountName: parts.serviceAccountName,
        secretName: parts.secretName,
        hasKeys: parts.access.keys !== undefined,
        labels: SELECTOR,
      }),
    };
    new kubernetes.batch.v1.CronJob(`${name}-${job}`, transformed(defaults, args.transform?.cronJob), {
      parent: this,
      // A pod asks for its identity once, so the association comes first.
      dependsOn: [parts.access],
    });
  }
}

interface Parts {
  readonly serviceAccountName: pulumi.Output<string>;
  readonly secretName: pulumi.Output<string>;
  readonly access: DumpAccess;
}
