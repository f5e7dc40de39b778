import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SizeName } from "../../../settings/tiers";
import type { FilesEndpoint } from "../../endpoints";
import { labelsOf } from "../../kubernetes/labels";
import { fromApps, fromNamespace } from "../../kubernetes/networkPolicy";
import { checksumOf, secretData } from "../../kubernetes/secretData";
import { type Transform, transformed } from "../../transform";
import { MINIO_IMAGES } from "./images";
import { type Credentials, KEYS, MINIO_APP, PORT, PORT_NAME, serverPod } from "./minioPods";
import { MinioSetup, SETUP_APP } from "./minioSetup";

const SELECTOR = { app: MINIO_APP } as const;
const LABELS = labelsOf(MINIO_APP);

/** The region that MinIO takes requests to be signed for. */
const REGION = "us-east-1";

/** Name of the application's user on the server: its access key. */
const APP_USER = "aibase";

export interface MinioFilesArgs {
  /** Namespace that takes pods of the level `restricted`. A change makes all of it anew, on a new volume. */
  readonly namespace: pulumi.Input<string>;
  /** Default: `aibase` (S1-64). A change makes another, empty bucket beside the old one. */
  readonly bucket?: string;
  /** Size of the volume in GiB. Made larger in place where the storage class allows it; never smaller. */
  readonly storageGiB: number;
  /** Default: the cluster's default class, which also decides about encryption at rest. A change makes a new, empty volume. */
  readonly storageClass?: string;
  /** Machine size, which decides CPU and memory. */
  readonly size: SizeName;
  /** Days that overwritten and deleted versions of a file are kept. Changed in place. */
  readonly noncurrentDays: number;
  /** Label `app` of the pods that may connect. Default: the application's. */
  readonly clients?: readonly string[];
  /** Namespace of Prometheus, which may read the figures. Default: nobody may. */
  readonly monitoringNamespace?: string;
  /** Default: the last image that MinIO published. A build of the newest source is better (see the class). */
  readonly image?: string;
  /** Image with a shell and MinIO's client `mc`. Default: the last one that MinIO published. */
  readonly clientImage?: string;
  /** Protect the volume from being deleted by the engine. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly statefulSet?: Transform<kubernetes.apps.v1.StatefulSetArgs>;
    readonly volume?: Transform<kubernetes.core.v1.PersistentVolumeClaimArgs>;
    readonly networkPolicy?: Transform<kubernetes.networking.v1.NetworkPolicyArgs>;
  };
}

/**
 * Files of the application on a MinIO server in the cluster (S1-33): one server on one volume, a bucket that keeps versions (S1-84),
 * and a user who holds exactly the four documented actions (S1-80, C-27). It is away while its pod is started anew, and no safer
 * than its volume: take snapshots of that.
 *
 * MinIO stands under the AGPL, and its makers ended it: the last image is of September 2025, the last source of February 2026. The
 * image lacks what the source mended since, as for keys that a user derives from their own (CVE-2025-62506), which nobody here has.
 * Where that will not do, give an image of your own build or a server of another kind: any that speaks S3 serves (ExternalS3Files).
 */
export class MinioFiles extends pulumi.ComponentResource {
  readonly endpoint: Extract<FilesEndpoint, { readonly kind: "s3" }>;
  readonly statefulSetName: pulumi.Output<string>;

  constructor(name: string, args: MinioFilesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { namespace, bucket = "aibase", storageGiB } = args;
    super("scaling-ladder:files:MinioFiles", name, { bucket, storageGiB }, opts);
    const credentials = {
      rootUser: this.makePassword(`${name}-root-user`, 20),
      rootPassword: this.makePassword(`${name}-root`, 40),
      appUser: pulumi.secret(APP_USER),
      appPassword: this.makePassword(`${name}-app`, 40),
    };
    const secret = this.makeSecret(name, args, credentials);

    this.makeNetworkPolicy(name, args);
    const service = this.makeService(name, args);
    const host = pulumi.interpolate`${service.metadata.name}.${namespace}.svc.cluster.local`;
    const statefulSet = this.makeServer(name, args, { service, secret, credentials });
    const setup = new MinioSetup(
      `${name}-setup`,
      { ...args, bucket, host, secretName: secret.metadata.name, credentials },
      { parent: this, dependsOn: [statefulSet] },
    );

    this.statefulSetName = statefulSet.metadata.name;
    this.endpoint = {
      kind: "s3",
      bucket: setup.bucket,
      region: REGION,
      endpoint: pulumi.interpolate`http://${host}:${PORT}`,
      forcePathStyle: true,
      credentials: { accessKey: credentials.appUser, secretKey: credentials.appPassword },
    };
    this.registerOutputs({ bucket: this.endpoint.bucket, statefulSetName: this.statefulSetName });
  }

  private makePassword(name: string, length: number): pulumi.Output<string> {
    // Letters and digits only: they stand in an address.
    const made = new random.RandomPassword(`${name}-password`, { length, special: false }, { parent: this });
    return pulumi.secret(made.result);
  }

  private makeSecret(name: string, { namespace }: MinioFilesArgs, credentials: Credentials) {
    const values = {
      [KEYS.rootUser]: credentials.rootUser,
      [KEYS.rootPassword]: credentials.rootPassword,
      [KEYS.appUser]: credentials.appUser,
      [KEYS.appPassword]: credentials.appPassword,
    };
    return new kubernetes.core.v1.Secret(
      `${name}-credentials`,
      { metadata: { name: "minio-credentials", namespace, labels: LABELS }, type: "Opaque", data: secretData(values) },
      { parent: this },
    );
  }

  /** Clients, the setup and Prometheus come in; the server itself goes nowhere. */
  private makeNetworkPolicy(name: string, args: MinioFilesArgs): void {
    const { namespace, clients = ["aibase"], monitoringNamespace, transform } = args;
    const defaults: kubernetes.networking.v1.NetworkPolicyArgs = {
      metadata: { name: MINIO_APP, namespace, labels: LABELS },
      spec: {
        podSelector: { matchLabels: SELECTOR },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          fromApps([...clients, SETUP_APP], [PORT]),
          ...(monitoringNamespace === undefined ? [] : [fromNamespace(monitoringNamespace, [PORT])]),
        ],
      },
    };
    new kubernetes.networking.v1.NetworkPolicy(`${name}-network`, transformed(defaults, transform?.networkPolicy), {
      parent: this,
    });
  }

  private makeService(name: string, { namespace }: MinioFilesArgs): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        // The StatefulSet names it, so its pods come after it, and nobody may wait for them here.
        metadata: {
          name: "minio",
          namespace,
          labels: LABELS,
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          selector: SELECTOR,
          ports: [{ name: PORT_NAME, port: PORT, targetPort: PORT_NAME, protocol: "TCP" }],
        },
      },
      { parent: this },
    );
  }

  /** A claim of its own and none of the StatefulSet's templates: only such a one is made larger in place. */
  private makeVolume(name: string, args: MinioFilesArgs): kubernetes.core.v1.PersistentVolumeClaim {
    const { namespace, storageGiB, storageClass, deletionProtection, transform } = args;
    const defaults: kubernetes.core.v1.PersistentVolumeClaimArgs = {
      metadata: {
        name: "minio-data",
        namespace,
        labels: LABELS,
        // Many classes make a volume only when a pod asks for it, and the pod comes after this.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: `${storageGiB}Gi` } },
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      },
    };
    return new kubernetes.core.v1.PersistentVolumeClaim(`${name}-volume`, transformed(defaults, transform?.volume), {
      parent: this,
      protect: deletionProtection,
    });
  }

  private makeServer(
    name: string,
    args: MinioFilesArgs,
    { service, secret, credentials }: ServerParts,
  ): kubernetes.apps.v1.StatefulSet {
    const { namespace, size, image = MINIO_IMAGES.server, transform } = args;
    const defaults: kubernetes.apps.v1.StatefulSetArgs = {
      metadata: { name: MINIO_APP, namespace, labels: LABELS },
      spec: {
        replicas: 1,
        serviceName: service.metadata.name,
        selector: { matchLabels: SELECTOR },
        template: serverPod({
          image,
          size,
          labels: LABELS,
          claim: this.makeVolume(name, args).metadata.name,
          secret: secret.metadata.name,
          checksum: checksumOf([credentials.rootUser, credentials.rootPassword]),
        }),
      },
    };
    return new kubernetes.apps.v1.StatefulSet(`${name}-server`, transformed(defaults, transform?.statefulSet), {
      parent: this,
    });
  }
}

interface ServerParts {
  readonly service: kubernetes.core.v1.Service;
  readonly secret: kubernetes.core.v1.Secret;
  readonly credentials: Credentials;
}
