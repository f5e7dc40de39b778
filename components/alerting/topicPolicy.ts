import { type Input, interpolate, type Output } from "@pulumi/pulumi";
import { nameOf } from "../aws/naming";
import { policyDocument, type Statement } from "../aws/policyDocument";

/** Where a topic is, and whose alarms may speak there. */
export interface TopicPlace {
  readonly topicArn: Input<string>;
  readonly accountId: Input<string>;
  readonly region: string;
  readonly stack: string;
}

/** Nobody speaks without TLS. */
const onlyTls = ({ topicArn }: TopicPlace): Statement => ({
  Sid: "OnlyTls",
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: topicArn,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const publisher = (
  sid: string,
  service: string,
  { topicArn, accountId }: TopicPlace,
  sourceArn: Input<string>,
): Statement => ({
  Sid: sid,
  Effect: "Allow",
  Principal: { Service: service },
  Action: "sns:Publish",
  Resource: topicArn,
  Condition: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": sourceArn } },
});

/** Lets the services that tell of this stack publish, for this account's resources only, and nobody else. */
export const alertTopicPolicy = (place: TopicPlace): Output<string> => {
  const { topicArn, accountId, region, stack } = place;
  const alarms = nameOf("alarm", stack, "");
  return policyDocument(
    onlyTls(place),
    publisher(
      "Alarms",
      "cloudwatch.amazonaws.com",
      place,
      interpolate`arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarms}-*`,
    ),
    publisher("DatabaseEvents", "events.rds.amazonaws.com", place, interpolate`arn:aws:rds:${region}:${accountId}:*`),
    publisher("Budgets", "budgets.amazonaws.com", place, interpolate`arn:aws:budgets::${accountId}:*`),
    {
      // AWS Backup documents no source in its requests; a condition on one would drop every message in silence.
      Sid: "Backups",
      Effect: "Allow",
      Principal: { Service: "backup.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topicArn,
    },
  );
};

/** ElastiCache tells its account as the owner of the source, and in no other way. */
export const cacheTopicPolicy = (place: TopicPlace): Output<string> =>
  policyDocument(onlyTls(place), {
    Sid: "CacheEvents",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: "sns:Publish",
    Resource: place.topicArn,
    Condition: { StringEquals: { "aws:SourceOwner": place.accountId } },
  });
