import { mkdirSync, rmSync } from "node:fs";
import { Exit, type WrongCase } from "./wrongCase";

const FILE = "Pulumi.dev.yaml";

/** A stack file with these lines; `up` reads it before it starts anything. */
const lines = (what: string, settings: readonly string[], ...says: string[]): WrongCase => ({
  what,
  args: ["up"],
  prepare: (project) => project.settings(settings),
  exitCode: Exit.usage,
  says,
});

/** A stack file with this text. */
const text = (what: string, content: string, ...says: string[]): WrongCase => ({
  what,
  args: ["up"],
  prepare: (project) => project.write(FILE, content),
  exitCode: Exit.usage,
  says,
});

const development = (...settings: string[]) => ["tier: development", "users: 10", ...settings];
const NEXT = "docs/settings.md";

export const wrongSettings: readonly WrongCase[] = [
  text("YAML that ends in the middle", 'config:\n  scaling-ladder:tier: "dev\n', `${FILE} is not valid YAML`, "line"),
  text("YAML with a key twice", "config:\n  a: 1\n  a: 2\n", `${FILE} is not valid YAML`, "unique"),
  text(
    "YAML with a tab",
    "config:\n\tscaling-ladder:tier: development\n",
    `${FILE} is not valid YAML`,
    "Mend that line",
  ),
  text("an empty stack file", "", "scaling-ladder:tier is not set", "development, small-team, smb", NEXT),
  text("settings that are a list", "config:\n  - tier\n", "scaling-ladder:tier is not set", "Next: begin with"),
  text("settings of another project", "config:\n  aws:region: us-east-1\n", "scaling-ladder:tier is not set", NEXT),
  {
    what: "a stack file that is a folder",
    args: ["up"],
    prepare: ({ at }) => {
      rmSync(at(FILE));
      mkdirSync(at(FILE));
    },
    exitCode: Exit.usage,
    says: [`${FILE} cannot be read (EISDIR)`, "Check that it is a file"],
  },
  lines("a misspelt tier", ["tier: developmnt", "users: 10"], '"developmnt"', "did you mean development", "enterprise"),
  lines("no number of users", ["tier: development"], "scaling-ladder:users is not set: it is required", "0 to"),
  lines("users in words", ["tier: development", "users: ten"], 'scaling-ladder:users = "ten"', "0 to 1000000000"),
  lines("users below nothing", ["tier: development", "users: -1"], "scaling-ladder:users = -1", "too small"),
  lines(
    "S1-22: users beyond SQLite",
    ["tier: development", "users: 20000"],
    "scaling-ladder:users = 20000",
    "10000",
    "set scaling-ladder:tier to smb",
  ),
  lines(
    "S1-60: two replicas on SQLite",
    development("app:", "    replicas: 2"),
    "scaling-ladder:app.replicas = 2",
    "Allowed: 1",
    "smb",
  ),
  lines(
    "a Redis cache on this machine",
    development("cache:", "    type: redis"),
    'scaling-ladder:cache.type = "redis"',
    "Allowed: memory",
  ),
  lines(
    "a misspelt setting",
    development("database:", "    busyTimeoutMS: 5"),
    "scaling-ladder:database.busyTimeoutMS = 5",
    "did you mean database.busyTimeoutMs",
  ),
  lines(
    "a setting of another tier",
    development("region: us-east-1"),
    'scaling-ladder:region = "us-east-1"',
    "belongs to smb",
    "remove it",
  ),
  lines(
    "a database outside the project",
    development("database:", "    path: ../app.db"),
    'scaling-ladder:database.path = "../app.db"',
    "inside the project folder",
  ),
  lines(
    "uploads in the backup folder",
    development("files:", "    path: backups/files"),
    "lies on or in files.path",
    "choose another path",
  ),
  lines(
    "several mistakes at once",
    ["tier: development", "users: many", "cache:", "    type: redis", "app:", "    port: 0", "colour: blue"],
    "4 settings of stack dev",
    'scaling-ladder:users = "many"',
    "scaling-ladder:cache.type",
    "scaling-ladder:app.port = 0",
    'scaling-ladder:colour = "blue"',
    "nothing was changed",
  ),
  {
    what: "a tier that cannot be brought up yet",
    args: ["up", "shards"],
    prepare: (project) => project.settings(["tier: sharded", "users: 2000000"], "shards"),
    exitCode: Exit.usage,
    says: ["Tier sharded cannot be brought up by this release", "development", "Nothing was changed"],
  },
  {
    what: "files in a store that cannot be brought up yet",
    args: ["preview", "smb"],
    prepare: (project) => project.settings(["tier: smb", "users: 20000", "files:", "    type: gcs"], "smb"),
    exitCode: Exit.usage,
    says: ["files.type gcs cannot be brought up", "Nothing was changed"],
  },
  {
    what: "a backup of a stack whose data is elsewhere",
    args: ["backup", "create", "smb"],
    prepare: (project) => project.settings(["tier: smb", "users: 20000"], "smb"),
    exitCode: Exit.usage,
    says: ["Stack smb is on tier smb", "SQLite file", "Name a development stack"],
  },
];
