import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { passwordVariable } from "../../schema/job/plan";
import { type EnvVar, plain, secret } from "../backup/environment";
import { CONTAINER_SECURITY, POD_SECURITY } from "../kubernetes/pod";
import {
  CA_FILE,
  CA_FOLDER,
  FETCH_SCRIPT,
  MASTER_FILE,
  MASTER_FOLDER,
  PLAN_FOLDER,
  PROGRAM_FILE,
  PROGRAM_FOLDER,
} from "./names";
import type { SecretKey } from "./server";

/** The pods of migrations and of what runs by the clock. Pure. */

/** Node as its makers publish it, by exact version; the program asks for 20 or newer. */
export const NODE_IMAGE = "node:22.21.1-alpine";

/** Seconds in which a run that was told to end finishes or undoes what it is doing. */
const GRACE_SECONDS = 60;

/** A run ends so when trying again would be refused again: a wrong plan (2), an altered history (4). See ExitCode. */
const FINAL_CODES = [2, 4];

export interface SchemaPod {
  readonly serviceAccountName: Input<string>;
  readonly labels: Record<string, string>;
  /** ConfigMaps of the program, and of the plan with its migrations. */
  readonly programName: Input<string>;
  readonly planName: Input<string>;
  /** File of the plan. */
  readonly planFile: string;
  readonly image: string;
  /** Passwords by role. */
  readonly passwords: readonly { readonly role: string; readonly from: SecretKey }[];
  /** Secret whose key holds the server's authorities. Default: none, or they lie beside the plan. */
  readonly ca?: SecretKey | undefined;
  /** RDS: where the master's secret is, and how it is read. */
  readonly master?: MasterFetch | undefined;
  /** What shows the whole log of this run; its last line names it. */
  readonly logCommand: Input<string>;
}

export interface MasterFetch {
  readonly image: string;
  readonly secretArn: Input<string>;
  readonly region: string;
  /** Secret with `access-key` and `secret-key`. Default: none, where the pods have an identity. */
  readonly keysName?: Input<string> | undefined;
}

type Container = types.input.core.v1.Container;
type Volume = types.input.core.v1.Volume;

/** The template of a Job whose pod runs the program once. */
export const schemaPodTemplate = (pod: SchemaPod): types.input.core.v1.PodTemplateSpec => ({
  metadata: { labels: pod.labels },
  spec: {
    restartPolicy: "Never",
    serviceAccountName: pod.serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: POD_SECURITY,
    ...(pod.master === undefined ? {} : { initContainers: [fetcher(pod.master)] }),
    containers: [program(pod)],
    volumes: volumes(pod),
  },
});

/** A Job that is tried again only where that may help; a pod that lost its machine is not counted. */
export const schemaJobSpec = (
  pod: SchemaPod,
  { retries, longestSeconds }: { readonly retries: number; readonly longestSeconds: number },
): types.input.batch.v1.JobSpec => ({
  backoffLimit: retries,
  activeDeadlineSeconds: longestSeconds,
  podFailurePolicy: {
    rules: [
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      { action: "FailJob", onExitCodes: { containerName: "migrate", operator: "In", values: FINAL_CODES } },
    ],
  },
  template: schemaPodTemplate(pod),
});

const program = (pod: SchemaPod): Container => ({
  name: "migrate",
  image: pod.image,
  command: ["node", `${PROGRAM_FOLDER}/${PROGRAM_FILE}`, `${PLAN_FOLDER}/${pod.planFile}`],
  env: [
    ...plain({ LOG_COMMAND: pod.logCommand }),
    ...pod.passwords.map(({ role, from }) => secret(passwordVariable(role), from.secretName, from.key)),
  ],
  resources: {
    requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "64Mi" },
  },
  securityContext: CONTAINER_SECURITY,
  // Its last lines become the pod's own message, which pulumi up shows when the Job fails.
  terminationMessagePolicy: "FallbackToLogsOnError",
  volumeMounts: [
    { name: "program", mountPath: PROGRAM_FOLDER, readOnly: true },
    { name: "plan", mountPath: PLAN_FOLDER, readOnly: true },
    ...(pod.ca === undefined ? [] : [{ name: "ca", mountPath: CA_FOLDER, readOnly: true }]),
    ...(pod.master === undefined ? [] : [{ name: "master", mountPath: MASTER_FOLDER, readOnly: true }]),
  ],
});

const fetcher = ({ image, secretArn, region, keysName }: MasterFetch): Container => ({
  name: "fetch-master",
  image,
  command: ["bash", `${PROGRAM_FOLDER}/${FETCH_SCRIPT}`],
  env: [
    ...plain({
      HOME: "/tmp",
      SECRET_ARN: secretArn,
      MASTER_FILE: `${MASTER_FOLDER}/${MASTER_FILE}`,
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: "true",
    }),
    ...keys(keysName),
  ],
  resources: {
    requests: { cpu: "100m", memory: "512Mi", "ephemeral-storage": "128Mi" },
    limits: { cpu: "1", memory: "512Mi", "ephemeral-storage": "128Mi" },
  },
  securityContext: CONTAINER_SECURITY,
  terminationMessagePolicy: "FallbackToLogsOnError",
  volumeMounts: [
    { name: "program", mountPath: PROGRAM_FOLDER, readOnly: true },
    { name: "master", mountPath: MASTER_FOLDER },
    { name: "tmp", mountPath: "/tmp" },
  ],
});

const keys = (keysName: Input<string> | undefined): EnvVar[] =>
  keysName === undefined
    ? []
    : [secret("AWS_ACCESS_KEY_ID", keysName, "access-key"), secret("AWS_SECRET_ACCESS_KEY", keysName, "secret-key")];

const volumes = ({ programName, planName, ca, master }: SchemaPod): Volume[] => [
  { name: "program", configMap: { name: programName } },
  { name: "plan", configMap: { name: planName } },
  ...(ca === undefined
    ? []
    : [{ name: "ca", secret: { secretName: ca.secretName, items: [{ key: ca.key, path: CA_FILE }] } }]),
  ...(master === undefined
    ? []
    : [
        // The master's password is on no disk.
        { name: "master", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
        { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
      ]),
];
