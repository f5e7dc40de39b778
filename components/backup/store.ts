import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { JobIdentity } from "../cluster/jobPrincipal";
import type { FilesEndpoint } from "../endpoints";
import { egressTo, toApps } from "../kubernetes/networkPolicy";
import { type EnvVar, plain, secret } from "./environment";
import { SCRIPTS_FOLDER } from "./scripts";

/** A bucket that is there, of AWS or of any server with S3's interface. Default of `credentials`: the pod's own identity. */
export type S3Store = Extract<FilesEndpoint, { kind: "s3" }>;

/** The bucket of AWS that DumpJobs has made. */
export interface MadeBucket {
  readonly kind: "aws";
  readonly bucket: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
  /** The key that encrypts it. */
  readonly keyArn: pulumi.Input<string>;
  readonly region: string;
  /** The pods' own identity on an EKS cluster. Default: keys of an IAM user. */
  readonly identity?: JobIdentity;
}

/** Where the pods of a job find a bucket. */
export interface PodStore {
  readonly bucket: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  readonly endpoint?: pulumi.Input<string> | undefined;
  readonly forcePathStyle?: boolean | undefined;
  /** Secret with `access-key` and `secret-key`. Default: none, where the pods have an identity. */
  readonly secretName?: pulumi.Input<string> | undefined;
}

/** Key of the ConfigMap of scripts under which the AWS command line finds its configuration. */
const CONFIG = "aws-config";

/** What the AWS command line has no variable for: with another endpoint it takes the path style unless it is told otherwise. */
export const storeConfig = ({ endpoint, forcePathStyle }: PodStore): Record<string, string> =>
  endpoint !== undefined && forcePathStyle === false
    ? { [CONFIG]: "[default]\ns3 =\n  addressing_style = virtual\n" }
    : {};

/** The environment of the AWS command line. */
export const storeEnvironment = (store: PodStore): EnvVar[] => [
  ...plain({
    DUMP_BUCKET: store.bucket,
    AWS_REGION: store.region,
    AWS_EC2_METADATA_DISABLED: "true",
    ...(store.endpoint === undefined ? {} : { AWS_ENDPOINT_URL_S3: store.endpoint }),
    ...(CONFIG in storeConfig(store) ? { AWS_CONFIG_FILE: `${SCRIPTS_FOLDER}/${CONFIG}` } : {}),
  }),
  ...(store.secretName === undefined
    ? []
    : [
        secret("AWS_ACCESS_KEY_ID", store.secretName, "access-key"),
        secret("AWS_SECRET_ACCESS_KEY", store.secretName, "secret-key"),
      ]),
];

/** A server that a pod goes to. */
export interface Destination {
  /** TCP port. Default: that of HTTPS. */
  readonly port?: pulumi.Input<number>;
  /** Label `app` of its pods, where it stands in the same namespace. Default: it stands outside of the cluster. */
  readonly app?: string | undefined;
}

const HTTPS = 443;

export const storeDestination = ({ endpoint }: PodStore, app?: string): Destination => ({
  ...(endpoint === undefined ? {} : { port: pulumi.output(endpoint).apply(portOf) }),
  app,
});

function portOf(endpoint: string): number {
  const { port, protocol } = new URL(endpoint);
  return port === "" ? (protocol === "http:" ? 80 : HTTPS) : Number(port);
}

/** Ways out to these servers and nowhere else: to pods by their label, to what is outside by port. */
export function waysTo(destinations: readonly Destination[]): types.input.networking.v1.NetworkPolicyEgressRule[] {
  const outside = destinations.filter(({ app }) => app === undefined);
  const ports = outside.flatMap(({ port }) => (port === undefined ? [] : [port]));
  return [
    ...destinations.flatMap(({ app, port = HTTPS }) => (app === undefined ? [] : [toApps([app], [port])])),
    ...(outside.length === 0 ? [] : egressTo(ports)),
  ];
}
