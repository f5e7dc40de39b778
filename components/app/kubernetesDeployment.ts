import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { SizeName } from "../../settings/tiers";
import { labelsOf } from "../kubernetes/labels";
import { CONTAINER_SECURITY, POD_SECURITY } from "../kubernetes/pod";
import type { Environment } from "./environment";

/** The label that the documents' Service selects by and their Deployment lacks (S1-58, C-31). */
export const SELECTOR = { app: "aibase" } as const;

export const LABELS = labelsOf("aibase");

/** Name of the container's port, for probes and Service. */
export const PORT_NAME = "http";

/** Seconds that a pod goes on serving after it is told to end, until load balancers send it nothing more. */
const DRAIN_SECONDS = 15;
/** Seconds until a pod that was told to end is killed: the drain, and time for open connections to be closed. */
export const GRACE_SECONDS = 60;

/**
 * Requests of one pod by machine size; ours, as no document states them. The memory limit equals the request, so that a pod is
 * never killed for what another one takes; CPU may go to twice the request.
 */
export const POD_RESOURCES: Readonly<Record<SizeName, { readonly cpu: number; readonly memoryMiB: number }>> = {
  development: { cpu: 250, memoryMiB: 512 },
  production: { cpu: 500, memoryMiB: 1024 },
  "high-load": { cpu: 1000, memoryMiB: 2048 },
};

export interface PodArgs {
  readonly image: string;
  readonly port: number;
  readonly size: SizeName;
  readonly serviceAccountName: Input<string>;
  readonly environment: Environment;
  /** What is mounted beside `/tmp`. Default: nothing. */
  readonly volumeMounts?: readonly types.input.core.v1.VolumeMount[];
  /** Changes with the secrets; pods are made anew when it does. */
  readonly checksum: Input<string>;
}

/** Requests and limits of one pod. */
export function resourcesOf(size: SizeName): types.input.core.v1.ResourceRequirements {
  const { cpu, memoryMiB } = POD_RESOURCES[size];
  const memory = `${memoryMiB}Mi`;
  return {
    requests: { cpu: `${cpu}m`, memory, "ephemeral-storage": "1Gi" },
    limits: { cpu: `${2 * cpu}m`, memory, "ephemeral-storage": "2Gi" },
  };
}

/** The environment of the container: plain values, and references to keys of Secrets. */
export const variablesOf = ({ plain, secret }: Environment): types.input.core.v1.EnvVar[] => [
  ...Object.entries(plain).map(([name, value]) => ({ name, value })),
  ...secret.map(({ variable, secret: name, key }) => ({
    name: variable,
    valueFrom: { secretKeyRef: { name, key } },
  })),
];

/** The specification of the application's Deployment (S1-48 to S1-58, C-31). */
export const deploymentSpec = (replicas: number, pod: PodArgs): types.input.apps.v1.DeploymentSpec => ({
  replicas,
  revisionHistoryLimit: 5,
  progressDeadlineSeconds: 600,
  selector: { matchLabels: SELECTOR },
  // A new pod is ready before an old one goes: nobody is turned away.
  strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
  template: {
    metadata: podMetadata(pod),
    spec: {
      ...podBasics(pod),
      terminationGracePeriodSeconds: GRACE_SECONDS,
      topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(spreadOver),
      containers: [container(pod)],
      volumes: [TMP],
    },
  },
});

/** Labels of the application's pods, and what makes them anew. */
export const podMetadata = ({ checksum }: PodArgs) => ({
  labels: LABELS,
  annotations: { "scaling-ladder/secrets": checksum },
});

/** What every pod of the application has, whatever its workload is. */
export const podBasics = ({ serviceAccountName }: PodArgs) => ({
  serviceAccountName,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: POD_SECURITY,
});

/** The volume of `/tmp`. */
export const TMP = { name: "tmp", emptyDir: { sizeLimit: "1Gi" } } as const;

/** Preferred, not demanded: a cluster of one zone or one node runs it too. */
const spreadOver = (topologyKey: string): types.input.core.v1.TopologySpreadConstraint => ({
  topologyKey,
  maxSkew: 1,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: SELECTOR },
  // Counts the pods of this version only, so that a rolling update ends as even as it began.
  matchLabelKeys: ["pod-template-hash"],
});

/** The application's container. */
export const container = (pod: PodArgs): types.input.core.v1.Container => ({
  name: "aibase",
  image: pod.image,
  ports: [{ name: PORT_NAME, containerPort: pod.port, protocol: "TCP" }],
  env: variablesOf(pod.environment),
  resources: resourcesOf(pod.size),
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [{ name: TMP.name, mountPath: "/tmp" }, ...(pod.volumeMounts ?? [])],
  // The documents name the port and no path (S1-50): what listens there is taken to be well.
  startupProbe: { tcpSocket: { port: PORT_NAME }, periodSeconds: 5, failureThreshold: 36 },
  readinessProbe: { tcpSocket: { port: PORT_NAME }, periodSeconds: 5, failureThreshold: 3 },
  livenessProbe: { tcpSocket: { port: PORT_NAME }, periodSeconds: 10, failureThreshold: 6 },
  lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
});
