import { output } from "@pulumi/pulumi";
import { APP_ACCESS, APP_USER } from "../components/cache/appAccess";
import { PATHS, redisConfiguration } from "../components/cache/kubernetes/redisConfiguration";
import { ENGINES } from "../components/cache/kubernetes/redisEngines";
import type { CacheEndpoint } from "../components/endpoints";
import { mounted, SCRIPTS, scriptFiles } from "./scripts";
import { contained, healthcheck, type Part, reference, type Variable } from "./service";

export interface RedisArgs {
  readonly engine: keyof typeof ENGINES;
  /** What is forgotten when the memory is full. */
  readonly maxmemoryPolicy: string;
  readonly memoryMiB: number;
}

const PORT = 6379;
const SCRIPT = "redis.sh";
const CONFIGURATION = "redis.conf";
/** Where the script writes what holds the password's hash: in memory. */
const USERS = "/tmp";
/** The service has the documented name, whatever the engine (S1-65). */
const SERVICE = "redis";

const PASSWORD: Variable = { name: "CACHE_REDIS_PASSWORD", purpose: "password of the cache", value: "generated" };

/** Cache and sessions: a user with a password, and a log on a volume that loses a second at most (S1-68). */
export const redis = (args: RedisArgs): Part => ({
  services: {
    [SERVICE]: {
      image: ENGINES[args.engine].image,
      user: args.engine,
      restart: "unless-stopped",
      // A server that is told to end writes a last dump.
      stop_grace_period: "120s",
      ...contained(args.memoryMiB, "data"),
      entrypoint: ["sh", `/${SCRIPTS}/${SCRIPT}`],
      command: [ENGINES[args.engine].server, `/${SCRIPTS}/${CONFIGURATION}`, ...redisUser(USERS)],
      environment: { CACHE_REDIS_PASSWORD: reference(PASSWORD.name) },
      // The client reads the password from its environment, where no list of processes shows it.
      healthcheck: healthcheck([
        "CMD-SHELL",
        `REDISCLI_AUTH="$CACHE_REDIS_PASSWORD" ${ENGINES[args.engine].client} --user ${APP_USER} ping | grep -q PONG`,
      ]),
      volumes: [`redis_data:${PATHS.data}`, mounted(SCRIPT), mounted(CONFIGURATION)],
    },
  },
  volumes: ["redis_data"],
  files: {
    ...scriptFiles(SCRIPT),
    [`${SCRIPTS}/${CONFIGURATION}`]: redisConfiguration({
      ...args,
      tls: false,
      port: PORT,
      paths: { ...PATHS, users: USERS },
    }),
  },
  variables: [PASSWORD],
});

/** What the script is told of the user that it makes: a folder for the access list, and the application's name and rights. */
export const redisUser = (folder: string): string[] => [folder, APP_USER, APP_ACCESS];

/** How the application reaches it. Nothing leaves the machine on the way, so there is no TLS. */
export const redisEndpoint = ({ engine }: RedisArgs): CacheEndpoint => ({
  kind: engine,
  host: output(SERVICE),
  port: PORT,
  tls: false,
  username: output(APP_USER),
  password: output(reference(PASSWORD.name)),
});
