/** Terraform's names for resource types where they do not follow from Pulumi's. */
const RENAMED: Readonly<Record<string, string>> = {
  "aws:rds/eventSubscription:EventSubscription": "aws_db_event_subscription",
  "aws:rds/instance:Instance": "aws_db_instance",
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication":
    "aws_db_instance_automated_backups_replication",
  "aws:rds/parameterGroup:ParameterGroup": "aws_db_parameter_group",
  "aws:rds/proxy:Proxy": "aws_db_proxy",
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "aws_db_proxy_default_target_group",
  "aws:rds/proxyTarget:ProxyTarget": "aws_db_proxy_target",
  "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack":
    "aws_serverlessapplicationrepository_cloudformation_stack",
};

/** `performanceInsightsKmsKeyId` → `performance_insights_kms_key_id` */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** Terraform's name of an AWS type, among those that Terraform has; undefined when there is none. */
export function terraformType(token: string, known: (name: string) => boolean): string | undefined {
  const renamed = RENAMED[token];
  if (renamed !== undefined) return renamed;
  const [, module, type] = /^aws:(\w+)\/\w+:(\w+)$/.exec(token) ?? [];
  if (module === undefined || type === undefined) return undefined;
  const name = snakeCase(type);
  return [`aws_${module}_${name}`, `aws_${name}`].find(known);
}
