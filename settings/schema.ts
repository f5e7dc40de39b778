import { z } from "zod";
import * as caches from "./cacheFields";
import * as cloudFields from "./cloudFields";
import * as databases from "./databaseFields";
import * as fields from "./fields";
import * as selfHosted from "./selfHostedFields";

/** The settings of each tier. A group that is left out takes its defaults; an unknown key is an error. */

const development = z.strictObject({
  tier: z.literal("development"),
  users: fields.users,
  size: fields.size,
  database: databases.sqliteFileDatabase.prefault({}),
  files: fields.localFiles.prefault({}),
  cache: caches.memoryCache.prefault({}),
  app: fields.localApp.prefault({}),
  backup: fields.localBackup.prefault({}),
});

const smallTeam = z.strictObject({
  tier: z.literal("small-team"),
  users: fields.users,
  size: fields.size,
  database: databases.sqliteVolumeDatabase.prefault({}),
  files: fields.volumeFiles.prefault({}),
  cache: caches.clusterCache.prefault({}),
  app: fields.singleReplicaApp.prefault({}),
  backup: selfHosted.smallTeamBackup,
  cluster: selfHosted.existingCluster.prefault({}),
  operators: selfHosted.smallTeamOperators.prefault({}),
  monitoring: selfHosted.monitoring.prefault({}),
  deletionProtection: fields.deletionProtection,
});

const cloud = {
  users: fields.users,
  size: fields.size,
  region: fields.region,
  files: fields.objectFiles.prefault({}),
  app: fields.scaledApp.prefault({}),
  backup: fields.remoteBackup.prefault({}),
  alerts: cloudFields.alerts.prefault({}),
  budget: cloudFields.budget.prefault({}),
  network: cloudFields.network.prefault({}),
  cluster: cloudFields.cluster.prefault({}),
  deletionProtection: fields.deletionProtection,
  tags: fields.tags,
};

/**
 * A stack that is on its way up a tier: what it comes from is kept running beside what it goes to, whose application rests until
 * the cut-over. `ladder promote` writes and removes it.
 */
const promotion = z
  .strictObject({
    from: development.meta({
      allowed: "the settings of tier development, all of them",
      description: "What a stack on its way up still serves from; written and removed by `ladder promote`.",
    }),
  })
  .optional();

const smb = z.strictObject({
  tier: z.literal("smb"),
  ...cloud,
  promotion,
  database: databases.smbDatabase.prefault({}),
  files: fields.smbFiles.prefault({}),
  cache: caches.redisCache.prefault({}),
  backup: selfHosted.smbBackup.prefault({}),
  cluster: selfHosted.anyCluster.prefault({}),
  operators: selfHosted.operators.prefault({}),
  monitoring: selfHosted.monitoring.prefault({}),
});

const twoRegions = { ...cloud, secondaryRegion: fields.secondaryRegion, cache: caches.clusteredCache.prefault({}) };

const enterprise = z.strictObject({
  tier: z.literal("enterprise"),
  ...twoRegions,
  database: databases.enterpriseDatabase.prefault({}),
});

const sharded = z.strictObject({
  tier: z.literal("sharded"),
  ...twoRegions,
  database: databases.shardedDatabase.prefault({}),
});

const global = z.strictObject({
  tier: z.literal("global"),
  ...twoRegions,
  database: databases.shardedDatabase.prefault({}),
});

/** One schema per tier, under the tier's name. */
export const SCHEMAS = { development, "small-team": smallTeam, smb, enterprise, sharded, global } as const;

export type DevelopmentSettings = z.output<typeof development>;
export type SmallTeamSettings = z.output<typeof smallTeam>;
export type SmbSettings = z.output<typeof smb>;
export type EnterpriseSettings = z.output<typeof enterprise>;
export type ShardedSettings = z.output<typeof sharded>;
export type GlobalSettings = z.output<typeof global>;

/** The settings of a stack, after parsing: a union that `tier` tells apart. */
export type Settings =
  | DevelopmentSettings
  | SmallTeamSettings
  | SmbSettings
  | EnterpriseSettings
  | ShardedSettings
  | GlobalSettings;

/** Settings of a tier whose parts stand in a cloud. */
export type CloudSettings = SmbSettings | EnterpriseSettings | ShardedSettings | GlobalSettings;
