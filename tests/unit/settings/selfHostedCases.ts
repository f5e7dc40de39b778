import type { WrongCase } from "./wrongCases";

const smb = { tier: "smb", users: 5_000 };
const store = { bucket: "dumps" };
/** PostgreSQL, files and cache in a cluster that is there: nothing in AWS. */
const own = { ...smb, database: { host: "kubernetes" }, backup: { store } };
const keys = { accessKey: "its-key", secretKey: "its-secret" };

/** Contradictions of what runs in a cluster: at least one case for every rule. */
export const SELF_HOSTED_CASES: readonly WrongCase[] = [
  {
    title: "a standby of RDS in a cluster",
    raw: { ...own, database: { host: "kubernetes", multiAz: true } },
    key: "database.multiAz",
    says: ["it belongs to RDS", "database.instances"],
  },
  {
    title: "read replicas of RDS in a cluster",
    raw: { ...own, database: { host: "kubernetes", replicas: 2 } },
    key: "database.replicas",
    says: ["= 2", "it belongs to RDS"],
  },
  {
    title: "instances of a cluster on RDS",
    raw: { ...smb, database: { instances: 5 } },
    key: "database.instances",
    says: ["PostgreSQL in the cluster", "database.host to kubernetes"],
  },
  {
    title: "an operator that nothing needs",
    raw: { ...smb, operators: { cloudNativePg: "install" } },
    key: "operators.cloudNativePg",
    says: ["PostgreSQL in the cluster"],
  },
  {
    title: "certificates that nothing needs",
    raw: { ...smb, operators: { certManager: "install" } },
    key: "operators.certManager",
    says: ["PostgreSQL in the cluster"],
  },
  {
    title: "a Prometheus beside RDS",
    raw: { ...smb, operators: { prometheus: "install" } },
    key: "operators.prometheus",
    says: ["CloudWatch raises the alarms"],
  },
  {
    title: "labels for a Prometheus that is not asked beside RDS",
    raw: { ...smb, monitoring: { labels: { release: "prometheus" } } },
    key: "monitoring.labels",
    says: ["CloudWatch raises the alarms"],
  },
  {
    title: "a class of volumes beside RDS",
    raw: { ...smb, cluster: { storageClass: "gp3" } },
    key: "cluster.storageClass",
    says: ["nothing with a volume runs in the cluster"],
  },
  {
    title: "a node type in a cluster",
    raw: { ...own, cache: { nodeType: "cache.m7g.large" } },
    key: "cache.nodeType",
    says: ["it belongs to ElastiCache", "cache.tlsSecret"],
  },
  {
    title: "a volume of ElastiCache",
    raw: { ...smb, cache: { volumeGiB: 8 } },
    key: "cache.volumeGiB",
    says: ["a cache in the cluster"],
  },
  {
    title: "MinIO beside RDS",
    raw: { ...smb, files: { host: "minio" } },
    key: "files.host",
    says: ["files outside AWS go with a database outside RDS"],
  },
  {
    title: "keys for MinIO that is made here",
    raw: { ...own, files: { host: "minio", ...keys } },
    key: "files.accessKey",
    says: ["files.host is minio", "[secret]"],
  },
  {
    title: "a server of files without a bucket",
    raw: { ...own, files: { endpoint: "https://s3.example.com", ...keys } },
    key: "files.bucket",
    says: ["its address, a bucket and keys"],
  },
  {
    title: "a server of files without keys",
    raw: { ...own, files: { endpoint: "https://s3.example.com", bucket: "files" } },
    key: "files.accessKey",
    says: ["config set --secret --path 'scaling-ladder:files.accessKey'"],
  },
  {
    title: "half a key for backups",
    raw: { ...own, backup: { store: { ...store, accessKey: "its-key" } } },
    key: "backup.store.secretKey",
    says: ["without its other half", "config set --secret"],
  },
  {
    title: "a server of backups without keys",
    raw: { tier: "small-team", users: 10, backup: { store: { ...store, endpoint: "https://s3.example.com" } } },
    key: "backup.store.accessKey",
    says: ["outside AWS asks for keys"],
  },
  {
    title: "a small team without a bucket for its backups",
    raw: { tier: "small-team", users: 10 },
    key: "backup",
    says: ["is not set", "need a bucket", "backup.store.bucket"],
  },
  {
    title: "a database in a cluster without a bucket for its backups",
    raw: { ...smb, database: { host: "kubernetes" } },
    key: "backup.store",
    says: ["nothing of this stack is in AWS"],
  },
  {
    title: "a bucket of one's own for RDS",
    raw: { ...smb, backup: { store } },
    key: "backup.store",
    says: ["a bucket that is made here"],
  },
  {
    title: "a budget where nothing is in AWS",
    raw: { ...own, budget: { monthlyUsd: 100 } },
    key: "budget.monthlyUsd",
    says: ["nothing of this stack is there"],
  },
  {
    title: "recipients where nothing is in AWS",
    raw: { ...own, alerts: { recipients: ["oncall@example.com"] } },
    key: "alerts.recipients",
    says: ["Alertmanager"],
  },
];
