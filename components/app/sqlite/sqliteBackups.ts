import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SqliteCatalogueName } from "../../../settings";
import { cronJobName, DUMP_KINDS, type DumpKind } from "../../backup/dumpSchedule";
import { AWS_IMAGE } from "../../backup/jobPod";
import { storeConfig } from "../../backup/store";
import { labelsOf } from "../../kubernetes/labels";
import { type Transform, transformed } from "../../transform";
import { type BackupPodArgs, backupSpec, type Copied } from "./backupPod";
import { scriptOf } from "./scripts";
import { placeIn, podStore, type SqliteStore, storeEgress } from "./store";
import type { Volume, Volumes } from "./volumes";

const SCRIPTS = ["copy.sh", "files.sh", "upload.sh"] as const;

export interface SqliteBackupsArgs {
  /** Namespace of the application. A change makes all jobs anew. */
  readonly namespace: pulumi.Input<string>;
  readonly database: SqliteCatalogueName;
  readonly busyTimeoutMs: number;
  readonly volumes: Volumes;
  /** Class of the volumes that copies are made on. Default: the cluster's own. */
  readonly storageClass?: string | undefined;
  readonly store: SqliteStore;
  readonly serviceAccountName: pulumi.Input<string>;
  /** Image with sqlite3 of 3.51.3 or newer, a shell, gzip and tar. */
  readonly sqliteImage: string;
  /** Image with the AWS command line. Default: the one that AWS publishes, of an exact version. */
  readonly uploaderImage?: string | undefined;
  readonly transform?: Transform<kubernetes.batch.v1.CronJobArgs> | undefined;
}

/**
 * Copies of the open database, daily, weekly and monthly, and of the application's files, daily (S0-08, S0-09, S1-84, C-39), in
 * the bucket as `daily/<database>_YYYYMMDD.db.gz` and `daily/<database>_files_YYYYMMDD.tar.gz`. They come on top of the replica:
 * a copy can be read without Litestream. How long they are kept is the bucket's own lifecycle.
 */
export class SqliteBackups extends pulumi.ComponentResource {
  constructor(name: string, args: SqliteBackupsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { database, volumes } = args;
    super("scaling-ladder:backup:SqliteBackups", name, { database }, opts);

    const scripts = this.makeScripts(name, args).metadata.name;
    this.makeNetworkPolicy(name, args);
    for (const kind of DUMP_KINDS) this.makeJob(name, args, "database", kind, volumes.database, scripts);
    this.makeJob(name, args, "files", "daily", volumes.files, scripts);
    this.registerOutputs();
  }

  private makeScripts(name: string, { namespace, store }: SqliteBackupsArgs): kubernetes.core.v1.ConfigMap {
    return new kubernetes.core.v1.ConfigMap(
      `${name}-scripts`,
      {
        metadata: { name: "database-dump-scripts", namespace, labels: LABELS },
        data: { ...Object.fromEntries(SCRIPTS.map((file) => [file, scriptOf(file)])), ...storeConfig(podStore(store)) },
      },
      { parent: this },
    );
  }

  /** Nobody reaches a copy; it reaches the bucket. */
  private makeNetworkPolicy(name: string, { namespace, store }: SqliteBackupsArgs): void {
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-network`,
      {
        metadata: { name: LABELS.app, namespace, labels: LABELS },
        spec: {
          podSelector: { matchLabels: { app: LABELS.app } },
          policyTypes: ["Ingress", "Egress"],
          egress: storeEgress(store),
        },
      },
      { parent: this },
    );
  }

  private makeJob(
    name: string,
    args: SqliteBackupsArgs,
    copied: Copied,
    kind: DumpKind,
    volume: Volume,
    scripts: pulumi.Output<string>,
  ): void {
    const { namespace, database, busyTimeoutMs, storageClass, store, serviceAccountName, sqliteImage } = args;
    const job = cronJobName("dump", kind, copied === "database" ? database : `${database}-files`);
    const spec: BackupPodArgs = {
      copied,
      kind,
      database,
      busyTimeoutMs,
      claim: volume.claim,
      volumeGiB: volume.sizeGiB,
      storageClass,
      store: podStore(store),
      prefix: placeIn(store, ""),
      sqliteImage,
      uploaderImage: args.uploaderImage ?? AWS_IMAGE,
      serviceAccountName,
      scripts,
      labels: LABELS,
    };
    const defaults: kubernetes.batch.v1.CronJobArgs = {
      metadata: { name: job, namespace, labels: LABELS },
      spec: backupSpec(spec),
    };
    new kubernetes.batch.v1.CronJob(`${name}-${job}`, transformed(defaults, args.transform), { parent: this });
  }
}

const LABELS = labelsOf("database-dump");
