import { byType, type ProviderModel } from "../model";
import { accountInvokes } from "./account";
import { backup } from "./backup";
import { budgets } from "./budgets";
import { chatbot } from "./chatbot";
import { cloudfront } from "./cloudfront";
import { cloudwatch } from "./cloudwatch";
import { ec2 } from "./ec2";
import { eks } from "./eks";
import { elasticache } from "./elasticache";
import { iam } from "./iam";
import { kms } from "./kms";
import { logs } from "./logs";
import { rds } from "./rds";
import { rdsEvents } from "./rdsEvents";
import { route53 } from "./route53";
import { s3 } from "./s3";
import { secretInvokes, secretsmanager } from "./secretsmanager";
import { serverlessrepo } from "./serverlessrepo";
import { sns } from "./sns";

/** The simulated AWS, service by service. */
export const aws: ProviderModel = {
  name: "aws",
  version: "7.48.0",
  resources: byType([
    ...backup,
    ...budgets,
    ...chatbot,
    ...cloudfront,
    ...cloudwatch,
    ...ec2,
    ...eks,
    ...elasticache,
    ...iam,
    ...kms,
    ...logs,
    ...rds,
    ...rdsEvents,
    ...route53,
    ...s3,
    ...secretsmanager,
    ...serverlessrepo,
    ...sns,
  ]),
  invokes: new Map(Object.entries({ ...accountInvokes, ...secretInvokes })),
};
