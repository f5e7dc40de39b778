import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { CONTAINER_SECURITY, fromSecret, POD_SECURITY, spreadOver } from "../../kubernetes/pod";
import { METRICS_USER, PATHS, REPLICATION_FILE, USERS_FILE } from "./redisConfiguration";
import type { RedisSize } from "./redisEngines";

/** Value of the pods' label `app`. */
export const REDIS_APP = "redis";

export const PORT = 6379;
/** Where the exporter answers Prometheus, path `/metrics`. */
export const METRICS_PORT = 9121;
/** Names of the container's ports, for probes and Services. */
export const PORT_NAME = "redis";
export const METRICS_PORT_NAME = "metrics";
/** Key of the Secret. */
export const METRICS_PASSWORD = "metrics-password";

export interface RedisPodArgs {
  readonly image: string;
  readonly exporterImage: string;
  readonly server: string;
  readonly client: string;
  readonly size: RedisSize;
  readonly labels: Record<string, string>;
  readonly selector: Record<string, string>;
  /** Name of pod 0 among the pods of the headless Service. */
  readonly primary: Input<string>;
  readonly configMap: Input<string>;
  /** Secret with the access list and the passwords. */
  readonly secret: Input<string>;
  /** Secret with the certificate; absent without TLS. */
  readonly certificate?: string | undefined;
  /** Changes with configuration and passwords; pods are made anew when it does. */
  readonly checksum: Input<string>;
}

/** The pods: a server, and an exporter beside it that logs in as a user who may read figures only. */
export const podTemplate = (args: RedisPodArgs): types.input.core.v1.PodTemplateSpec => ({
  metadata: { labels: args.labels, annotations: { "scaling-ladder/configuration": args.checksum } },
  spec: {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // A server that is told to end writes a last dump.
    terminationGracePeriodSeconds: 120,
    securityContext: POD_SECURITY,
    topologySpreadConstraints: spreadOver(args.selector),
    containers: [server(args), exporter(args)],
    volumes: [
      { name: "configuration", configMap: { name: args.configMap } },
      { name: "users", secret: { secretName: args.secret, items: [USERS_FILE, REPLICATION_FILE].map(file) } },
      ...(args.certificate === undefined
        ? []
        : [{ name: "certificate", secret: { secretName: args.certificate, defaultMode: 0o440 } }]),
    ],
  },
});

const file = (key: string) => ({ key, path: key, mode: 0o440 });

function server(args: RedisPodArgs): types.input.core.v1.Container {
  const tls = args.certificate === undefined ? [] : ["--tls", "--cacert", `${PATHS.certificate}/ca.crt`];
  // The password is in the environment (REDISCLI_AUTH), where no list of processes shows it. `-e`: an error is a failure.
  const client = [args.client, "-e", "--user", METRICS_USER, ...tls];
  const memory = `${args.size.memoryMiB}Mi`;
  return {
    name: "redis",
    image: args.image,
    command: [
      "sh",
      `${PATHS.configuration}/start.sh`,
      args.server,
      `${PATHS.configuration}/redis.conf`,
      args.primary,
      String(PORT),
    ],
    ports: [{ name: PORT_NAME, containerPort: PORT, protocol: "TCP" }],
    env: [
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      fromSecret("REDISCLI_AUTH", args.secret, METRICS_PASSWORD),
    ],
    resources: {
      requests: { cpu: `${args.size.cpu}m`, memory, "ephemeral-storage": "64Mi" },
      limits: { cpu: `${2 * args.size.cpu}m`, memory, "ephemeral-storage": "256Mi" },
    },
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      { name: "data", mountPath: PATHS.data },
      { name: "configuration", mountPath: PATHS.configuration, readOnly: true },
      { name: "users", mountPath: PATHS.users, readOnly: true },
      ...(args.certificate === undefined
        ? []
        : [{ name: "certificate", mountPath: PATHS.certificate, readOnly: true }]),
    ],
    // Ten minutes to read what is on the disk.
    startupProbe: {
      exec: { command: [...client, "ping"] },
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 120,
    },
    readinessProbe: {
      exec: { command: ["sh", `${PATHS.configuration}/ready.sh`, ...client] },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    // Not by a question: a copy that reads a new state from the primary answers none, and must not be ended for it.
    livenessProbe: { tcpSocket: { port: PORT_NAME }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

const exporter = (args: RedisPodArgs): types.input.core.v1.Container => ({
  name: "exporter",
  image: args.exporterImage,
  ports: [{ name: METRICS_PORT_NAME, containerPort: METRICS_PORT, protocol: "TCP" }],
  env: [
    ...Object.entries({
      REDIS_ADDR: `${args.certificate === undefined ? "redis" : "rediss"}://localhost:${PORT}`,
      REDIS_USER: METRICS_USER,
      // CONFIG would show the password of the replicas; `-` leaves it out.
      REDIS_EXPORTER_CONFIG_COMMAND: "-",
      // Inside of the pod, where the certificate's name is not the one that is called.
      ...(args.certificate === undefined ? {} : { REDIS_EXPORTER_SKIP_TLS_VERIFICATION: "true" }),
    }).map(([name, value]) => ({ name, value })),
    fromSecret("REDIS_PASSWORD", args.secret, METRICS_PASSWORD),
  ],
  resources: {
    requests: { cpu: "10m", memory: "64Mi", "ephemeral-storage": "16Mi" },
    limits: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" },
  },
  securityContext: CONTAINER_SECURITY,
  readinessProbe: { httpGet: { path: "/health", port: METRICS_PORT_NAME }, periodSeconds: 10 },
  livenessProbe: { httpGet: { path: "/health", port: METRICS_PORT_NAME }, periodSeconds: 30 },
});
