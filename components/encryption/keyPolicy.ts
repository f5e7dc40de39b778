import { type Input, interpolate, type Output } from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../aws/policyDocument";

/**
 * AWS services that may use a key by themselves. Whoever else uses it does so with the permissions of its own IAM role.
 *
 * - `logs`: CloudWatch Logs, for log groups of this account and region
 * - the others publish into SNS topics that the key encrypts: `cloudwatch` alarms, `rds-events`, `budgets`, AWS `backup`,
 *   `eventbridge` rules
 */
export type KeyService = "logs" | "cloudwatch" | "rds-events" | "budgets" | "backup" | "eventbridge";

/** Services that publish alerts into an encrypted SNS topic. ElastiCache is none: it cannot publish into one at all. */
export const SNS_PUBLISHERS: readonly KeyService[] = ["cloudwatch", "rds-events", "budgets", "backup", "eventbridge"];

const PUBLISHER_PRINCIPALS: Readonly<Record<Exclude<KeyService, "logs">, string>> = {
  cloudwatch: "cloudwatch.amazonaws.com",
  "rds-events": "events.rds.amazonaws.com",
  budgets: "budgets.amazonaws.com",
  backup: "backup.amazonaws.com",
  eventbridge: "events.amazonaws.com",
};

/** Where a key is. */
export interface KeyPlace {
  readonly accountId: Input<string>;
  readonly region: string;
}

/** The policy of a key: IAM of the account decides, and the named services may use it for this account's resources. */
export const keyPolicy = (place: KeyPlace, services: readonly KeyService[]): Output<string> =>
  policyDocument(
    {
      Sid: "IamOfTheAccountDecides",
      Effect: "Allow",
      Principal: { AWS: interpolate`arn:aws:iam::${place.accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    ...services.map((service) => (service === "logs" ? logs(place) : publisher(service, place))),
  );

const logs = ({ accountId, region }: KeyPlace): Statement => ({
  Sid: "CloudWatchLogs",
  Effect: "Allow",
  Principal: { Service: `logs.${region}.amazonaws.com` },
  Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
  Resource: "*",
  Condition: {
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": interpolate`arn:aws:logs:${region}:${accountId}:log-group:*` },
  },
});

const publisher = (service: Exclude<KeyService, "logs">, { accountId }: KeyPlace): Statement => ({
  Sid: `Publish${service.replace(/(^|-)([a-z])/g, (_, _hyphen, letter: string) => letter.toUpperCase())}`,
  Effect: "Allow",
  Principal: { Service: PUBLISHER_PRINCIPALS[service] },
  Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
  Resource: "*",
  // EventBridge sends no source with its request, and AWS Backup documents none: a condition would drop every message in silence.
  ...(service === "eventbridge" || service === "backup"
    ? {}
    : { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
});
