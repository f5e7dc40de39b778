import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { appPolicy } from "./s3Policies";

/** How the application proves itself to S3. Changing it makes another principal; the pods restart with it. */
export type S3Access =
  | {
      /** Keys of an IAM user, as the documents have it (C-27). They do not expire: rotate them. */
      readonly kind: "user-keys";
    }
  | {
      /** The pod's own identity: no keys at all. */
      readonly kind: "workload-identity";
      /** Who may take on the role: an IAM trust policy as JSON. */
      readonly trust: pulumi.Input<string>;
    };

export interface S3PrincipalArgs {
  readonly bucketArn: pulumi.Input<string>;
  readonly access: S3Access;
}

/** The application's principal, with exactly the four documented actions on its bucket (S1-80). Costs nothing. */
export class S3Principal extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Set with workload identity. */
  readonly roleArn?: pulumi.Output<string>;
  /** Set with user keys. Both are secret. */
  readonly credentials?: { readonly accessKey: pulumi.Output<string>; readonly secretKey: pulumi.Output<string> };

  constructor(name: string, args: S3PrincipalArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:files:S3Principal", name, { access: args.access.kind }, opts);
    const policy = this.makePolicy(name, args);

    if (args.access.kind === "user-keys") {
      const user = this.makeUser(name, policy);
      this.arn = user.arn;
      this.credentials = this.makeKeys(name, user);
    } else {
      this.arn = this.makeRole(name, args.access.trust, policy).arn;
      this.roleArn = this.arn;
    }
    this.registerOutputs({ arn: this.arn });
  }

  private makePolicy(name: string, { bucketArn }: S3PrincipalArgs): aws.iam.Policy {
    return new aws.iam.Policy(
      `${name}-policy`,
      {
        name: physicalName("iamRole", "files"),
        description: "The four documented actions on the files of the application",
        policy: appPolicy(bucketArn),
      },
      { parent: this },
    );
  }

  private makeUser(name: string, policy: aws.iam.Policy): aws.iam.User {
    const user = new aws.iam.User(`${name}-user`, { name: physicalName("iamUser", "files") }, { parent: this });
    new aws.iam.UserPolicyAttachment(
      `${name}-user-policy`,
      { user: user.name, policyArn: policy.arn },
      { parent: this },
    );
    return user;
  }

  private makeKeys(name: string, user: aws.iam.User) {
    const key = new aws.iam.AccessKey(`${name}-key`, { user: user.name }, { parent: this });
    return { accessKey: pulumi.secret(key.id), secretKey: pulumi.secret(key.secret) };
  }

  private makeRole(name: string, trust: pulumi.Input<string>, policy: aws.iam.Policy): aws.iam.Role {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: physicalName("iamRole", "files"),
        description: "The application reads and writes its files",
        assumeRolePolicy: trust,
      },
      { parent: this },
    );
    new aws.iam.RolePolicyAttachment(
      `${name}-role-policy`,
      { role: role.name, policyArn: policy.arn },
      { parent: this },
    );
    return role;
  }
}
