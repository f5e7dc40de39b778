import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { type PodStore, type S3Store, storeDestination, waysTo } from "../../backup/store";
import { fromSecret } from "../../kubernetes/pod";

/**
 * The bucket that the database is replicated and copied to; it is there already, and the keys may list, read, write and delete in
 * it. Under `path`: `litestream/<database>/` for the replica, and `daily/`, `weekly/` and `monthly/` for the copies. How long
 * copies are kept is the bucket's own lifecycle, by those three prefixes; in a versioned bucket it also has to end the old versions
 * under `litestream/`, which Litestream deletes itself. No second stack may have the same bucket and path.
 */
export interface SqliteStore extends S3Store {
  /** Folder in the bucket, without a slash at either end. Default: the bucket's root. */
  readonly path?: string | undefined;
  /** Label `app` of the server's pods, where it runs in the same namespace. Default: it stands outside of the cluster. */
  readonly app?: string | undefined;
}

/** Secret with the keys. */
export const STORE_SECRET = "database-store";

/** What STORE_SECRET holds; undefined where pods have an identity. */
export const storeSecrets = ({ credentials }: SqliteStore): Record<string, Input<string>> | undefined =>
  credentials && { "access-key": credentials.accessKey, "secret-key": credentials.secretKey };

/** The variables from which Litestream takes the keys. */
export const storeKeys = ({ credentials }: SqliteStore): types.input.core.v1.EnvVar[] =>
  credentials === undefined
    ? []
    : [
        fromSecret("AWS_ACCESS_KEY_ID", STORE_SECRET, "access-key"),
        fromSecret("AWS_SECRET_ACCESS_KEY", STORE_SECRET, "secret-key"),
      ];

/** The bucket as the AWS command line is told of it. */
export const podStore = ({ bucket, region, endpoint, forcePathStyle, credentials }: SqliteStore): PodStore => ({
  bucket,
  region,
  endpoint,
  forcePathStyle,
  secretName: credentials && STORE_SECRET,
});

/** A place in the bucket. */
export const placeIn = ({ path }: SqliteStore, place: string): string =>
  path === undefined || path === "" ? place : `${path}/${place}`;

/** Ways out of a pod to the bucket. */
export const storeEgress = (store: SqliteStore): types.input.networking.v1.NetworkPolicyEgressRule[] =>
  waysTo([storeDestination(store, store.app)]);
