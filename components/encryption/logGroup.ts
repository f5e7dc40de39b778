import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";

/** Numbers of days that CloudWatch Logs can keep events. */
export type RetentionDays = 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731 | 1096;

/** A year, so that what happened can still be told when it is found out late (Security Hub CloudWatch.16). */
const DEFAULT_DAYS = 365;

export interface EncryptedLogGroupArgs {
  /** Exact name; an AWS service that writes into a group of a fixed name needs it to be there first. A change replaces. */
  readonly logGroupName: Input<string>;
  /** ARN of a key that lets `logs` use it (EncryptionKey). Changed in place, for new events. */
  readonly keyArn: Input<string>;
  /** Days that events are kept. Default: a year. Changed in place; fewer days delete the older events. */
  readonly retentionDays?: RetentionDays;
}

/**
 * A log group that exists, encrypted and with an end to its retention, before a service would make it without either.
 * About 0.50 USD for each GB that is written and 0.03 USD a month for each GB that is kept (CloudWatch pricing, us-east-1).
 */
export const encryptedLogGroup = (
  name: string,
  { logGroupName, keyArn, retentionDays = DEFAULT_DAYS }: EncryptedLogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup =>
  new aws.cloudwatch.LogGroup(name, { name: logGroupName, kmsKeyId: keyArn, retentionInDays: retentionDays }, opts);
