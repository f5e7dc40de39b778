import { createHash } from "node:crypto";
import { APP_ACCESS, APP_USER } from "../appAccess";
import { maxmemoryMiB } from "./redisEngines";

/** The files of a server of Redis or Valkey. They name no secret but in the two that stand in a Secret. */

/** Where the files stand in the container. */
export const PATHS = {
  configuration: "/etc/redis",
  users: "/etc/redis-users",
  certificate: "/etc/redis-certificate",
  data: "/data",
} as const;

export type RedisPaths = Readonly<Record<keyof typeof PATHS, string>>;

/** Keys of the Secret; what is in `users` are files. */
export const USERS_FILE = "users.acl";
export const REPLICATION_FILE = "replication.conf";

export const METRICS_USER = "metrics";
const REPLICA_USER = "replica";

/** Documented connections from tier smb on (S1-72); more are refused and raise an alert. */
const MAX_CLIENTS = 10_000;

export interface RedisConfigurationArgs {
  /** Memory of the container. */
  readonly memoryMiB: number;
  readonly maxmemoryPolicy: string;
  /** Take encrypted connections only, with `tls.crt`, `tls.key` and `ca.crt` of the certificate's folder. */
  readonly tls: boolean;
  readonly port: number;
  /** Default: where the container has them. */
  readonly paths?: RedisPaths;
}

/** `redis.conf` of every node. */
export const redisConfiguration = ({ memoryMiB, maxmemoryPolicy, tls, port, paths = PATHS }: RedisConfigurationArgs) =>
  [
    ...(tls ? tlsLines(port, paths) : [`port ${port}`]),
    `dir ${paths.data}`,
    `maxclients ${MAX_CLIENTS}`,
    `maxmemory ${maxmemoryMiB(memoryMiB)}mb`,
    `maxmemory-policy ${maxmemoryPolicy}`,
    "# Each write is on the disk within a second.",
    "appendonly yes",
    "appendfsync everysec",
    "# A dump when much was written, and one a day even when nothing was (S1-84).",
    "save 86400 0",
    "save 3600 1 300 100 60 10000",
    "# A full disk stops the dumps, and an alert tells it; a cache goes on being one.",
    "stop-writes-on-bgsave-error no",
    `aclfile ${paths.users}/${USERS_FILE}`,
    `include ${paths.users}/${REPLICATION_FILE}`,
    "",
  ].join("\n");

const tlsLines = (port: number, { certificate }: RedisPaths): string[] => [
  "port 0",
  `tls-port ${port}`,
  `tls-cert-file ${certificate}/tls.crt`,
  `tls-key-file ${certificate}/tls.key`,
  `tls-ca-cert-file ${certificate}/ca.crt`,
  "# Clients show a password, no certificate.",
  "tls-auth-clients no",
  "tls-replication yes",
];

export interface RedisPasswords {
  readonly app: string;
  readonly replica: string;
  readonly metrics: string;
}

/** The access list, with hashes instead of passwords: whoever reads it cannot log in. */
export const userList = ({ app, replica, metrics }: RedisPasswords): string =>
  [
    // Switched off and without a password; nobody may do anything without a name.
    "user default reset",
    `user ${APP_USER} ${hashed(app)} ${APP_ACCESS}`,
    `user ${REPLICA_USER} ${hashed(replica)} on -@all +psync +replconf +ping`,
    `user ${METRICS_USER} ${hashed(metrics)} on -@all +ping +info +client|setname +slowlog|len +slowlog|get +latency|latest +latency|histogram`,
    "",
  ].join("\n");

/** How a replica logs in at the primary; the one place where a server needs a password itself. */
export const replicationFile = ({ replica }: RedisPasswords): string =>
  `masteruser ${REPLICA_USER}\nmasterauth ${replica}\n`;

const hashed = (password: string): string => `#${createHash("sha256").update(password).digest("hex")}`;
