import { output } from "@pulumi/pulumi";
import type { Tuning } from "../components/database/parameters";
import type { PostgresqlEndpoint } from "../components/endpoints";
import type { CatalogueName } from "../settings/fields";
import { serverSettings, settingArguments } from "./parameters";
import { mounted, scriptFiles } from "./scripts";
import {
  contained,
  HELPER_MIB,
  healthcheck,
  localPort,
  type Part,
  reference,
  type Service,
  type Variable,
} from "./service";

export interface PostgresArgs {
  /** Database of the application. */
  readonly name: CatalogueName;
  /** All logical databases, that one among them. */
  readonly catalogue: readonly CatalogueName[];
  readonly version: 15 | 16;
  readonly tuning: Tuning;
  /** Streaming replicas, on the ports after the primary's. */
  readonly replicas: number;
  /** Clients in the pool of the application. */
  readonly poolMax: number;
  /** Of each server. */
  readonly memoryMiB: number;
  readonly vcpus: number;
  /** Disk of the server, of which the WAL that replicas have not read may take a part. */
  readonly storageGiB: number;
}

/** Superuser, which only the preparation uses; the documents have it in Compose only (S0-16, C-09). */
export const ADMIN = "admin";
const PORT = 5432;
const DATA = "/var/lib/postgresql/data";
/** Both replicas answer to it: Docker tells their addresses in turn. */
const READER = "postgres-replicas";
const HBA = "pg_hba.conf";
const INIT_SCRIPTS = [
  "postgres-init.sh",
  "postgres-database.sql",
  "postgres-replicator.sql",
  "postgres-slots.sql",
] as const;

/** Service, slot and volume of the n-th replica, from 1 (S4-12, S4-13). */
const replica = (n: number) => ({
  service: `postgres-replica-${n}`,
  slot: `replica_${n}`,
  volume: `postgres_replica_${n}`,
  port: PORT + n,
});

const replicasOf = ({ replicas }: PostgresArgs) => Array.from({ length: replicas }, (_, index) => replica(index + 1));

/** The variable with the password of a database's role: the application's own has the documented name. */
const passwordOf = ({ name }: PostgresArgs, database: CatalogueName): Variable => ({
  name: database === name ? "DB_PASSWORD" : `DB_PASSWORD_${database.toUpperCase()}`,
  purpose: `password of role ${database}, which owns database ${database}`,
  value: "generated",
});

const ADMIN_PASSWORD: Variable = {
  name: "DB_ADMIN_PASSWORD",
  purpose: `password of PostgreSQL's superuser ${ADMIN}; it is set when the volume is made, and later with ALTER ROLE`,
  value: "generated",
};
const REPLICATION_PASSWORD: Variable = {
  name: "DB_REPLICATION_PASSWORD",
  purpose: "password of role replicator, with which replicas copy",
  value: "generated",
};

/** PostgreSQL: a primary, its preparation, and replicas when asked (S1-66, S3-07, S4-11 to S4-13, made right by C-30). */
export function postgres(args: PostgresArgs): Part {
  const replicas = replicasOf(args);
  return {
    services: {
      postgres: primary(args),
      "postgres-init": preparation(args),
      ...Object.fromEntries(replicas.map((each) => [each.service, follower(args, each)])),
    },
    volumes: ["postgres_data", ...replicas.map(({ volume }) => volume)],
    files: scriptFiles(HBA, ...INIT_SCRIPTS, ...(replicas.length > 0 ? ["postgres-replica.sh"] : [])),
    variables: [
      ...args.catalogue.map((database) => passwordOf(args, database)),
      ADMIN_PASSWORD,
      ...(replicas.length > 0 ? [REPLICATION_PASSWORD] : []),
    ],
  };
}

/** How the application reaches it. */
export const postgresEndpoint = (args: PostgresArgs): PostgresqlEndpoint => ({
  kind: "postgresql",
  host: output("postgres"),
  port: PORT,
  ...(args.replicas > 0 ? { readerHost: output(READER) } : {}),
  name: args.name,
  username: output(args.name),
  password: output(reference("DB_PASSWORD")),
  poolMax: args.poolMax,
});

/** The command line of a server, the primary's and the replicas' alike: a replica must not have fewer connections (C-33). */
export const serverCommand = ({ tuning, vcpus, memoryMiB, storageGiB }: PostgresArgs): string[] => [
  "postgres",
  ...settingArguments(serverSettings({ tuning, machine: { vcpus, memoryGiB: memoryMiB / 1024 }, storageGiB })),
];

const image = ({ version }: PostgresArgs): string => `postgres:${version}-alpine`;

const server = (args: PostgresArgs) =>
  ({
    image: image(args),
    user: "postgres",
    restart: "unless-stopped",
    stop_grace_period: "90s",
    // Parallel workers share memory there; Docker's own 64 MB are soon too few.
    shm_size: `${Math.floor(args.memoryMiB / 4)}m`,
    ...contained(args.memoryMiB, "data"),
    tmpfs: ["/tmp", "/var/run/postgresql"],
  }) as const;

const primary = (args: PostgresArgs): Service => ({
  ...server(args),
  command: serverCommand(args),
  environment: {
    POSTGRES_DB: args.name,
    POSTGRES_USER: ADMIN,
    POSTGRES_PASSWORD: reference(ADMIN_PASSWORD.name),
    POSTGRES_INITDB_ARGS: "--encoding=UTF-8 --lc-collate=C --lc-ctype=C --data-checksums",
  },
  // By its address: while the volume is made, a server answers on the socket that is not the one that will serve.
  healthcheck: healthcheck(["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-U", ADMIN, "-d", args.name]),
  ports: [localPort(PORT, PORT)],
  volumes: [`postgres_data:${DATA}`, mounted(HBA, `/etc/postgresql/${HBA}`)],
  networks: { default: { aliases: ["postgres-master"] } },
});

const preparation = (args: PostgresArgs): Service => ({
  image: image(args),
  user: "postgres",
  restart: "no",
  ...contained(HELPER_MIB, "helper"),
  entrypoint: ["sh", `/scripts/${INIT_SCRIPTS[0]}`],
  environment: {
    PGHOST: "postgres",
    PGPORT: String(PORT),
    PGUSER: ADMIN,
    PGPASSWORD: reference(ADMIN_PASSWORD.name),
    PGDATABASE: "postgres",
    DATABASES: args.catalogue.join(" "),
    ...Object.fromEntries(
      args.catalogue.map((database) => [`DB_PASSWORD_${database}`, reference(passwordOf(args, database).name)]),
    ),
    REPLICAS: replicasOf(args)
      .map(({ slot }) => slot)
      .join(" "),
    ...(args.replicas > 0 ? { DB_REPLICATION_PASSWORD: reference(REPLICATION_PASSWORD.name) } : {}),
  },
  depends_on: { postgres: { condition: "service_healthy" } },
  volumes: INIT_SCRIPTS.map((name) => mounted(name)),
});

const follower = (args: PostgresArgs, { slot, volume, port }: ReturnType<typeof replica>): Service => ({
  ...server(args),
  entrypoint: ["sh", "/scripts/postgres-replica.sh"],
  command: [...serverCommand(args), "-c", "hot_standby=on"],
  environment: {
    PGDATA: `${DATA}/pgdata`,
    REPLICA_NAME: slot,
    PRIMARY_HOST: "postgres",
    PRIMARY_PORT: String(PORT),
    DB_REPLICATION_PASSWORD: reference(REPLICATION_PASSWORD.name),
  },
  depends_on: {
    postgres: { condition: "service_healthy" },
    "postgres-init": { condition: "service_completed_successfully" },
  },
  // The copy of a large database takes its time; until it is there, nobody waits for it.
  healthcheck: { ...healthcheck(["CMD", "pg_isready", "-q", "-h", "127.0.0.1"]), start_period: "3600s" },
  ports: [localPort(port, PORT)],
  volumes: [`${volume}:${DATA}`, mounted(HBA, `/etc/postgresql/${HBA}`), mounted("postgres-replica.sh")],
  networks: { default: { aliases: [READER] } },
});
