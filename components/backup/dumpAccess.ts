import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { policyDocument } from "../aws/policyDocument";
import { PodIdentity } from "../cluster/podIdentity";
import { DUMP_METRIC } from "./dumpMetric";
import { DUMP_KINDS } from "./dumpSchedule";

/** An EKS cluster whose pods have an identity. */
export interface DumpIdentity {
  readonly clusterName: pulumi.Input<string>;
  /** `podTrust` for the namespace and the service account of the dumps. */
  readonly trust: pulumi.Input<string>;
}

export interface DumpAccessArgs {
  /** `write` for dumps, `read` for drills; a change makes another identity. */
  readonly rights: "write" | "read";
  readonly bucketArn: pulumi.Input<string>;
  /** The key of the bucket. */
  readonly keyArn: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  readonly serviceAccount: pulumi.Input<string>;
  /** Default: keys of an IAM user. */
  readonly identity?: DumpIdentity;
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
  readonly keys?: { readonly accessKey: pulumi.Output<string>; readonly secretKey: pulumi.Output<string> };

  constructor(name: string, args: DumpAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:backup:DumpAccess", name, {}, opts);
    if (args.identity === undefined) this.keys = this.makeUser(name, args);
    else this.makeRole(name, args, args.identity);
    this.registerOutputs({});
  }

  private makePolicy(name: string, { rights, bucketArn, keyArn }: DumpAccessArgs): pulumi.Output<string> {
    const { policy, statements } = RIGHTS[rights];
    return new aws.iam.Policy(
      `${name}-policy`,
      { name: physicalName("iamRole", policy), policy: statements(bucketArn, keyArn) },
      { parent: this },
    ).arn;
  }

  private makeUser(name: string, args: DumpAccessArgs) {
    const { principal } = RIGHTS[args.rights];
    const user = new aws.iam.User(`${name}-user`, { name: physicalName("iamUser", principal) }, { parent: this });
    new aws.iam.UserPolicyAttachment(
      `${name}-attachment`,
      { user: user.name, policyArn: this.makePolicy(name, args) },
      { parent: this },
    );
    const key = new aws.iam.AccessKey(`${name}-key`, { user: user.name }, { parent: this });
    return { accessKey: pulumi.secret(key.id), secretKey: pulumi.secret(key.secret) };
  }

  private makeRole(name: string, args: DumpAccessArgs, { clusterName, trust }: DumpIdentity): void {
    const role = new aws.iam.Role(
      `${name}-role`,
      { name: physicalName("iamRole", RIGHTS[args.rights].principal), assumeRolePolicy: trust },
      { parent: this },
    );
    new aws.iam.RolePolicyAttachment(
      `${name}-attachment`,
      { role: role.name, policyArn: this.makePolicy(name, args) },
      { parent: this },
    );
    const { namespace, serviceAccount } = args;
    new PodIdentity(
      `${name}-identity`,
      { clusterName, namespace, serviceAccount, roleArn: role.arn },
      { parent: this },
    );
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
