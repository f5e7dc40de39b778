import type { Input } from "@pulumi/pulumi";
import { BACKUP_WINDOW } from "../restore";

/** Where a cluster's base backups and WAL go: an S3 bucket, by the Barman Cloud plugin of CloudNativePG. */

/** Name under which the plugin makes itself known to the operator. */
export const PLUGIN = "barman-cloud.cloudnative-pg.io";

export interface BackupStore {
  /** Name of the bucket, which is there. Its lock, its versions and its lifecycle are its owner's. */
  readonly bucket: Input<string>;
  /**
   * Folder in the bucket, without slashes at its ends. The same for all stacks: each archives in it under a name of its own, by which
   * another one finds it for a restore. Default: DEFAULT_PATH.
   */
  readonly path?: string;
  readonly region: Input<string>;
  /** Address of an S3-compatible server outside of the cluster. Default: AWS. */
  readonly endpoint?: Input<string>;
  /** Default: the identity of the pods, whose service account has the cluster's name. */
  readonly credentials?: { readonly accessKey: Input<string>; readonly secretKey: Input<string> };
  /** Encryption asked for with each object. Default: the bucket's own, which on AWS always is some. */
  readonly encryption?: "AES256" | "aws:kms";
}

/** Folder of the backups where a store names none. */
export const DEFAULT_PATH = "postgres";

/** Keys of the Secret with the credentials of a store. */
export const STORE_KEYS = { accessKey: "access-key", secretKey: "secret-key", region: "region" } as const;

/**
 * What the plugin's container beside each instance may take. Compressing is what it works on; a larger database takes longer and
 * not more. With equal requests and limits in all its containers a pod is the last to be put out of a machine.
 */
const SIDECAR = { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" } as const;

export interface ObjectStoreParts {
  readonly store: BackupStore;
  /** Secret with STORE_KEYS; none where the pods have an identity. */
  readonly secretName: Input<string> | undefined;
  /** Days that a moment can be restored. Absent for a store that is only read. */
  readonly retentionDays?: number | undefined;
}

/** The specification of an ObjectStore (barmancloud.cnpg.io/v1). */
export const objectStoreSpec = (
  { store, secretName, retentionDays }: ObjectStoreParts,
  destinationPath: Input<string>,
) => ({
  ...(retentionDays === undefined ? {} : { retentionPolicy: `${retentionDays}d` }),
  configuration: {
    destinationPath,
    ...(store.endpoint === undefined ? {} : { endpointURL: store.endpoint }),
    s3Credentials: credentialsOf(secretName),
    wal: { compression: "gzip", maxParallel: 4, ...encryptionOf(store) },
    data: { compression: "gzip", jobs: 2, ...encryptionOf(store) },
  },
  instanceSidecarConfiguration: {
    resources: { requests: SIDECAR, limits: SIDECAR },
    // Other servers than AWS do not all know the checksums that its client adds (plugin-barman-cloud, issue 393).
    ...(store.endpoint === undefined ? {} : { env: CHECKSUMS_WHEN_REQUIRED }),
  },
});

const CHECKSUMS_WHEN_REQUIRED = ["AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION"].map(
  (name) => ({
    name,
    value: "when_required",
  }),
);

const encryptionOf = ({ encryption }: BackupStore) => (encryption === undefined ? {} : { encryption });

const credentialsOf = (name: Input<string> | undefined) =>
  name === undefined
    ? { inheritFromIAMRole: true }
    : {
        accessKeyId: { name, key: STORE_KEYS.accessKey },
        secretAccessKey: { name, key: STORE_KEYS.secretKey },
        region: { name, key: STORE_KEYS.region },
      };

/** The plugin as a Cluster names it: for archiving, or for the source of a restore. */
export const pluginOf = (barmanObjectName: Input<string>, serverName: string) => ({
  name: PLUGIN,
  parameters: { barmanObjectName, serverName },
});

const [hour = 0, minute = 0] = BACKUP_WINDOW.split("-")[0]?.split(":").map(Number) ?? [];

/** When the daily base backup begins: second, minute, hour, day, month and day of the week, in UTC. */
export const BACKUP_SCHEDULE = `0 ${minute} ${hour} * * *`;

/** The specification of the ScheduledBackup (postgresql.cnpg.io/v1). The first one is made at once: without it no WAL can be used. */
export const scheduledBackupSpec = (cluster: Input<string>) => ({
  schedule: BACKUP_SCHEDULE,
  immediate: true,
  backupOwnerReference: "self",
  cluster: { name: cluster },
  method: "plugin",
  pluginConfiguration: { name: PLUGIN },
});
