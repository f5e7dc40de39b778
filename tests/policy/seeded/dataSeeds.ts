import { options, reword, set, unset, without } from "./change";
import { alone, hiddenSeed, type Seed, seed } from "./seed";

const CACHE = "cache-group";
const BUCKET = "files-main-bucket";

/** Mistakes about the cache, the buckets, the keys, the secrets and the backups. */
export const DATA_SEEDS: readonly Seed[] = [
  alone(seed("cache not encrypted", "smb", "cache-at-rest", set(CACHE, { atRestEncryptionEnabled: false }))),
  alone(seed("cache without TLS", "smb", "cache-in-transit", set(CACHE, { transitEncryptionEnabled: false }))),
  seed("cache without users", "smb", "cache-auth", unset(CACHE, "userGroupIds")),
  alone(seed("cache without failover", "prod", "cache-failover", set(CACHE, { automaticFailoverEnabled: false }))),
  seed("cache in the default subnets", "smb", "cache-placement", unset(CACHE, "subnetGroupName")),

  seed("bucket with an access list", "smb", "s3-no-inline", set(BUCKET, { acl: "public-read" })),
  seed(
    "one of four flags off",
    "smb",
    "s3-public-access-block",
    set("files-main-public-access", { blockPublicPolicy: false }),
  ),
  seed("no encryption rule", "smb", "s3-encrypted", set("files-main-encryption", { rules: [] })),
  seed(
    "versions suspended",
    "smb",
    "s3-versioned",
    set("files-main-versioning", { "versioningConfiguration.status": "Suspended" }),
  ),
  seed("dumps that can be deleted", "prod", "s3-object-lock", unset("dumps-bucket-bucket", "objectLockEnabled")),
  seed("public access not blocked", "smb", "bucket-complete", without("files-main-public-access")),
  seed("files in one region only", "prod", "files-replicated", without("files-replication-rule")),
  alone(seed("copies without versions", "prod", "replication-complete", without("files-replica-versioning"))),
  hiddenSeed("plain HTTP allowed", "smb", "s3-tls-only", reword("files-policy", "policy", '"Deny"', '"Allow"')),

  seed("key never rotated", "smb", "kms-rotation", set("database-key-key", { enableKeyRotation: false })),
  seed(
    "key for every account",
    "smb",
    "kms-policy-private",
    reword("database-key-key", "policy", '{"AWS":"arn:aws:iam::123456789012:root"}', '"*"'),
  ),
  seed(
    "password changed once a year",
    "prod",
    "secret-rotation",
    set("database-master-rotation", { "rotationRules.automaticallyAfterDays": 365 }),
  ),
  seed("database may be removed", "prod", "stateful-protected", options("database-primary", { protect: false })),
  seed("database left out of the selection", "prod", "rds-in-backup-plan", unset("backup-selection", "resources.0")),
];
