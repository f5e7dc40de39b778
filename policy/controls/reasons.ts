import { notMade, notOurs, waived } from "./control";

/** Where Checkov lists its checks. */
export const CHECKOV_PAGE = "https://www.checkov.io/5.Policy%20Index/all.html";

/** Reasons that several standards share, and the day on which they were weighed. */
export const DAY = "2026-11-21";

export const ACCOUNT = notOurs("A setting of the account or the organization; stacks share one and none owns it.");
export const RUN_TIME = notOurs("Shows itself in use; no preview and no state tells it.");
export const TRAIL = notOurs("CloudTrail belongs to the account; what it records is watched there.");

export const SNAPSHOTS = notMade(
  "Stacks make no snapshots themselves; AWS Backup makes them in the vault.",
  "aws:rds/snapshot:Snapshot",
  "aws:rds/clusterSnapshot:ClusterSnapshot",
);
export const NO_RDS_CLUSTER = notMade(
  "Databases are RDS instances, no Aurora and no Multi-AZ clusters.",
  "aws:rds/cluster:Cluster",
);
export const NO_INSTANCE = notMade(
  "Stacks make no EC2 instances: EKS Auto Mode brings the nodes and their settings.",
  "aws:ec2/instance:Instance",
);
export const NO_LAUNCH_TEMPLATE = notMade(
  "Stacks make no launch templates: EKS Auto Mode brings the nodes and their settings.",
  "aws:ec2/launchTemplate:LaunchTemplate",
);
export const NO_VOLUME = notMade(
  "Stacks make no volumes: EKS Auto Mode encrypts those of its nodes.",
  "aws:ebs/volume:Volume",
  "aws:ebs/snapshot:Snapshot",
);
export const NO_NACL = notMade(
  "Traffic is narrowed by security groups; the network keeps its default access list.",
  "aws:ec2/networkAcl:NetworkAcl",
);
export const NO_VPN = notMade(
  "Networks have no VPN.",
  "aws:ec2/vpnConnection:VpnConnection",
  "aws:ec2clientvpn/endpoint:Endpoint",
);
export const NO_PEERING = notMade("Networks are not peered.", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
export const NO_PUBLIC_ZONE = notOurs("The only zone is private: its names are not resolved from outside.");

export const USER_OF_APP = waived(
  DAY,
  "Tier `smb` has one IAM user, because the documents give the application access keys (S1-80); it has exactly four actions, checked by a rule. From `enterprise` on there is none.",
);
export const ACCESS_LOGS = waived(
  DAY,
  "Server access logs need one more bucket without encryption by an own key, and arrive hours late. Data events of the account's CloudTrail tell who read what.",
);
export const CDN_LOGS = waived(
  DAY,
  "The distribution serves files, by GET and HEAD alone. Whoever has to tell who read which file adds a log, and keeps it as personal data.",
);
export const CDN_WAF = waived(
  DAY,
  "Only files are served, by GET and HEAD, from a private bucket: no application stands behind that a filter could protect.",
);
export const CDN_DOMAIN = waived(
  DAY,
  "The files are served under the distribution's own name, for which AWS brings the certificate; a name of yours needs a certificate that a stack cannot prove.",
);
export const CDN_ROOT = waived(DAY, "Files are asked for by their full path; there is no page at the root.");
export const CDN_FAILOVER = waived(
  DAY,
  "The copy in the second region is for disasters and is not served: a reader must not see a state that the application has left behind.",
);
export const MFA_DELETE = waived(
  DAY,
  "Only the root user with its device could switch it on, so no program can. Versions and, for backups, object lock protect instead.",
);
export const OWN_ENDPOINTS = waived(
  DAY,
  "Interface endpoints are made from `enterprise` on, for the services that pods call. Below, the NAT gateway is the way, which costs less.",
);
export const SECRETS_IN_ENVIRONMENT = waived(
  DAY,
  "The application reads its settings from environment variables (the documents name them); they come from Secrets, never as plain text.",
);
export const BUCKET_EVENTS = waived(
  DAY,
  "Nothing would listen: the application writes every file itself and knows what it wrote.",
);
export const NO_EFS = notMade("Files are in S3.", "aws:efs/fileSystem:FileSystem");
export const NO_FUNCTION_URL = notMade("Stacks make no function URLs.", "aws:lambda/functionUrl:FunctionUrl");
export const NO_RBAC = notMade(
  "No part of the application talks to the Kubernetes API, so stacks make no roles.",
  "kubernetes:rbac.authorization.k8s.io/v1:Role",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
);
