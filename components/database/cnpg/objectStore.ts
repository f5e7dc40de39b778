import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { secretData } from "../../kubernetes/secretData";
import { type BackupStore, DEFAULT_PATH, objectStoreSpec, STORE_KEYS } from "./backupStore";
import { metadataOf, type Place } from "./place";

export interface ObjectStoreArgs {
  /** What the store is for, such as `backup`; part of the names of its objects. */
  readonly part: string;
  readonly store: BackupStore;
  /** Days that a moment can be restored. Absent for a store that is only read. */
  readonly retentionDays?: number;
  readonly place: Place;
}

/** An ObjectStore of the Barman Cloud plugin and the Secret with its keys. Gives its name, known once it is there. */
export function objectStore(
  name: string,
  args: ObjectStoreArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { part, store, place } = args;
  const secretName = storeSecret(name, args, opts);
  const made = new kubernetes.apiextensions.CustomResource(
    `${name}-${part}-store`,
    {
      apiVersion: "barmancloud.cnpg.io/v1",
      kind: "ObjectStore",
      metadata: metadataOf(place, part),
      spec: objectStoreSpec(
        { ...args, secretName },
        pulumi.interpolate`s3://${store.bucket}/${store.path ?? DEFAULT_PATH}`,
      ),
    },
    opts,
  );
  return made.metadata.name;
}

/** None where the pods have an identity. */
function storeSecret(
  name: string,
  { part, store: { credentials, region }, place }: ObjectStoreArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  if (credentials === undefined) return undefined;
  const secret = new kubernetes.core.v1.Secret(
    `${name}-${part}-store-secret`,
    {
      metadata: metadataOf(place, `${part}-store`, { reload: true }),
      type: "Opaque",
      data: secretData({
        [STORE_KEYS.accessKey]: credentials.accessKey,
        [STORE_KEYS.secretKey]: credentials.secretKey,
        [STORE_KEYS.region]: region,
      }),
    },
    opts,
  );
  return secret.metadata.name;
}
