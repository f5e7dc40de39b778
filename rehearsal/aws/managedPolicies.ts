/**
 * Policies that AWS itself keeps in every account and that our stacks attach. One that is missing here is refused, so that a
 * misspelt name is found; look a new one up in the AWS Managed Policy Reference Guide
 * (docs.aws.amazon.com/aws-managed-policy/latest/reference/) before it is added.
 */
export const AWS_MANAGED_POLICIES: ReadonlySet<string> = new Set(
  [
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "service-role/AmazonRDSEnhancedMonitoringRole",
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "CloudWatchReadOnlyAccess",
  ].map((path) => `arn:aws:iam::aws:policy/${path}`),
);
