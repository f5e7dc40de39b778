import { type Cloud, type Refusal, type ResourceModel, text, type Values } from "../model";
import { parameterGroup, subnetGroup } from "./rdsGroups";
import { instance } from "./rdsInstance";
import { INSTANCE, instanceNamed } from "./rdsInstanceRules";
import { proxies } from "./rdsProxy";

function checkBackupCopy({ sourceDbInstanceArn, kmsKeyId, retentionPeriod }: Values, cloud: Cloud): Refusal[] {
  const source = instanceNamed(cloud, sourceDbInstanceArn)?.values;
  const key = cloud.all("aws:kms/key:Key").find(({ values }) => values.arn === kmsKeyId)?.values;
  const days = Number(retentionPeriod ?? 7);
  return [
    ...(text(sourceDbInstanceArn).split(":")[3] === cloud.region
      ? [{ property: "sourceDbInstanceArn", reason: "InvalidParameterValue: the source is in this very region" }]
      : []),
    ...(source !== undefined && Number(source.backupRetentionPeriod ?? 0) === 0
      ? [{ property: "sourceDbInstanceArn", reason: "InvalidDBInstanceState: automated backups are not enabled" }]
      : []),
    ...(key !== undefined && text(key.arn).split(":")[3] !== cloud.region
      ? [{ property: "kmsKeyId", reason: `KMSKeyNotAccessibleFault: the key must be in ${cloud.region}` }]
      : []),
    ...(source?.storageEncrypted === true && kmsKeyId === undefined
      ? [{ property: "kmsKeyId", reason: "InvalidParameterValue: is required for an encrypted source" }]
      : []),
    ...(days >= 1 && days <= 35 ? [] : [{ property: "retentionPeriod", reason: "must be 1 to 35 days" }]),
  ];
}

/** Copies of automated backups into another region; every argument begins a new one. Up to 75 minutes (the provider's limit). */
const backupCopy: ResourceModel = {
  type: "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
  replaces: ["kmsKeyId", "preSignedUrl", "retentionPeriod", "sourceDbInstanceArn"],
  source: "hashicorp/terraform-provider-aws internal/service/rds/instance_automated_backups_replication.go",
  references: {
    kmsKeyId: { types: ["aws:kms/key:Key"], by: "arn" },
    sourceDbInstanceArn: { types: [INSTANCE], by: "arn" },
  },
  seconds: { create: 300, delete: 60 },
  unique: ({ sourceDbInstanceArn }, { region }) =>
    text(sourceDbInstanceArn) === "" ? undefined : `${region}/${text(sourceDbInstanceArn)}`,
  check: checkBackupCopy,
  id: (_inputs, { arn, hex }) => arn("rds", `auto-backup:ab-${hex(26, "backup")}`),
  outputs: () => ({}),
};

/** Relational Database Service, for PostgreSQL. */
export const rds: readonly ResourceModel[] = [subnetGroup, parameterGroup, instance, ...proxies, backupCopy];
