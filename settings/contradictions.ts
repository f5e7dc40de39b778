import { cloudRules } from "./cloudRules";
import { overlap, plainPath, SQLITE_PATHS } from "./fields";
import type { Problem } from "./problem";
import { showValue } from "./problem";
import { type Lookup, numberAt, type Rule } from "./rule";
import { selfHostedRules } from "./selfHostedRules";
import { type TierName, tierByName } from "./tiers";

/** PostgreSQL connections that application pools may take of the documented 200 before the 80 % alert (C-32). */
const CONNECTION_BUDGET = 160;

const replicasOf = (tier: TierName, get: Lookup): number =>
  numberAt(get, "app.replicas") ?? tierByName(tier).replicas.default;

const onSqlite = (tier: TierName): boolean => tierByName(tier).database === "sqlite";

const UP_TO_SMB = "promote the stack to tier smb, which has PostgreSQL, S3 and Redis";

const singleNode: Rule = (tier, get) => {
  const replicas = numberAt(get, "app.replicas");
  if (!onSqlite(tier) || replicas === undefined || replicas <= 1) return undefined;
  return {
    key: "app.replicas",
    message: `SQLite and local files serve one application process; ${replicas} would corrupt or miss each other's data (S1-60)`,
    allowed: "1",
    next: UP_TO_SMB,
  };
};

const databaseType: Rule = (tier, get) => {
  const type = get("database.type");
  const expected = tierByName(tier).database;
  if (typeof type !== "string" || type === expected) return undefined;
  return {
    key: "database.type",
    message: `tier ${tier} runs on ${expected}`,
    allowed: expected,
    next: expected === "sqlite" ? UP_TO_SMB : "leave it out, or choose tier development or small-team",
  };
};

const filesType: Rule = (tier, get) => {
  const type = get("files.type");
  if (typeof type !== "string") return undefined;
  const local = tierByName(tier).files === "local";
  if (local === (type === "local")) return undefined;
  return {
    key: "files.type",
    message: local
      ? `tier ${tier} keeps files in a folder`
      : `local files cannot be shared by the ${replicasOf(tier, get)} replicas of tier ${tier} (S1-60)`,
    allowed: local ? "local" : "s3, azure, gcs",
    next: local ? UP_TO_SMB : "choose s3; any S3-compatible server works through files.endpoint",
  };
};

const cacheType: Rule = (tier, get) => {
  const type = get("cache.type");
  if (typeof type !== "string") return undefined;
  const memory = tierByName(tier).cache === "memory";
  if (memory === (type === "memory")) return undefined;
  return {
    key: "cache.type",
    message: memory
      ? `tier ${tier} keeps cache and sessions in memory`
      : `a memory cache is not shared by the ${replicasOf(tier, get)} replicas of tier ${tier} (S1-34)`,
    allowed: memory ? "memory" : "redis, valkey",
    next: memory ? "choose tier small-team, which has Redis or Valkey" : "choose redis or valkey",
  };
};

const externalUrl: Rule = (_tier, get) => {
  const external = get("database.host") === "external";
  const hasUrl = get("database.url") !== undefined;
  if (external === hasUrl) return undefined;
  return external
    ? {
        key: "database.url",
        message: "an external database needs its connection string",
        allowed: "a secret of the form postgresql://user:password@host:port/database",
        next: "run: pulumi config set --secret --path 'scaling-ladder:database.url' '<connection string>'",
      }
    : {
        key: "database.url",
        message: "a connection string belongs to database.host external alone",
        allowed: "nothing",
        next: "remove it, or set database.host to external",
      };
};

const externalParts: Rule = (_tier, get) => {
  if (get("database.host") !== "external") return undefined;
  const key = ["database.replicas", "database.multiAz", "database.pooler"].find((name) => Boolean(get(name)));
  if (key === undefined) return undefined;
  return { key, message: "an external database is run by somebody else", allowed: "0 or false", next: "remove it" };
};

const catalogueHoldsName: Rule = (_tier, get) => {
  const catalogue = get("database.catalogue");
  const name = get("database.name") ?? "aibase";
  if (!Array.isArray(catalogue) || typeof name !== "string" || catalogue.includes(name)) return undefined;
  return {
    key: "database.catalogue",
    message: `the list lacks database.name ${name}, which the application connects to`,
    allowed: `a list that holds ${name}`,
    next: `add ${name} to the list`,
  };
};

const storageHeadroom: Rule = (_tier, get) => {
  const [storage, max] = [numberAt(get, "database.storageGiB"), numberAt(get, "database.maxStorageGiB")];
  if (storage === undefined || max === undefined || max > storage) return undefined;
  return {
    key: "database.maxStorageGiB",
    message: `autoscaling has no room above database.storageGiB ${storage}`,
    allowed: `more than ${storage}`,
    next: "raise it, or leave it out for four times storageGiB",
  };
};

const autoscaling: Rule = (_tier, get) => {
  const [replicas, max] = [numberAt(get, "app.replicas"), numberAt(get, "app.maxReplicas")];
  if (replicas === undefined || max === undefined || max >= replicas) return undefined;
  return {
    key: "app.maxReplicas",
    message: `it is below app.replicas ${replicas}`,
    allowed: `${replicas} or more`,
    next: "raise it, or lower app.replicas",
  };
};

const poolBudget: Rule = (tier, get) => {
  if (onSqlite(tier)) return undefined;
  const pooler = get("database.pooler") ?? tier !== "smb";
  const replicas = replicasOf(tier, get);
  const pool = numberAt(get, "database.poolMax") ?? 20;
  if (pooler === true || replicas * pool <= CONNECTION_BUDGET) return undefined;
  return {
    key: "database.poolMax",
    message: `${replicas} replicas × ${pool} clients are ${replicas * pool} connections, over ${CONNECTION_BUDGET} (80 % of max_connections 200, C-32)`,
    allowed: `${Math.max(1, Math.floor(CONNECTION_BUDGET / replicas))} or less with ${replicas} replicas`,
    next: "lower it, or set database.pooler to true",
  };
};

/** Paths of the development tier must not lie on or in each other. */
const separatePaths: Rule = (tier, get) => {
  if (tier !== "development") return undefined;
  const paths = ["database.path", "files.path", "backup.path", "app.envFile"].flatMap((key) => {
    const defaults: Record<string, string> = {
      "database.path": get("database.name") === "ai_breeding" ? SQLITE_PATHS.ai_breeding : SQLITE_PATHS.ai_company,
      "files.path": "uploads",
      "backup.path": "backups",
      "app.envFile": ".env",
    };
    const path = get(key) ?? defaults[key];
    return typeof path === "string" ? [{ key, path: plainPath(path) }] : [];
  });
  for (const [index, later] of paths.entries()) {
    const clash = paths.slice(0, index).find(({ path }) => overlap(path, later.path));
    if (clash !== undefined) {
      return {
        key: later.key,
        message: `it lies on or in ${clash.key} ${JSON.stringify(clash.path)}`,
        allowed: "a path of its own",
        next: "choose another path",
      };
    }
  }
  return undefined;
};

const RULES: readonly Rule[] = [
  singleNode,
  databaseType,
  filesType,
  cacheType,
  externalUrl,
  externalParts,
  catalogueHoldsName,
  storageHeadroom,
  autoscaling,
  poolBudget,
  ...cloudRules,
  ...selfHostedRules,
  separatePaths,
];

/** Settings that are each well-formed and cannot stand together. Reads raw values, so it also sees what the schema refuses. */
export function contradictions(tier: TierName, get: Lookup): Problem[] {
  return RULES.flatMap((rule) => {
    const found = rule(tier, get);
    return found === undefined ? [] : [{ ...found, value: showValue(found.key, get(found.key)) }];
  });
}
