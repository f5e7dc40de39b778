import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { PodIdentity } from "./podIdentity";

/** An EKS cluster whose pods have an identity. */
export interface JobIdentity {
  readonly clusterName: pulumi.Input<string>;
  /** `podTrust` for the namespace and the service account of the job. */
  readonly trust: pulumi.Input<string>;
}

export interface JobPrincipalArgs {
  /** What the role or the user is called; a change makes another one. */
  readonly principal: string;
  /** What it may, and what that policy is called. */
  readonly policy: { readonly name: string; readonly document: pulumi.Input<string> };
  readonly namespace: pulumi.Input<string>;
  readonly serviceAccount: pulumi.Input<string>;
  /** Default: keys of an IAM user. */
  readonly identity?: JobIdentity | undefined;
}

/** Keys of a user. Both are secret. */
export interface JobKeys {
  readonly accessKey: pulumi.Output<string>;
  readonly secretKey: pulumi.Output<string>;
}

/** Who the pods of a job are in AWS, with one policy: a role where the cluster gives pods an identity, else a user, whose keys it gives. */
export function jobPrincipal(name: string, args: JobPrincipalArgs, parent: pulumi.Resource): JobKeys | undefined {
  const { name: policyName, document } = args.policy;
  const policyArn = new aws.iam.Policy(
    `${name}-policy`,
    { name: physicalName("iamRole", policyName), policy: document },
    { parent },
  ).arn;
  return args.identity === undefined
    ? userWith(name, args, policyArn, parent)
    : roleWith(name, args, args.identity, policyArn, parent);
}

function userWith(
  name: string,
  { principal }: JobPrincipalArgs,
  policyArn: pulumi.Output<string>,
  parent: pulumi.Resource,
): JobKeys {
  const user = new aws.iam.User(`${name}-user`, { name: physicalName("iamUser", principal) }, { parent });
  new aws.iam.UserPolicyAttachment(`${name}-attachment`, { user: user.name, policyArn }, { parent });
  const key = new aws.iam.AccessKey(`${name}-key`, { user: user.name }, { parent });
  return { accessKey: pulumi.secret(key.id), secretKey: pulumi.secret(key.secret) };
}

function roleWith(
  name: string,
  { principal, namespace, serviceAccount }: JobPrincipalArgs,
  { clusterName, trust }: JobIdentity,
  policyArn: pulumi.Output<string>,
  parent: pulumi.Resource,
): undefined {
  const role = new aws.iam.Role(
    `${name}-role`,
    { name: physicalName("iamRole", principal), assumeRolePolicy: trust },
    { parent },
  );
  new aws.iam.RolePolicyAttachment(`${name}-attachment`, { role: role.name, policyArn }, { parent });
  new PodIdentity(`${name}-identity`, { clusterName, namespace, serviceAccount, roleArn: role.arn }, { parent });
}
