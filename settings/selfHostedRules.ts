import { filesHost, isSelfHosted, usesAws } from "./hosting";
import type { Found, Lookup, Rule } from "./rule";

/** Contradictions between the settings of what runs in a cluster and those of managed services. */

const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== false &&
  value !== 0 &&
  value !== "" &&
  !(typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** What a setting has when nobody has set it: that says nothing. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  "cache.tls": "required",
  "cache.snapshotDays": 7,
  "backup.lock": "governance",
  "monitoring.namespace": "monitoring",
};

const firstSet = (get: Lookup, keys: readonly string[]): string | undefined =>
  keys.find((key) => isSet(get(key)) && get(key) !== DEFAULTS[key]);

const belongsElsewhere = (key: string | undefined, message: string, next: string): Found | undefined =>
  key === undefined ? undefined : { key, message, allowed: "nothing", next };

const RDS = [
  "database.replicas",
  "database.multiAz",
  "database.instanceClass",
  "database.maxStorageGiB",
  "database.restore.snapshot",
];

const rdsParts: Rule = (_tier, get) =>
  get("database.host") !== "kubernetes"
    ? undefined
    : belongsElsewhere(
        firstSet(get, RDS),
        "it belongs to RDS; PostgreSQL runs in the cluster here",
        "remove it; database.instances and database.storageGiB say how large the cluster is",
      );

const cloudNativePgParts: Rule = (_tier, get) => {
  if (get("database.host") === "kubernetes") return undefined;
  return belongsElsewhere(
    firstSet(get, ["database.instances", "operators.cloudNativePg", "operators.certManager"]),
    "it belongs to PostgreSQL in the cluster",
    "remove it, or set database.host to kubernetes",
  );
};

const CLUSTER_ALONE = [
  "operators.prometheus",
  "monitoring.labels",
  "monitoring.namespace",
  "monitoring.runbooks",
  "cluster.storageClass",
];

const clusterAlone: Rule = (tier, get) =>
  tier !== "smb" || isSelfHosted(get)
    ? undefined
    : belongsElsewhere(
        firstSet(get, CLUSTER_ALONE),
        "beside RDS nothing with a volume runs in the cluster, and CloudWatch raises the alarms",
        "remove it, or set database.host to kubernetes or external",
      );

const ELASTICACHE = ["cache.nodeType", "cache.snapshotDays", "cache.tls"];
const CLUSTER_CACHE = ["cache.tlsSecret", "cache.volumeGiB"];

const cacheParts: Rule = (tier, get) => {
  if (tier !== "smb") return undefined;
  return isSelfHosted(get)
    ? belongsElsewhere(
        firstSet(get, ELASTICACHE),
        "it belongs to ElastiCache; the cache runs in the cluster here",
        "remove it; cache.tlsSecret turns encryption on",
      )
    : belongsElsewhere(
        firstSet(get, CLUSTER_CACHE),
        "it belongs to a cache in the cluster",
        "remove it, or set database.host to kubernetes or external",
      );
};

/** Storage that speaks no S3 has a rule of its own. */
const isForeign = (get: Lookup): boolean => ["azure", "gcs"].includes(String(get("files.type")));

const filesInCluster: Rule = (tier, get) => {
  const host = filesHost(get);
  if (tier !== "smb" || host === "aws" || isForeign(get) || isSelfHosted(get)) return undefined;
  return {
    key: get("files.host") === undefined ? "files.endpoint" : "files.host",
    message: "files outside AWS go with a database outside RDS",
    allowed: "S3 of AWS with database.host aws",
    next: "remove it, or set database.host to kubernetes or external",
  };
};

const EXTERNAL = ["files.endpoint", "files.bucket", "files.accessKey", "files.secretKey"];
const KEYS = ["files.accessKey", "files.secretKey"];

const externalFiles: Rule = (tier, get) => {
  if (tier !== "smb" || isForeign(get)) return undefined;
  const host = filesHost(get);
  if (host !== "external")
    return belongsElsewhere(
      firstSet(get, ["files.endpoint", ...KEYS]),
      `it belongs to an S3-compatible server that is there; files.host is ${host}`,
      "remove it, or set files.host to external",
    );
  const missing = EXTERNAL.find((key) => !isSet(get(key)));
  if (missing === undefined) return undefined;
  return {
    key: missing,
    message: "an S3-compatible server needs its address, a bucket and keys",
    allowed: KEYS.includes(missing) ? "a secret" : "the server's own",
    next: KEYS.includes(missing)
      ? `run: pulumi config set --secret --path 'scaling-ladder:${missing}' '<key>'`
      : "set it, or leave all of files out for MinIO in the cluster",
  };
};

const storeKeys: Rule = (_tier, get) => {
  const has = (name: string) => isSet(get(`backup.store.${name}`));
  const keys = ["accessKey", "secretKey"].filter(has);
  const needed = has("endpoint") || keys.length > 0;
  const missing = ["accessKey", "secretKey"].find((name) => !keys.includes(name));
  if (!needed || missing === undefined) return undefined;
  return {
    key: `backup.store.${missing}`,
    message:
      keys.length > 0
        ? "a key without its other half opens nothing"
        : "an S3-compatible server outside AWS asks for keys",
    allowed: "a secret",
    next: `run: pulumi config set --secret --path 'scaling-ladder:backup.store.${missing}' '<key>'`,
  };
};

const NEED_A_BUCKET = {
  allowed: "backup.store.bucket, and for a server outside AWS its endpoint, accessKey and secretKey",
  next: "set backup.store.bucket and what belongs to it",
};

const storeWhere: Rule = (tier, get) => {
  const given = get("backup.store") !== undefined;
  if (tier === "small-team" && !given)
    return {
      key: get("backup") === undefined ? "backup" : "backup.store",
      message: "SQLite stands on one volume here, so its copies need a bucket that is there",
      ...NEED_A_BUCKET,
    };
  if (tier !== "smb") return undefined;
  if (!isSelfHosted(get))
    return belongsElsewhere(
      given ? "backup.store" : undefined,
      "with database.host aws the backups get a bucket that is made here",
      "remove it",
    );
  if (given || usesAws(get)) return undefined;
  return {
    key: "backup.store",
    message: "nothing of this stack is in AWS, so its backups need a bucket that is there",
    ...NEED_A_BUCKET,
  };
};

const AWS_ALONE = [
  "budget.monthlyUsd",
  "alerts.recipients",
  "alerts.slack",
  "network.vpcId",
  "files.cdn",
  "tags",
  "backup.lock",
];

const awsAlone: Rule = (tier, get) =>
  tier !== "smb" || usesAws(get)
    ? undefined
    : belongsElsewhere(
        firstSet(get, AWS_ALONE),
        "it belongs to AWS, and nothing of this stack is there; alerts are sent by the cluster's Alertmanager",
        "remove it",
      );

/** In the order in which they are told. */
export const selfHostedRules: readonly Rule[] = [
  rdsParts,
  cloudNativePgParts,
  clusterAlone,
  cacheParts,
  filesInCluster,
  externalFiles,
  storeKeys,
  storeWhere,
  awsAlone,
];
