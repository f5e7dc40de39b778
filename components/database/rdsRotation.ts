import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { encryptedLogGroup } from "../encryption/logGroup";

/** AWS's own application, published by the account of AWS Secrets Manager; the version is the one that AWS CDK has. */
const APPLICATION =
  "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSPostgreSQLRotationSingleUser";
const APPLICATION_VERSION = "1.1.671";

/** Characters that RDS refuses in a password, or that a URL or a shell would read as something else. */
const EXCLUDED_CHARACTERS = " %+~`#$&*()|[]{}:;<>?!'/@\"\\";

export interface RotationArgs {
  readonly region: string;
  /** Private subnets from which Secrets Manager can be reached; data subnets have no way out. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  readonly secret: aws.secretsmanager.Secret;
  /** The secret's first value: without one there is nothing to rotate. */
  readonly firstVersion: aws.secretsmanager.SecretVersion;
  /** Days between two rotations. Changed in place. */
  readonly rotationDays: number;
}

/**
 * The master password changes every `rotationDays`, by AWS's published function. The first change comes with the schedule and not
 * with `up`: nobody should be surprised by it in the middle of a deployment.
 */
export function rotateMaster(name: string, args: RotationArgs, opts: pulumi.CustomResourceOptions): void {
  const functionName = physicalName("lambda", "rotation");
  const logs = encryptedLogGroup(
    `${name}-rotation-logs`,
    { logGroupName: `/aws/lambda/${functionName}`, keyArn: args.keyArn },
    opts,
  );
  const application = new aws.serverlessrepository.CloudFormationStack(
    `${name}-rotation`,
    {
      name: functionName,
      applicationId: APPLICATION,
      semanticVersion: APPLICATION_VERSION,
      capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
      parameters: {
        endpoint: `https://secretsmanager.${args.region}.amazonaws.com`,
        functionName,
        vpcSubnetIds: pulumi.all([...args.subnetIds]).apply((ids) => ids.join(",")),
        vpcSecurityGroupIds: args.securityGroupId,
        kmsKeyArn: args.keyArn,
        excludeCharacters: EXCLUDED_CHARACTERS,
      },
    },
    { ...opts, dependsOn: [logs] },
  );
  new aws.secretsmanager.SecretRotation(
    `${name}-master-rotation`,
    {
      secretId: args.secret.id,
      rotationLambdaArn: application.outputs.apply((outputs) => outputs.RotationLambdaARN ?? ""),
      rotateImmediately: false,
      rotationRules: { automaticallyAfterDays: args.rotationDays },
    },
    { ...opts, dependsOn: [args.firstVersion] },
  );
}
