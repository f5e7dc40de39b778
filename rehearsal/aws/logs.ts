import { type Cloud, type Refusal, type ResourceModel, text, type Values } from "../model";
import { principalsOf } from "./kms";
import { statementsOf } from "./policyDocument";

/** CloudWatch Logs: groups. */

/** CloudWatch Logs tries the key at once, so a key that does not let it in is refused (encrypt-log-data-kms.html). */
function closedKey(inputs: Values, cloud: Cloud): Refusal[] {
  const arn = text(inputs.kmsKeyId);
  const key = cloud.all("aws:kms/key:Key").find(({ values }) => values.arn === arn);
  if (arn === "" || key === undefined) return [];
  const open = statementsOf(key.values.policy).some(
    (statement) =>
      statement.Effect === "Allow" && principalsOf(statement, "Service").includes(`logs.${cloud.region}.amazonaws.com`),
  );
  if (open) return [];
  return [
    {
      property: "kmsKeyId",
      reason: `AccessDeniedException: The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${text(inputs.name)}'`,
    },
  ];
}

export const logs: readonly ResourceModel[] = [
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    replaces: ["logGroupClass", "name", "namePrefix"],
    source: "hashicorp/terraform-provider-aws internal/service/logs/group.go",
    published: { type: "AWS::Logs::LogGroup", names: { name: "LogGroupName", namePrefix: false, skipDestroy: false } },
    references: { kmsKeyId: { types: ["aws:kms/key:Key"], by: "arn" } },
    autonamed: { property: "name", limit: 512 },
    seconds: { create: 1, delete: 1 },
    unique: (inputs, { region }) => (text(inputs.name) ? `${region} ${inputs.name}` : undefined),
    check: closedKey,
    id: (inputs, { hex }) => text(inputs.name) || `${text(inputs.namePrefix)}${hex(26, "name")}`,
    outputs: (inputs, { arn, hex }) => {
      const name = text(inputs.name) || `${text(inputs.namePrefix)}${hex(26, "name")}`;
      return {
        arn: arn("logs", `log-group:${name}`),
        name,
        logGroupClass: inputs.logGroupClass ?? "STANDARD",
        retentionInDays: inputs.retentionInDays ?? 0,
      };
    },
    refuseDelete: ({ id, values }) =>
      values.deletionProtectionEnabled === true
        ? `ValidationException: log group ${id} has deletion protection enabled`
        : undefined,
  },
];
