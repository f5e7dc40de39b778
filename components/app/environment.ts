import type { Input } from "@pulumi/pulumi";

/** One variable that a pod reads from a Kubernetes Secret. */
export interface SecretVariable {
  readonly variable: string;
  /** Name of the Secret. */
  readonly secret: string;
  /** Its key in that Secret. */
  readonly key: string;
  readonly value: Input<string>;
}

/** The contract, parted into what may be read by whoever can read a Deployment and what may not. */
export interface Environment {
  readonly plain: Readonly<Record<string, Input<string>>>;
  readonly secret: readonly SecretVariable[];
}

/** Variables that tell nothing an attacker could use (S1-51, S1-53, S1-56). */
export const PLAIN_VARIABLES: ReadonlySet<string> = new Set([
  "PORT",
  "DB_TYPE",
  "DB_SQLITE_PATH",
  "DB_SQLITE_BUSY_TIMEOUT_MS",
  "DB_PG_HOST",
  "DB_PG_PORT",
  "DB_PG_READ_HOST",
  "DB_PG_DATABASE",
  "DB_PG_SSLMODE",
  "DB_PG_POOL_MAX",
  "FILE_STORAGE_TYPE",
  "FILE_STORAGE_LOCAL_PATH",
  "FILE_STORAGE_S3_BUCKET",
  "FILE_STORAGE_S3_REGION",
  "FILE_STORAGE_S3_ENDPOINT",
  "FILE_STORAGE_S3_FORCE_PATH_STYLE",
  "CACHE_TYPE",
  "CACHE_REDIS_HOST",
  "CACHE_REDIS_PORT",
  "CACHE_REDIS_TLS",
]);

/** Secret and key of each variable that has a documented place (S1-52, S1-54, S1-55), and of ours (C-11). */
export const SECRET_KEYS: Readonly<Record<string, { readonly secret: string; readonly key: string }>> = {
  DB_PG_USERNAME: { secret: "db-credentials", key: "username" },
  DB_PG_PASSWORD: { secret: "db-credentials", key: "password" },
  DATABASE_URL: { secret: "db-credentials", key: "url" },
  FILE_STORAGE_S3_ACCESS_KEY: { secret: "s3-credentials", key: "access-key" },
  FILE_STORAGE_S3_SECRET_KEY: { secret: "s3-credentials", key: "secret-key" },
  CACHE_REDIS_USERNAME: { secret: "cache-credentials", key: "username" },
  CACHE_REDIS_PASSWORD: { secret: "cache-credentials", key: "password" },
};

/** Where a variable goes that nobody has declared harmless. */
const OTHER_SECRET = "app-secrets";

/** Parts the contract. A variable that is not known goes to a Secret: what is forgotten here is hidden, not shown. */
export function partEnvironment(variables: Readonly<Record<string, Input<string>>>): Environment {
  const entries = Object.entries(variables);
  return {
    plain: Object.fromEntries(entries.filter(([variable]) => PLAIN_VARIABLES.has(variable))),
    secret: entries
      .filter(([variable]) => !PLAIN_VARIABLES.has(variable))
      .map(([variable, value]) => ({ variable, value, ...placeOf(variable) })),
  };
}

const placeOf = (variable: string): { secret: string; key: string } =>
  (Object.hasOwn(SECRET_KEYS, variable) ? SECRET_KEYS[variable] : undefined) ?? { secret: OTHER_SECRET, key: variable };

/** The Secrets that these variables need: name to key to value. */
export function secretsOf(variables: readonly SecretVariable[]): ReadonlyMap<string, Record<string, Input<string>>> {
  const secrets = new Map<string, Record<string, Input<string>>>();
  for (const { secret, key, value } of variables) secrets.set(secret, { ...secrets.get(secret), [key]: value });
  return secrets;
}
