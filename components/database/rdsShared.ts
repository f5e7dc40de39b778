import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { trustOf } from "../aws/policyDocument";
import { encryptedLogGroup } from "../encryption/logGroup";
import { type Transform, transformed } from "../transform";
import { type ParameterChoice, parametersFor } from "./parameters";

/** What the primary and its replicas share: subnets, parameters, the role of enhanced monitoring, and the places of their logs. */

/** An instance as the rest of the component names it. */
export interface InstanceName {
  /** `primary`, `replica-1`, … */
  readonly key: string;
  /** Identifier at AWS. A change renames the instance in place, and with it the address that clients use. */
  readonly identifier: string;
}

export const instanceNames = (replicas: number): readonly [InstanceName, ...InstanceName[]] => [
  { key: "primary", identifier: physicalName("dbInstance", "database") },
  ...Array.from({ length: replicas }, (_, index) => ({
    key: `replica-${index + 1}`,
    identifier: physicalName("dbInstance", `database-replica-${index + 1}`),
  })),
];

/** What RDS for PostgreSQL can export. */
export const LOG_TYPES = ["postgresql", "upgrade"] as const;

export const logGroupNames = ({ identifier }: InstanceName): string[] =>
  LOG_TYPES.map((type) => `/aws/rds/instance/${identifier}/${type}`);

/** The log groups that RDS would otherwise make, without encryption and without an end. */
export const exportedLogs = (
  name: string,
  instance: InstanceName,
  keyArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup[] =>
  logGroupNames(instance).map((logGroupName, index) =>
    encryptedLogGroup(`${name}-${instance.key}-${LOG_TYPES[index]}`, { logGroupName, keyArn }, opts),
  );

export const subnetGroup = (
  name: string,
  subnetIds: readonly pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): aws.rds.SubnetGroup =>
  new aws.rds.SubnetGroup(
    `${name}-subnets`,
    {
      name: physicalName("subnetGroup", "database"),
      description: "Data subnets of the PostgreSQL server",
      subnetIds: [...subnetIds],
      tags: { Name: physicalName("subnetGroup", "database") },
    },
    opts,
  );

/** A name by prefix, so that the group of another version stands beside the old one until the instances have moved over. */
export function parameterGroup(
  name: string,
  version: 15 | 16,
  choice: ParameterChoice,
  transform: Transform<aws.rds.ParameterGroupArgs> | undefined,
  opts: pulumi.CustomResourceOptions,
): aws.rds.ParameterGroup {
  const defaults: aws.rds.ParameterGroupArgs = {
    namePrefix: `${physicalName("parameterGroup", `postgres${version}`)}-`,
    family: `postgres${version}`,
    description: `PostgreSQL ${version} of stack ${pulumi.getStack()}`,
    parameters: parametersFor(choice).map((parameter) => ({ ...parameter })),
  };
  return new aws.rds.ParameterGroup(`${name}-parameters`, transformed(defaults, transform), opts);
}

export interface Monitoring {
  readonly role: aws.iam.Role;
  readonly permissions: aws.iam.RolePolicyAttachment;
}

/** Role of enhanced monitoring, for these very instances (AWS: protecting against the confused deputy problem). */
export function monitoringRole(
  name: string,
  instances: readonly InstanceName[],
  { accountId, region }: { readonly accountId: pulumi.Input<string>; readonly region: string },
  opts: pulumi.CustomResourceOptions,
): Monitoring {
  const arns = instances.map(
    ({ identifier }) => pulumi.interpolate`arn:aws:rds:${region}:${accountId}:db:${identifier}`,
  );
  const role = new aws.iam.Role(
    `${name}-monitoring-role`,
    {
      name: physicalName("iamRole", "database-monitoring"),
      assumeRolePolicy: trustOf("monitoring.rds.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": accountId },
        StringLike: { "aws:SourceArn": arns },
      }),
    },
    opts,
  );
  const permissions = new aws.iam.RolePolicyAttachment(
    `${name}-monitoring-permissions`,
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" },
    opts,
  );
  return { role, permissions };
}
