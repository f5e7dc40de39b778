/** Two sets of levels and limits: `dev` for the tiers below enterprise, `prod` from there on (policy/profile.ts). */
export const PROFILE_NAMES = ["dev", "prod"] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Figures and lists that rules compare with. A rule names those that it reads; a policy-pack configuration may set them. */
export interface Limits {
  /** Days that RDS keeps automated backups, at least. */
  readonly backupRetentionDays: number;
  /** Days that a snapshot of the cache is kept, at least. */
  readonly cacheSnapshotDays: number;
  /** Days that a recovery point of a backup plan is kept, at least. */
  readonly recoveryPointDays: number;
  /** Days between the order to delete a KMS key and its end, at least. */
  readonly keyDeletionDays: number;
  /** Days in which a deleted secret can be had back, at least. */
  readonly secretRecoveryDays: number;
  /** Days between two rotations of a secret, at most. */
  readonly secretRotationDays: number;
  /** Days that logs are kept, at least. */
  readonly logRetentionDays: number;
  /** Read replicas of a primary, at least. */
  readonly readReplicas: number;
  /** Oldest PostgreSQL that is accepted. */
  readonly postgresMajor: number;
  /** Connections of all application replicas together, at most, when no pooler stands between. */
  readonly connectionsWithoutPooler: number;
  /** Regions in which resources may be made. Empty: those that the stack's own settings name. */
  readonly regions: readonly string[];
  /** Tags that every resource of the cloud must have. */
  readonly requiredTags: readonly string[];
}
export type LimitName = keyof Limits;

/** What each limit means, for docs and for the schema of the configuration. */
export const LIMIT_TEXTS: Readonly<Record<LimitName, string>> = {
  backupRetentionDays: "Days that RDS keeps automated backups, at least.",
  cacheSnapshotDays: "Days that a snapshot of the cache is kept, at least.",
  recoveryPointDays: "Days that a recovery point of a backup plan is kept, at least.",
  keyDeletionDays: "Days between the order to delete a KMS key and its end, at least.",
  secretRecoveryDays: "Days in which a deleted secret can be had back, at least.",
  secretRotationDays: "Days between two rotations of a secret, at most.",
  logRetentionDays: "Days that logs are kept, at least.",
  readReplicas: "Read replicas of a primary, at least.",
  postgresMajor: "Oldest major version of PostgreSQL that is accepted.",
  connectionsWithoutPooler: "Connections of all application replicas together without a pooler, at most.",
  regions: "Regions in which resources may be made; empty: those that the stack's settings name.",
  requiredTags: "Tags that every resource of the cloud must have.",
};

const COMMON = {
  secretRotationDays: 90,
  postgresMajor: 15,
  connectionsWithoutPooler: 160,
  regions: [],
  requiredTags: ["Project", "Stack", "Tier", "ManagedBy"],
};

/** C-32 (160 connections), C-34 (2 replicas), C-39 (35 days); the others are the figures that Security Hub asks for. */
export const LIMITS: Readonly<Record<ProfileName, Limits>> = {
  dev: {
    ...COMMON,
    backupRetentionDays: 1,
    cacheSnapshotDays: 1,
    recoveryPointDays: 7,
    keyDeletionDays: 7,
    secretRecoveryDays: 7,
    logRetentionDays: 30,
    readReplicas: 0,
  },
  prod: {
    ...COMMON,
    backupRetentionDays: 14,
    cacheSnapshotDays: 7,
    recoveryPointDays: 35,
    keyDeletionDays: 30,
    secretRecoveryDays: 7,
    logRetentionDays: 365,
    readReplicas: 2,
  },
};

/** True for a limit that is a list of texts; the others are numbers. */
export const isListLimit = (limit: LimitName): boolean => Array.isArray(LIMITS.prod[limit]);
