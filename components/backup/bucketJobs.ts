import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../kubernetes/labels";
import { secretData } from "../kubernetes/secretData";
import { type Transform, transformed } from "../transform";
import { DumpAccess } from "./dumpAccess";
import { cronJobName, DUMP_KINDS, type DumpKind } from "./dumpSchedule";
import type { BucketPod } from "./jobPod";
import { type ScriptsOf, scriptsMap } from "./scripts";
import {
  type Destination,
  type MadeBucket,
  type PodStore,
  type S3Store,
  storeConfig,
  storeDestination,
  waysTo,
} from "./store";

export interface BucketJobsArgs {
  /** Service account, NetworkPolicy and label `app` of the pods. */
  readonly app: string;
  readonly work: ScriptsOf;
  readonly namespace: pulumi.Input<string>;
  readonly store: MadeBucket | S3Store;
  /** What they may in a bucket of AWS. */
  readonly rights: "write" | "read";
  /** Label `app` of the store's pods in the same namespace. Default: it stands outside of the cluster. */
  readonly storeApp?: string | undefined;
  /** Where the pods go besides the store. */
  readonly destinations?: readonly Destination[];
  /** Further files beside the scripts. */
  readonly files?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What jobs stand on that carry dumps from or to a bucket: an account, a way there and nowhere else, keys and scripts. */
export class BucketJobs {
  readonly pod: BucketPod;
  private readonly first: readonly pulumi.Resource[];

  /** Children of `parent`, their names beginning with `name`. */
  constructor(
    private readonly name: string,
    private readonly args: BucketJobsArgs,
    private readonly parent: pulumi.Resource,
  ) {
    const labels = labelsOf(args.app);
    const serviceAccountName = this.makeServiceAccount(labels);
    const access = this.makeAccess(serviceAccountName);
    // A pod asks for its identity once, so the association comes first.
    this.first = access === undefined ? [] : [access];
    const keys = args.store.kind === "aws" ? access?.keys : args.store.credentials;
    const store = podStore(args.store, keys === undefined ? undefined : this.makeKeys(labels, keys));
    this.makeNetworkPolicy(labels, store);
    const scriptsName = this.makeScripts(labels, store);
    this.pod = { serviceAccountName, scriptsName, store, labels };
  }

  /** Three CronJobs for each database: one for each kind of dump. */
  makeJobs<Database extends string>(
    catalogue: readonly Database[],
    spec: (database: Database, kind: DumpKind) => kubernetes.types.input.batch.v1.CronJobSpec,
    transform: Transform<kubernetes.batch.v1.CronJobArgs> | undefined,
  ): void {
    const { name, parent, first } = this;
    const { namespace, work } = this.args;
    for (const database of catalogue)
      for (const kind of DUMP_KINDS) {
        const job = cronJobName(work, kind, database);
        const defaults: kubernetes.batch.v1.CronJobArgs = {
          metadata: { name: job, namespace, labels: this.pod.labels },
          spec: spec(database, kind),
        };
        new kubernetes.batch.v1.CronJob(`${name}-${job}`, transformed(defaults, transform), {
          parent,
          dependsOn: [...first],
        });
      }
  }

  private makeServiceAccount(labels: Record<string, string>): pulumi.Output<string> {
    const { app, namespace } = this.args;
    return new kubernetes.core.v1.ServiceAccount(
      `${this.name}-account`,
      { metadata: { name: app, namespace, labels }, automountServiceAccountToken: false },
      { parent: this.parent },
    ).metadata.name;
  }

  private makeAccess(serviceAccount: pulumi.Input<string>): DumpAccess | undefined {
    const { store, rights, namespace } = this.args;
    if (store.kind === "s3") return undefined;
    const { arn: bucketArn, keyArn, identity } = store;
    return new DumpAccess(
      `${this.name}-access`,
      { rights, bucketArn, keyArn, namespace, serviceAccount, ...(identity === undefined ? {} : { identity }) },
      { parent: this.parent },
    );
  }

  private makeKeys(
    labels: Record<string, string>,
    { accessKey, secretKey }: NonNullable<S3Store["credentials"]>,
  ): pulumi.Output<string> {
    const { work, namespace } = this.args;
    return new kubernetes.core.v1.Secret(
      `${this.name}-keys`,
      {
        metadata: { name: `${work}-keys`, namespace, labels },
        type: "Opaque",
        data: secretData({ "access-key": accessKey, "secret-key": secretKey }),
      },
      { parent: this.parent },
    ).metadata.name;
  }

  /** Nobody reaches these pods. */
  private makeNetworkPolicy(labels: Record<string, string>, store: PodStore): void {
    const { app, namespace, destinations = [], storeApp } = this.args;
    new kubernetes.networking.v1.NetworkPolicy(
      `${this.name}-network`,
      {
        metadata: { name: app, namespace, labels },
        spec: {
          podSelector: { matchLabels: { app } },
          policyTypes: ["Ingress", "Egress"],
          egress: waysTo([...destinations, storeDestination(store, storeApp)]),
        },
      },
      { parent: this.parent },
    );
  }

  private makeScripts(labels: Record<string, string>, store: PodStore): pulumi.Output<string> {
    const { work: of, namespace, files } = this.args;
    const more = { ...storeConfig(store), ...files };
    return scriptsMap(`${this.name}-scripts`, { of, namespace, labels, more }, this.parent).metadata.name;
  }
}

function podStore(store: MadeBucket | S3Store, secretName: pulumi.Input<string> | undefined): PodStore {
  const { bucket, region } = store;
  const keys = secretName === undefined ? {} : { secretName };
  if (store.kind === "aws") return { bucket, region, ...keys };
  return { bucket, region, endpoint: store.endpoint, forcePathStyle: store.forcePathStyle, ...keys };
}
