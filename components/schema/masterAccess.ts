import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../aws/policyDocument";
import { type JobKeys, jobPrincipal } from "../cluster/jobPrincipal";
import type { MasterSecret } from "./server";

export interface MasterAccessArgs extends MasterSecret {
  readonly namespace: pulumi.Input<string>;
  readonly serviceAccount: pulumi.Input<string>;
}

/** Who reads the master's secret: its present value and nothing else, decrypted through Secrets Manager alone. */
export class MasterAccess extends pulumi.ComponentResource {
  /** Absent where the pods have an identity. Secret. */
  readonly keys?: JobKeys;

  constructor(name: string, args: MasterAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:schema:MasterAccess", name, {}, opts);
    const policy = { name: "read-master", document: readMaster(args) };
    const keys = jobPrincipal(name, { ...args, principal: "migrations", policy }, this);
    if (keys !== undefined) this.keys = keys;
    this.registerOutputs({});
  }
}

const readMaster = ({ secretArn, keyArn, region }: MasterSecret): pulumi.Output<string> =>
  policyDocument(
    { Sid: "ReadMaster", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    {
      Sid: "DecryptMaster",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
  );
