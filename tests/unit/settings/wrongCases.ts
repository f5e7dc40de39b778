import type { TierName } from "../../../settings";

/** One wrong setting: what is written, the key that the error must name, and what its line must say. */
export interface WrongCase {
  readonly title: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly key: string;
  readonly says: readonly string[];
}

const USERS: Record<TierName, number> = {
  development: 10,
  "small-team": 2_000,
  smb: 5_000,
  enterprise: 200_000,
  sharded: 2_000_000,
  global: 20_000_000,
};

const on =
  (tier: TierName) =>
  (title: string, extra: Record<string, unknown>, key: string, ...says: string[]): WrongCase => ({
    title: `${tier}: ${title}`,
    raw: { tier, users: USERS[tier], ...extra },
    key,
    says,
  });

const dev = on("development");
const team = on("small-team");
const smb = on("smb");
const enterprise = on("enterprise");
const sharded = on("sharded");
const global = on("global");

export const TIER_CASES: readonly WrongCase[] = [
  {
    title: "no tier",
    raw: { users: 1 },
    key: "tier",
    says: ["is not set", "every stack has a tier", "development, smal"],
  },
  {
    title: "a misspelt tier",
    raw: { tier: "entreprise" },
    key: "tier",
    says: ["no such tier", "did you mean enterprise"],
  },
  { title: "a tier by its document name", raw: { tier: "MVP" }, key: "tier", says: ["did you mean development"] },
  { title: "an alias in other letters", raw: { tier: "high-LOAD" }, key: "tier", says: ["did you mean enterprise"] },
  { title: "a tier that is like none", raw: { tier: "mainframe-xl" }, key: "tier", says: ["begin with development"] },
  { title: "a tier that is a number", raw: { tier: 2, users: 1 }, key: "tier", says: ["= 2", "no such tier"] },
  { title: "a tier that is a list", raw: { tier: ["smb"] }, key: "tier", says: ['["smb"]', "Allowed: development"] },
];

export const UNKNOWN_KEY_CASES: readonly WrongCase[] = [
  dev("a slip in a top-level key", { databse: { name: "ai_breeding" } }, "databse", "did you mean database"),
  dev("a slip in a nested key", { database: { pth: "x.db" } }, "database.pth", '"x.db"', "did you mean database.path"),
  dev("other letters", { app: { envfile: ".env" } }, "app.envfile", "did you mean app.envFile"),
  dev("a key like none", { flavour: "sweet" }, "flavour", "no such setting", "Next: remove it"),
  dev("a setting of other tiers", { region: "us-east-1" }, "region", "belongs to smb, enterprise, sharded, global"),
  dev("a group of other tiers", { alerts: { recipients: [] } }, "alerts", "it belongs to smb, enterprise"),
  dev(
    "a dotted top-level key",
    { "database.path": "x.db" },
    "database.path",
    '= "x.db"',
    "under scaling-ladder:database",
  ),
  dev("a dotted key like none", { "a.b": 1 }, "a.b", "= 1", "no such setting"),
  team("a path of the development tier", { database: { path: "x.db" } }, "database.path", "belongs to development"),
  smb(
    "a slip below the network",
    { network: { vpcID: "vpc-12345678" } },
    "network.vpcID",
    "did you mean network.vpcId",
  ),
  enterprise(
    "a key of the sharded tiers",
    { database: { shards: 2 } },
    "database.shards",
    "belongs to sharded, global",
  ),
  sharded("cache nodes of a smaller tier", { cache: { nodes: 2 } }, "cache.nodes", "belongs to small-team, smb"),
  global("a standby switch of smb", { database: { multiAz: true } }, "database.multiAz", "belongs to smb"),
];

export const TYPE_CASES: readonly WrongCase[] = [
  { title: "no users", raw: { tier: "smb" }, key: "users", says: ["is not set", "it is required", "0 to 1000000000"] },
  dev("users as words", { users: "many" }, "users", '= "many"', "it is text", "an integer from 0"),
  dev("half a user", { users: 1.5 }, "users", "= 1.5", "not a whole number"),
  dev("fewer than no users", { users: -1 }, "users", "= -1", "too small"),
  dev("too many users to count", { users: 2_000_000_000 }, "users", "more than the 10000", "global"),
  dev("an empty group", { database: null }, "database", "it is empty", "the keys type, name"),
  dev("a group as text", { database: "sqlite" }, "database", '= "sqlite"', "it is text"),
  dev("a group as a list", { files: [1] }, "files", "it is a list"),
  dev("a number as text, nested", { database: { busyTimeoutMs: "5000" } }, "database.busyTimeoutMs", "it is text"),
  dev("text as true", { files: { path: true } }, "files.path", "it is true or false"),
  dev("text as a group", { app: { envFile: { a: 1 } } }, "app.envFile", "it is a group of settings"),
  team("a volume as text", { files: { volumeGiB: "20" } }, "files.volumeGiB", "it is text", "from 1 to 16384"),
  smb("a switch as text", { database: { pooler: "yes" } }, "database.pooler", "it is text", "true, false"),
  smb("a tag that is no text", { tags: { "app.io/part": 5 } }, "tags.app.io/part", "= 5", "it is a number"),
  smb("a recipient that is no address", { alerts: { recipients: ["me"] } }, "alerts.recipients.0", "an e-mail address"),
  smb(
    "recipients as one text",
    { alerts: { recipients: "a@b.example" } },
    "alerts.recipients",
    "it is text",
    "a list of",
  ),
];

export const VALUE_CASES: readonly WrongCase[] = [
  dev("a size like none", { size: "huge" }, "size", '= "huge"', "development, production, high-load"),
  dev("a database without SQLite", { database: { name: "circle" } }, "database.name", "ai_company, ai_breeding"),
  dev("a negative wait", { database: { busyTimeoutMs: -1 } }, "database.busyTimeoutMs", "too small", "0 to 600000"),
  dev("an endless wait", { database: { busyTimeoutMs: 600_001 } }, "database.busyTimeoutMs", "too large"),
  dev("a name that is no .env file", { app: { envFile: "package.json" } }, "app.envFile", "must be named like .env"),
  dev("an absolute path", { database: { path: "/var/x.db" } }, "database.path", "relative to the project folder"),
  dev("a path with a drive", { files: { path: "C:\\files" } }, "files.path", "relative to the project folder"),
  dev("a path that leaves", { backup: { path: "a/../../b" } }, "backup.path", "stay inside the project folder"),
  dev("a path of two lines", { files: { path: "a\nb" } }, "files.path", "one line of plain text"),
  dev("the project folder itself", { files: { path: "." } }, "files.path", "must not be the project folder"),
  dev("a place inside git", { backup: { path: ".git/backups" } }, "backup.path", "must not be", ".git"),
  dev("the same, written otherwise", { backup: { path: "./.git" } }, "backup.path", "must not be", ".git"),
  dev("the state's own folder", { database: { path: ".ladder/x.db" } }, "database.path", "must not be", ".ladder"),
  dev("port 0", { app: { port: 0 } }, "app.port", "too small", "1 to 65535"),
  dev("port 65536", { app: { port: 65_536 } }, "app.port", "too large"),
  dev("no daily backups", { backup: { dailyDays: 0 } }, "backup.dailyDays", "too small", "1 to 3650"),
  team("a volume past 100 GiB", { database: { volumeGiB: 101 } }, "database.volumeGiB", "too large", "1 to 100"),
  team("an image with a blank", { app: { image: "a b" } }, "app.image", "right form", "an image such as"),
  smb("PostgreSQL 14", { database: { version: 14 } }, "database.version", "= 14", "15, 16"),
  smb("three replicas", { database: { replicas: 3 } }, "database.replicas", "too large", "0 to 2"),
  smb(
    "an instance class of another kind",
    { database: { instanceClass: "t3.micro" } },
    "database.instanceClass",
    "form",
  ),
  smb("a region like none", { region: "mars" }, "region", "right form", "us-east-1"),
  smb("a bucket in capitals", { files: { bucket: "My-Bucket" } }, "files.bucket", "right form"),
  smb(
    "an endpoint without a scheme",
    {
      database: { host: "kubernetes" },
      files: { endpoint: "minio", bucket: "files", accessKey: "a", secretKey: "b" },
      backup: { store: { bucket: "dumps" } },
    },
    "files.endpoint",
    "a URL",
  ),
  smb("a network without a mask", { network: { cidr: "10.0.0.0" } }, "network.cidr", "right form"),
  smb("a budget of nothing", { budget: { monthlyUsd: 0 } }, "budget.monthlyUsd", "too small"),
  smb("an alert over plain http", { alerts: { recipients: ["http://x.example"] } }, "alerts.recipients.0", '= "http'),
  enterprise("one replica", { database: { replicas: 1 } }, "database.replicas", "too small", "2 to 5"),
  enterprise("another host", { database: { host: "external" } }, "database.host", "Allowed: aws"),
  sharded("no cache shards", { cache: { shards: 0 } }, "cache.shards", "too small", "1 to 500"),
  global("too many ranges", { database: { shards: 1001 } }, "database.shards", "too large"),
];
