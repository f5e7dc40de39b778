import { SELF_HOSTED_CASES } from "./selfHostedCases";
import type { WrongCase } from "./wrongCases";

const smb = { tier: "smb", users: 5_000 };
const dev = { tier: "development", users: 10 };
const team = { tier: "small-team", users: 10, backup: { store: { bucket: "team-backups" } } };
const enterprise = { tier: "enterprise", users: 200_000 };
const sharded = { tier: "sharded", users: 3_000_000 };

/** Settings that are each well-formed and cannot stand together: at least one case for every rule. */
export const CONTRADICTION_CASES: readonly WrongCase[] = [
  {
    title: "two replicas on SQLite",
    raw: { ...dev, app: { replicas: 2 } },
    key: "app.replicas",
    says: ["= 2", "Allowed: 1", "tier smb"],
  },
  {
    title: "three replicas on a volume",
    raw: { ...team, app: { replicas: 3 } },
    key: "app.replicas",
    says: ["one application process"],
  },
  {
    title: "PostgreSQL on the development tier",
    raw: { ...dev, database: { type: "postgresql" } },
    key: "database.type",
    says: ["runs on sqlite", "tier smb"],
  },
  {
    title: "SQLite at smb",
    raw: { ...smb, database: { type: "sqlite" } },
    key: "database.type",
    says: ["runs on postgresql", "small-team"],
  },
  {
    title: "S3 on the development tier",
    raw: { ...dev, files: { type: "s3" } },
    key: "files.type",
    says: ["keeps files in a folder", "Allowed: local"],
  },
  {
    title: "local files at smb",
    raw: { ...smb, files: { type: "local" } },
    key: "files.type",
    says: ["cannot be shared by the 3 replicas", "s3, azure, gcs"],
  },
  {
    title: "local files with a number of replicas",
    raw: { ...smb, files: { type: "local" }, app: { replicas: 4 } },
    key: "files.type",
    says: ["the 4 replicas"],
  },
  {
    title: "Redis on the development tier",
    raw: { ...dev, cache: { type: "redis" } },
    key: "cache.type",
    says: ["in memory", "small-team"],
  },
  {
    title: "a memory cache with three replicas",
    raw: { ...smb, cache: { type: "memory" } },
    key: "cache.type",
    says: ["not shared by the 3 replicas", "redis, valkey"],
  },
  {
    title: "a memory cache at enterprise",
    raw: { ...enterprise, cache: { type: "memory" } },
    key: "cache.type",
    says: ["not shared"],
  },
  {
    title: "an external database without a URL",
    raw: { ...smb, database: { host: "external" } },
    key: "database.url",
    says: ["is not set", "--secret"],
  },
  {
    title: "a URL without an external database",
    raw: { ...smb, database: { url: "postgresql://u:p@h/d" } },
    key: "database.url",
    says: ["= [secret]", "external alone"],
  },
  {
    title: "replicas of an external database",
    raw: { ...smb, database: { host: "external", url: "postgresql://u:p@h/d", replicas: 1 } },
    key: "database.replicas",
    says: ["somebody else", "0 or false"],
  },
  {
    title: "a pooler before an external database",
    raw: { ...smb, database: { host: "external", url: "postgresql://u:p@h/d", pooler: true } },
    key: "database.pooler",
    says: ["somebody else"],
  },
  {
    title: "a catalogue without the database",
    raw: { ...smb, database: { catalogue: ["circle"] } },
    key: "database.catalogue",
    says: ["lacks database.name aibase", "add aibase"],
  },
  {
    title: "no room to grow",
    raw: { ...smb, database: { storageGiB: 100, maxStorageGiB: 100 } },
    key: "database.maxStorageGiB",
    says: ["no room above", "more than 100"],
  },
  {
    title: "autoscaling below rest",
    raw: { ...smb, app: { replicas: 5, maxReplicas: 4 } },
    key: "app.maxReplicas",
    says: ["below app.replicas 5", "5 or more"],
  },
  {
    title: "more pools than connections",
    raw: { ...smb, app: { replicas: 9 } },
    key: "database.poolMax",
    says: ["9 replicas × 20", "180 connections", "17 or less"],
  },
  {
    title: "a pooler switched off at enterprise",
    raw: { ...enterprise, app: { replicas: 20 }, database: { pooler: false } },
    key: "database.poolMax",
    says: ["400 connections", "database.pooler to true"],
  },
  {
    title: "adopting no network",
    raw: { ...smb, network: { mode: "adopt" } },
    key: "network.vpcId",
    says: ["is not set", "needs its id"],
  },
  {
    title: "a network id without adopting",
    raw: { ...smb, network: { vpcId: "vpc-12345678" } },
    key: "network.vpcId",
    says: ["belongs to network.mode adopt"],
  },
  {
    title: "a CDN before azure",
    raw: { ...smb, files: { type: "azure", cdn: true } },
    key: "files.cdn",
    says: ["belongs to S3", "azure"],
  },
  {
    title: "an endpoint for gcs",
    raw: { ...smb, files: { type: "gcs", endpoint: "https://x.example" } },
    key: "files.endpoint",
    says: ["gcs"],
  },
  {
    title: "both copies in one region",
    raw: { ...enterprise, secondaryRegion: "us-east-1" },
    key: "secondaryRegion",
    says: ["same region", "any region but us-east-1"],
  },
  {
    title: "too few ranges",
    raw: { ...sharded, database: { shards: 2 } },
    key: "database.shards",
    says: ["do not hold 3000000", "3 or more"],
  },
  {
    title: "files inside backups",
    raw: { ...dev, files: { path: "backups/files" } },
    key: "backup.path",
    says: ["on or in files.path", "a path of its own"],
  },
  {
    title: "backups over the default files",
    raw: { ...dev, backup: { path: "./uploads/" } },
    key: "backup.path",
    says: ['files.path "uploads"'],
  },
  {
    title: "the contract in the database's place",
    raw: { ...dev, database: { path: "one" }, app: { envFile: "one" } },
    key: "app.envFile",
    says: ["database.path"],
  },
  {
    title: "the same place, written otherwise",
    raw: { ...dev, database: { path: "a//b" }, files: { path: "a/./b" } },
    key: "files.path",
    says: ["database.path"],
  },
  {
    title: "SQLite for 10,001",
    raw: { ...team, users: 10_001 },
    key: "users",
    says: ["more than the 10000", "the tier for them is smb"],
  },
  { title: "SQLite for 20,000", raw: { ...dev, users: 20_000 }, key: "users", says: ["= 20000", "tier to smb"] },
  {
    title: "SQLite for 2,000,000",
    raw: { ...dev, users: 2_000_000 },
    key: "users",
    says: ["the tier for them is sharded"],
  },
  ...SELF_HOSTED_CASES,
];
