/**
 * The ladder: one table that settings, policies, cost and the docs all read.
 * Ids such as S0-37 and C-01 point to docs/requirements.md, where each demand and decision stands.
 */

export const TIER_NAMES = ["development", "small-team", "smb", "enterprise", "sharded", "global"] as const;
export type TierName = (typeof TIER_NAMES)[number];

export const SIZE_NAMES = ["development", "production", "high-load"] as const;
export type SizeName = (typeof SIZE_NAMES)[number];

/** A machine size of the seed documents; the figures are the documents' own (1 TB taken as 1024 GiB). */
export interface Size {
  readonly name: SizeName;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly storageGiB: number;
  readonly sources: readonly string[];
}

export const SIZES: readonly Size[] = [
  { name: "development", vcpus: 2, memoryGiB: 4, storageGiB: 50, sources: ["S3-50", "C-05"] },
  { name: "production", vcpus: 4, memoryGiB: 16, storageGiB: 500, sources: ["S3-51", "C-05"] },
  { name: "high-load", vcpus: 8, memoryGiB: 32, storageGiB: 1024, sources: ["S3-52", "C-05"] },
];

/** One line of a documented monthly cost, in US dollars. */
export interface CostLine {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly source: string;
}

/** Monthly cost in US dollars. `derived` marks a band that no document states as a whole. */
export interface CostBand {
  readonly min: number;
  readonly max: number;
  readonly lines: readonly CostLine[];
  readonly derived: boolean;
  readonly sources: readonly string[];
}

/** What a tier is declared to hold. A missing figure means that the documents set no limit. */
export interface TierLimits {
  /** Above this many users the tier still runs, with advice to move on. */
  readonly adviseAboveUsers?: number;
  /** Above this many users the tier refuses to run. */
  readonly refuseAboveUsers?: number;
  readonly concurrentUsers?: number;
  readonly connections?: number;
  readonly dataGiB?: number;
  readonly sources: readonly string[];
}

export interface Tier {
  readonly name: TierName;
  /** The names that the seed documents give this tier. */
  readonly aliases: readonly string[];
  /** Half-open range [min, max) of registered users; `max` is Infinity for the last tier. */
  readonly users: { readonly min: number; readonly max: number; readonly sources: readonly string[] };
  /** True when the tier is never suggested by user count alone. */
  readonly optIn: boolean;
  readonly limits: TierLimits;
  readonly database: "sqlite" | "postgresql";
  readonly files: "local" | "s3";
  readonly cache: "memory" | "redis";
  readonly replicas: { readonly default: number; readonly max: number };
  readonly size: SizeName;
  readonly cost: CostBand;
}

const SQLITE_LIMITS: TierLimits = {
  adviseAboveUsers: 1_000,
  refuseAboveUsers: 10_000,
  concurrentUsers: 1_000,
  connections: 100,
  dataGiB: 100,
  sources: ["S0-05", "S0-37", "S1-22", "S1-71", "S1-72", "C-01", "C-02"],
};

const NO_DECLARED_LIMITS: TierLimits = { sources: ["S1-23", "S1-71", "C-06"] };

/** Lines of the 1M-user table; their sum is the documented total (S4-56). */
const COST_AT_1M: readonly CostLine[] = [
  { name: "PostgreSQL (RDS)", min: 500, max: 1000, source: "S4-51" },
  { name: "Redis (ElastiCache)", min: 200, max: 400, source: "S4-52" },
  { name: "MongoDB-compatible store", min: 300, max: 600, source: "S4-53" },
  { name: "Backup storage", min: 100, max: 200, source: "S4-54" },
];

/** Lines of the 10M-user table; their sum is the documented total (S4-63), which has no backup line. */
const COST_AT_10M: readonly CostLine[] = [
  { name: "PostgreSQL shards", min: 2000, max: 4000, source: "S4-57" },
  { name: "Redis clusters", min: 800, max: 1500, source: "S4-58" },
  { name: "MongoDB-compatible shards", min: 1000, max: 2000, source: "S4-59" },
  { name: "CDN", min: 500, max: 1000, source: "S4-60" },
];

export const TIERS: readonly Tier[] = [
  {
    name: "development",
    aliases: ["Development", "Phase 1", "MVP", "Current Setup"],
    users: { min: 0, max: 1_000, sources: ["S0-04", "S1-87", "S4-01", "C-01"] },
    optIn: false,
    limits: SQLITE_LIMITS,
    database: "sqlite",
    files: "local",
    cache: "memory",
    replicas: { default: 1, max: 1 },
    size: "development",
    cost: { min: 0, max: 0, lines: [], derived: false, sources: ["S0-46"] },
  },
  {
    name: "small-team",
    aliases: ["Small Team"],
    users: { min: 0, max: 10_000, sources: ["S1-22", "S1-88", "C-01"] },
    optIn: true,
    limits: SQLITE_LIMITS,
    database: "sqlite",
    files: "local",
    cache: "redis",
    replicas: { default: 1, max: 1 },
    size: "development",
    cost: { min: 0, max: 200, lines: [], derived: true, sources: ["S0-46", "S0-47", "C-04"] },
  },
  {
    name: "smb",
    aliases: ["SMB", "Phase 2 (AI Company)", "Phase 1 (Circle)", "Production"],
    users: { min: 1_000, max: 100_000, sources: ["S0-11", "S0-37", "S1-89", "S4-02", "C-01"] },
    optIn: false,
    limits: NO_DECLARED_LIMITS,
    database: "postgresql",
    files: "s3",
    cache: "redis",
    replicas: { default: 3, max: 50 },
    size: "production",
    cost: { min: 20, max: 200, lines: [], derived: false, sources: ["S0-47", "C-04"] },
  },
  {
    name: "enterprise",
    aliases: ["Enterprise", "Phase 3 (AI Company)", "Phase 2 (Circle)", "High-load"],
    users: { min: 100_000, max: 1_000_000, sources: ["S0-21", "S0-38", "S1-90", "S4-10", "C-01"] },
    optIn: false,
    limits: NO_DECLARED_LIMITS,
    database: "postgresql",
    files: "s3",
    cache: "redis",
    replicas: { default: 3, max: 500 },
    size: "high-load",
    cost: { min: 25, max: 2200, lines: [], derived: true, sources: ["S0-48", "S4-56", "C-04"] },
  },
  {
    name: "sharded",
    aliases: ["Phase 3 (Circle)"],
    users: { min: 1_000_000, max: 10_000_000, sources: ["S4-16", "C-01"] },
    optIn: false,
    limits: NO_DECLARED_LIMITS,
    database: "postgresql",
    files: "s3",
    cache: "redis",
    replicas: { default: 6, max: 1000 },
    size: "high-load",
    cost: { min: 1100, max: 8500, lines: COST_AT_1M, derived: true, sources: ["S4-56", "S4-63", "C-04"] },
  },
  {
    name: "global",
    aliases: ["Phase 4 (Circle)"],
    users: { min: 10_000_000, max: Number.POSITIVE_INFINITY, sources: ["S4-22", "S4-70", "C-01"] },
    optIn: false,
    limits: NO_DECLARED_LIMITS,
    database: "postgresql",
    files: "s3",
    cache: "redis",
    replicas: { default: 12, max: 2000 },
    size: "high-load",
    cost: { min: 4300, max: 8500, lines: COST_AT_10M, derived: false, sources: ["S4-63", "C-04"] },
  },
];

/** The tiers whose parts this release can make; the settings of the others are checked all the same. */
export const AVAILABLE_TIERS: readonly TierName[] = ["development", "small-team", "smb", "enterprise"];

/** The row of the table for a tier name. */
export function tierByName(name: TierName): Tier {
  const tier = TIERS.find((candidate) => candidate.name === name);
  if (tier === undefined) throw new Error(`no tier ${name} in the table`);
  return tier;
}

/** The tier to move to at this many users: the first that is not opt-in and whose range holds the count. */
export function tierForUsers(users: number): Tier {
  const tier = TIERS.find(
    (candidate) => !candidate.optIn && users >= candidate.users.min && users < candidate.users.max,
  );
  if (tier === undefined) throw new Error(`no tier holds ${users} users`);
  return tier;
}

/** The machine size for a number of users (C-05: 1K–10K development, 10K–100K production, 100K+ high-load). */
export function sizeForUsers(users: number): Size {
  const name: SizeName = users < 10_000 ? "development" : users < 100_000 ? "production" : "high-load";
  return sizeByName(name);
}

export function sizeByName(name: SizeName): Size {
  const size = SIZES.find((candidate) => candidate.name === name);
  if (size === undefined) throw new Error(`no size ${name} in the table`);
  return size;
}
