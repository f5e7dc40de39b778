import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../aws/policyDocument";
import { type JobIdentity, type JobKeys, jobPrincipal } from "../cluster/jobPrincipal";
import { DUMP_METRIC } from "./dumpMetric";
import { DUMP_KINDS } from "./dumpSchedule";

export interface DumpAccessArgs {
  /** `write` for dumps, `read` for drills; a change makes another identity. */
  readonly rights: "write" | "read";
  readonly bucketArn: pulumi.Input<string>;
  /** The key of the bucket. */
  readonly keyArn: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  readonly serviceAccount: pulumi.Input<string>;
  /** Default: keys of an IAM user. */
  readonly identity?: JobIdentity;
}

/** What the identities are called, and what they may. */
const RIGHTS = {
  write: { principal: "dumps", policy: "write-dumps", statements: writeDumps },
  read: { principal: "drills", policy: "read-dumps", statements: readDumps },
} as const;

/**
 * Who writes dumps: may put objects and the metric, and neither read, list nor delete. Or who reads them for a drill: may read and
 * list, and not write. The application is somebody else.
 */
export class DumpAccess extends pulumi.ComponentResource {
  /** Absent where the pods have an identity. Secret. */
  readonly keys?: JobKeys;

  constructor(name: string, args: DumpAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:backup:DumpAccess", name, {}, opts);
    const { principal, policy, statements } = RIGHTS[args.rights];
    const document = statements(args.bucketArn, args.keyArn);
    const keys = jobPrincipal(name, { ...args, principal, policy: { name: policy, document } }, this);
    if (keys !== undefined) this.keys = keys;
    this.registerOutputs({});
  }
}

function writeDumps(bucketArn: pulumi.Input<string>, keyArn: pulumi.Input<string>): pulumi.Output<string> {
  return policyDocument(
    { Sid: "PutDumps", Effect: "Allow", Action: "s3:PutObject", Resource: dumpsIn(bucketArn) },
    {
      Sid: "EncryptDumps",
      Effect: "Allow",
      // An upload in parts has to decrypt its own parts again.
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: keyArn,
    },
    {
      Sid: "PutTheMetric",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      // The action knows no resources; the namespace is its only bound.
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": DUMP_METRIC.namespace } },
    },
  );
}

function readDumps(bucketArn: pulumi.Input<string>, keyArn: pulumi.Input<string>): pulumi.Output<string> {
  return policyDocument(
    { Sid: "GetDumps", Effect: "Allow", Action: "s3:GetObject", Resource: dumpsIn(bucketArn) },
    // Without it, an object that is missing looks like one that may not be read.
    { Sid: "ListDumps", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    { Sid: "DecryptDumps", Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn },
  );
}

const dumpsIn = (bucketArn: pulumi.Input<string>): pulumi.Output<string>[] =>
  DUMP_KINDS.map((kind) => pulumi.interpolate`${bucketArn}/${kind}/*`);
