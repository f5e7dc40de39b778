import type { types } from "@pulumi/kubernetes";
import type { Input, Output } from "@pulumi/pulumi";
import type { SizeName } from "../../../settings/tiers";
import { CONTAINER_SECURITY, fromSecret, POD_SECURITY } from "../../kubernetes/pod";

/** Value of the server's label `app`. */
export const MINIO_APP = "minio";

export const PORT = 9000;
/** Name of the container's port, for probes, the Service and Prometheus (path `/minio/v2/metrics/cluster`). */
export const PORT_NAME = "s3";

/** Keys of the Secret. */
export const KEYS = {
  rootUser: "root-user",
  rootPassword: "root-password",
  appUser: "access-key",
  appPassword: "secret-key",
} as const;

/** Names and passwords of root and application. All of them are secret. */
export type Credentials = Readonly<Record<keyof typeof KEYS, Output<string>>>;

/** Where the setup finds its files. */
const SETUP_FOLDER = "/setup";

interface MinioSize {
  /** Thousandths of a CPU that the server asks for; it may use twice as much while that is free. */
  readonly cpu: number;
  /** What it asks for and may use. */
  readonly memoryMiB: number;
}

/** The server by machine size; ours, as no document states it. */
const MINIO_SIZES: Readonly<Record<SizeName, MinioSize>> = {
  development: { cpu: 100, memoryMiB: 512 },
  production: { cpu: 250, memoryMiB: 2048 },
  "high-load": { cpu: 1000, memoryMiB: 4096 },
};

export interface ServerPodArgs {
  readonly image: string;
  readonly size: SizeName;
  readonly labels: Record<string, string>;
  readonly claim: Input<string>;
  readonly secret: Input<string>;
  /** Changes with the root credentials; the pod is made anew when it does. */
  readonly checksum: Input<string>;
}

const plain = (values: Readonly<Record<string, Input<string>>>): types.input.core.v1.EnvVar[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

const common = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: POD_SECURITY,
} as const;

/** The server's pod. */
export function serverPod(args: ServerPodArgs): types.input.core.v1.PodTemplateSpec {
  const { cpu, memoryMiB } = MINIO_SIZES[args.size];
  const probe = (path: string) => ({ httpGet: { path: `/minio/health/${path}`, port: PORT_NAME }, timeoutSeconds: 5 });
  return {
    metadata: { labels: args.labels, annotations: { "scaling-ladder/secrets": args.checksum } },
    spec: {
      ...common,
      terminationGracePeriodSeconds: 60,
      // A volume of many files is not gone through at each start.
      securityContext: { ...POD_SECURITY, fsGroupChangePolicy: "OnRootMismatch" },
      containers: [
        {
          name: "minio",
          image: args.image,
          command: ["minio", "server", "/data", "--address", `:${PORT}`],
          ports: [{ name: PORT_NAME, containerPort: PORT, protocol: "TCP" }],
          env: [
            ...plain({
              HOME: "/tmp",
              // No console: whoever may do something does it with keys of their own.
              MINIO_BROWSER: "off",
              MINIO_UPDATE: "off",
              // Figures only, and the NetworkPolicy names who reaches the port at all.
              MINIO_PROMETHEUS_AUTH_TYPE: "public",
            }),
            fromSecret("MINIO_ROOT_USER", args.secret, KEYS.rootUser),
            fromSecret("MINIO_ROOT_PASSWORD", args.secret, KEYS.rootPassword),
          ],
          resources: {
            requests: { cpu: `${cpu}m`, memory: `${memoryMiB}Mi`, "ephemeral-storage": "64Mi" },
            limits: { cpu: `${2 * cpu}m`, memory: `${memoryMiB}Mi`, "ephemeral-storage": "512Mi" },
          },
          securityContext: CONTAINER_SECURITY,
          volumeMounts: [
            { name: "data", mountPath: "/data" },
            { name: "tmp", mountPath: "/tmp" },
          ],
          startupProbe: { ...probe("live"), periodSeconds: 5, failureThreshold: 60 },
          readinessProbe: { ...probe("ready"), periodSeconds: 10, failureThreshold: 3 },
          livenessProbe: { ...probe("live"), periodSeconds: 30, failureThreshold: 4 },
        },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: args.claim } },
        { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
      ],
    },
  };
}

export interface SetupPodArgs {
  readonly image: string;
  readonly bucket: string;
  /** Host of the server. */
  readonly host: Input<string>;
  readonly labels: Record<string, string>;
  readonly configMap: Input<string>;
  readonly secret: Input<string>;
  /** Changes with the script, its files and the passwords; the Job runs anew when it does. */
  readonly checksum: Input<string>;
}

/** The pod that makes the bucket and the application's user. */
export const setupPod = (args: SetupPodArgs): types.input.core.v1.PodTemplateSpec => ({
  metadata: { labels: args.labels, annotations: { "scaling-ladder/setup": args.checksum } },
  spec: {
    ...common,
    restartPolicy: "Never",
    containers: [
      {
        name: "setup",
        image: args.image,
        command: ["sh", `${SETUP_FOLDER}/setup.sh`],
        env: [
          fromSecret("ROOT_USER", args.secret, KEYS.rootUser),
          fromSecret("ROOT_PASSWORD", args.secret, KEYS.rootPassword),
          fromSecret("APP_USER", args.secret, KEYS.appUser),
          fromSecret("APP_PASSWORD", args.secret, KEYS.appPassword),
          // Kubernetes puts in the values of the variables above; they are letters and digits.
          ...plain({
            SERVER: args.host,
            MC_HOST_minio: `http://$(ROOT_USER):$(ROOT_PASSWORD)@$(SERVER):${PORT}`,
            MC_CONFIG_DIR: "/tmp/mc",
            HOME: "/tmp",
            BUCKET: args.bucket,
            SETUP: SETUP_FOLDER,
          }),
        ],
        resources: {
          requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "16Mi" },
          limits: { cpu: "500m", memory: "128Mi", "ephemeral-storage": "64Mi" },
        },
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [
          { name: "setup", mountPath: SETUP_FOLDER, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "setup", configMap: { name: args.configMap } },
      { name: "tmp", emptyDir: { sizeLimit: "32Mi" } },
    ],
  },
});
