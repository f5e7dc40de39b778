import { options, reword, set, unset, without } from "./change";
import { hiddenSeed, type Seed, seed } from "./seed";

const CACHE = "cache-group";
const BUCKET = "files-main-bucket";
const PUBLIC = '"Principal":"*","Action":"s3:GetObject"';

/** Mistakes about the cache, the buckets, the keys, the secrets and the backups. */
export const DATA_SEEDS: readonly Seed[] = [
  seed("cache not encrypted", "smb", "cache-at-rest", set(CACHE, { atRestEncryptionEnabled: false })),
  seed("cache without TLS", "smb", "cache-in-transit", set(CACHE, { transitEncryptionEnabled: false })),
  seed("cache without users", "smb", "cache-auth", unset(CACHE, "userGroupIds")),
  seed("cache without failover", "prod", "cache-failover", set(CACHE, { automaticFailoverEnabled: false })),
  seed("cache without snapshots", "prod", "cache-snapshots", set(CACHE, { snapshotRetentionLimit: 0 })),
  seed("cache in the default subnets", "smb", "cache-placement", unset(CACHE, "subnetGroupName")),

  seed("bucket with an access list", "smb", "s3-no-inline", set(BUCKET, { acl: "public-read" })),
  seed("bucket deleted with its files", "prod", "s3-no-force-destroy", set(BUCKET, { forceDestroy: true })),
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
  seed(
    "objects owned by their writers",
    "prod",
    "s3-owner-enforced",
    set("files-main-ownership", { "rule.objectOwnership": "ObjectWriter" }),
  ),
  seed("dumps that can be deleted", "prod", "s3-object-lock", unset("dumps-bucket-bucket", "objectLockEnabled")),
  seed("public access not blocked", "smb", "bucket-complete", without("files-main-public-access")),
  seed("files in one region only", "prod", "files-replicated", without("files-replication-rule")),
  seed("copies without versions", "prod", "replication-complete", without("files-replica-versioning")),
  hiddenSeed("plain HTTP allowed", "smb", "s3-tls-only", reword("files-policy", "policy", '"Deny"', '"Allow"')),
  hiddenSeed(
    "files for everybody",
    "smb",
    "s3-policy-private",
    reword(
      "dumps-bucket-policy",
      "policy",
      '"Statement":[',
      `"Statement":[{"Effect":"Allow",${PUBLIC},"Resource":"*"},`,
    ),
  ),

  seed("key never rotated", "smb", "kms-rotation", set("database-key-key", { enableKeyRotation: false })),
  seed("key gone within a week", "prod", "kms-deletion-window", set("database-key-key", { deletionWindowInDays: 7 })),
  seed(
    "key for every account",
    "smb",
    "kms-policy-private",
    reword("database-key-key", "policy", '{"AWS":"arn:aws:iam::123456789012:root"}', '"*"'),
  ),
  seed("secret under the shared key", "prod", "secret-cmk", unset("database-app-secret", "kmsKeyId")),
  seed(
    "password changed once a year",
    "prod",
    "secret-rotation",
    set("database-master-rotation", { "rotationRules.automaticallyAfterDays": 365 }),
  ),
  seed("database may be removed", "prod", "stateful-protected", options("database-primary", { protect: false })),
  seed(
    "encryption hidden from comparison",
    "prod",
    "stateful-protected",
    options("database-primary", { ignoreChanges: ["storageEncrypted"] }),
  ),

  seed("vault under the shared key", "prod", "vault-cmk", unset("backup-vault", "kmsKeyArn")),
  seed("backups of a week", "prod", "backup-rule", set("backup-plan", { "rules.0.lifecycle.deleteAfter": 7 })),
  seed("nothing selected for backup", "prod", "rds-in-backup-plan", without("backup-selection")),
  seed("database left out of the selection", "prod", "rds-in-backup-plan", unset("backup-selection", "resources.0")),
];
