import { add, reword, set, setOutput, unset, without, withoutMatching } from "./change";
import { hiddenSeed, type Seed, seed } from "./seed";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** Opens a group to the world, as a rule of its own. */
const opened = (group: string, rule: Readonly<Record<string, string | number>>) =>
  add(group, INGRESS, "for-a-test", (id) => ({ securityGroupId: id(group), ...rule }));

/** Mistakes about the network, the alarms, the logs, the budget, access and outputs. */
export const CLOUD_SEEDS: readonly Seed[] = [
  seed(
    "SSH from anywhere",
    "smb",
    "sg-no-world-ingress",
    opened("cache-security-group", { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 22, toPort: 22 }),
  ),
  seed("PostgreSQL open to the world", "smb", "sg-data-ports", set("database-from-clients", { cidrIpv4: "0.0.0.0/0" })),
  seed(
    "default group in use",
    "smb",
    "default-sg-closed",
    set("network-default-group", { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] }),
  ),
  seed("no flow log", "smb", "vpc-flow-log", without("network-flow-log")),

  seed("topic not encrypted", "smb", "sns-cmk", unset("alerts-critical", "kmsMasterKeyId")),
  seed(
    "alarms told over plain HTTP",
    "smb",
    "sns-policy-private",
    add("alerts-critical", "aws:sns/topicSubscription:TopicSubscription", "hook", (id) => ({
      topic: id("alerts-critical"),
      protocol: "http",
      endpoint: "http://alerts.example.com/hook",
    })),
  ),
  hiddenSeed(
    "anybody may raise an alarm",
    "smb",
    "sns-policy-private",
    reword(
      "alerts-critical-policy",
      "policy",
      '"Statement":[',
      '"Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"},',
    ),
  ),
  seed(
    "key that CloudWatch may not use",
    "prod",
    "alert-path-complete",
    reword("alerts-key-key", "policy", '"cloudwatch.amazonaws.com"', '"lambda.amazonaws.com"'),
  ),
  seed("nobody watches the cache's memory", "prod", "cache-alarm-set", withoutMatching(/^watch-cache-memory-high-/)),
  seed(
    "plain HTTP at the edge",
    "prod",
    "cdn-tls",
    set("files-cdn-distribution", { "defaultCacheBehavior.viewerProtocolPolicy": "allow-all" }),
  ),
  seed("nobody watches the processor", "prod", "rds-alarm-set", withoutMatching(/^watch-database-cpu-high-/)),
  seed("log group left to the service", "prod", "log-group-precreated", without("database-primary-postgresql")),
  seed("no budget", "smb", "budget-exists", without("budget-budget")),

  seed(
    "cluster on the internet",
    "prod",
    "eks-endpoint",
    set("cluster-eks-cluster", { "vpcConfig.endpointPublicAccess": true }),
  ),
  seed("Kubernetes secrets in plain", "prod", "eks-secrets-kms", unset("cluster-eks-cluster", "encryptionConfig")),

  seed("policy that allows everything", "smb", "iam-no-star", set("dumps-access-policy", { policy: EVERYTHING })),
  hiddenSeed(
    "all actions on the files",
    "smb",
    "iam-no-star",
    reword("files-app-policy", "policy", '"s3:ListBucket"', '"*"'),
  ),
  seed(
    "administrator for convenience",
    "smb",
    "iam-no-admin-managed",
    set("backup-role-database", { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
  ),
  seed(
    "role for every account",
    "smb",
    "iam-trust-scoped",
    reword("backup-role", "assumeRolePolicy", '{"Service":"backup.amazonaws.com"}', '{"AWS":"*"}'),
  ),

  seed("resources far away", "smb", "region-and-tags", set("files-main-bucket", { region: "ap-southeast-2" })),
  seed(
    "password among the outputs",
    "smb",
    "outputs-no-credentials",
    setOutput("adminPassword", () => "Tr0ub4dor-and-3"),
  ),
  hiddenSeed(
    "contract no longer secret",
    "smb",
    "outputs-no-credentials",
    setOutput("contract", (old) => {
      if (typeof old !== "object" || old === null || !("$secret" in old)) throw new Error("the contract is not secret");
      return old.$secret;
    }),
  ),
];
