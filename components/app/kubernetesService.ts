import type { types } from "@pulumi/kubernetes";
import type { CacheEndpoint, DatabaseEndpoint } from "../endpoints";
import type { ContractParts } from "./contract";
import { PORT_NAME, SELECTOR } from "./kubernetesDeployment";

/** Who reaches the application: other pods only, the network of the cluster, or everybody. */
export type Exposure = "cluster" | "internal" | "internet-facing";

/**
 * Seconds without a byte after which a load balancer may cut a connection: an hour, so that a WebSocket outlives a pause. A
 * network load balancer's own default is 350; it takes 60 to 6000.
 */
export const IDLE_SECONDS = 3600;

/** The names under which the documents' manifest finds database and cache (S1-51, S1-56, S1-59). */
export const DATABASE_ALIAS = "postgres-service";
export const CACHE_ALIAS = "redis-service";

type Postgresql = Extract<DatabaseEndpoint, { kind: "postgresql" }>;
type Redis = Extract<CacheEndpoint, { kind: "redis" | "valkey" }>;

/** The endpoints of an application that may have several replicas (S1-60). */
export interface SharedParts extends ContractParts {
  readonly database: Postgresql;
  readonly files: Extract<ContractParts["files"], { kind: "s3" }>;
  readonly cache: Redis;
}

/**
 * The endpoints as pods name them: by the documented alias, unless the client checks the server's name against its certificate,
 * which knows no alias.
 */
export const aliased = ({ database, files, cache }: SharedParts): SharedParts => ({
  database:
    database.sslmode === "verify-full" ? database : { ...database, host: database.host.apply(() => DATABASE_ALIAS) },
  files,
  cache: cache.tls ? cache : { ...cache, host: cache.host.apply(() => CACHE_ALIAS) },
});

/** The application's Service: port 80 to the container's port (S1-57). */
export const serviceSpec = (exposure: Exposure): types.input.core.v1.ServiceSpec => ({
  type: exposure === "cluster" ? "ClusterIP" : "LoadBalancer",
  selector: SELECTOR,
  ports: [{ name: PORT_NAME, port: 80, targetPort: PORT_NAME, protocol: "TCP" }],
});

/**
 * What a network load balancer of AWS is told; other clusters pass over it. No connection is bound to a pod: sessions live in the
 * cache. EKS Auto Mode says that it may not know every annotation: where it passes over the idle time, 350 seconds stay, and a
 * client that pings more often than that is safe.
 */
export const serviceAnnotations = (exposure: Exposure): Record<string, string> =>
  exposure === "cluster"
    ? {}
    : {
        "service.beta.kubernetes.io/aws-load-balancer-scheme": exposure,
        "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
        "service.beta.kubernetes.io/aws-load-balancer-listener-attributes.TCP-80": `tcp.idle_timeout.seconds=${IDLE_SECONDS}`,
        "service.beta.kubernetes.io/aws-load-balancer-attributes": "load_balancing.cross_zone.enabled=true",
      };
