import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../../kubernetes/labels";
import { toApps } from "../../kubernetes/networkPolicy";
import { checksumOf } from "../../kubernetes/secretData";
import { appPolicy } from "../s3Policies";
import { MINIO_IMAGES } from "./images";
import { type Credentials, MINIO_APP, PORT, setupPod } from "./minioPods";

/** Value of the pod's label `app`. */
export const SETUP_APP = "minio-setup";

const LABELS = labelsOf(SETUP_APP);

export interface MinioSetupArgs {
  readonly namespace: pulumi.Input<string>;
  readonly bucket: string;
  /** Host of the server. */
  readonly host: pulumi.Input<string>;
  /** Days that overwritten and deleted versions of a file are kept. */
  readonly noncurrentDays: number;
  /** Image with a shell and MinIO's client `mc`. Default: the last one that MinIO published. */
  readonly clientImage?: string;
  /** Secret with the credentials. */
  readonly secretName: pulumi.Input<string>;
  readonly credentials: Credentials;
}

/**
 * The bucket with its versions and rules, and the application's user with exactly the four documented actions (S1-80), made by a Job
 * in the cluster. It runs once, and again whenever something of it changes: it sets right what is there, and deletes nothing.
 */
export class MinioSetup extends pulumi.ComponentResource {
  /** Known once the bucket is there, so that what uses it comes after it. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: MinioSetupArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:files:MinioSetup", name, { bucket: args.bucket }, opts);

    this.makeNetworkPolicy(name, args);
    const job = this.makeJob(name, args);

    this.bucket = job.metadata.name.apply(() => args.bucket);
    this.registerOutputs({ bucket: this.bucket });
  }

  /** Nobody reaches it; it reaches the server. */
  private makeNetworkPolicy(name: string, { namespace }: MinioSetupArgs): void {
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-network`,
      {
        metadata: { name: SETUP_APP, namespace, labels: LABELS },
        spec: {
          podSelector: { matchLabels: { app: SETUP_APP } },
          policyTypes: ["Ingress", "Egress"],
          egress: [toApps([MINIO_APP], [PORT])],
        },
      },
      { parent: this },
    );
  }

  private makeJob(name: string, args: MinioSetupArgs): kubernetes.batch.v1.Job {
    const { namespace, bucket, host, noncurrentDays, clientImage, secretName, credentials } = args;
    const files = {
      "setup.sh": readFileSync(join(__dirname, "setup.sh"), "utf8"),
      "policy.json": appPolicy(`arn:aws:s3:::${bucket}`),
      "lifecycle.json": lifecycle(noncurrentDays),
    };
    const configMap = new kubernetes.core.v1.ConfigMap(
      `${name}-files`,
      { metadata: { name: SETUP_APP, namespace, labels: LABELS }, data: files },
      { parent: this },
    );
    const template = setupPod({
      image: clientImage ?? MINIO_IMAGES.client,
      bucket,
      host,
      labels: LABELS,
      configMap: configMap.metadata.name,
      secret: secretName,
      checksum: checksumOf([...Object.values(files), ...Object.values(credentials)]),
    });
    return new kubernetes.batch.v1.Job(
      `${name}-job`,
      {
        metadata: { name: SETUP_APP, namespace, labels: LABELS },
        spec: { backoffLimit: 4, activeDeadlineSeconds: 900, template },
      },
      { parent: this, deleteBeforeReplace: true, customTimeouts: { create: "20m" } },
    );
  }
}

/** Rules of the bucket. MinIO itself throws away uploads that were never finished, after a day. */
export const lifecycle = (noncurrentDays: number): string =>
  JSON.stringify({
    Rules: [
      {
        ID: "old-versions",
        Status: "Enabled",
        NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
    ],
  });
