import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { placeIn, type SqliteStore } from "./store";

/** The release that the configuration and its tests were tried with; its own SQLite is 3.53.0. */
export const LITESTREAM_IMAGE = "litestream/litestream:0.5.18";

/** Port of its metrics. */
export const METRICS_PORT = 9090;

/** How far back a restore to a moment can go: seven days, as the managed databases of the next tier keep. */
const SNAPSHOTS_KEPT = "168h";

/**
 * `litestream.yml` for one database. It holds no keys: Litestream reads those from its environment, so that it is started with
 * `-no-expand-env`. A change of the place in the bucket begins a new replica there; the old one stays.
 */
export const litestreamConfig = (databaseFile: string, database: string, store: SqliteStore): pulumi.Output<string> =>
  pulumi.all([store.bucket, store.region, store.endpoint]).apply(([bucket, region, endpoint]) =>
    stringify(
      {
        addr: `:${METRICS_PORT}`,
        snapshot: { interval: "24h", retention: SNAPSHOTS_KEPT },
        dbs: [
          {
            path: databaseFile,
            "busy-timeout": "5s",
            replica: {
              type: "s3",
              bucket,
              path: placeIn(store, `litestream/${database}`),
              region,
              ...(endpoint === undefined ? {} : { endpoint }),
              ...(store.forcePathStyle === undefined ? {} : { "force-path-style": store.forcePathStyle }),
              "sync-interval": "1s",
            },
          },
        ],
      },
      { lineWidth: 0 },
    ),
  );

/**
 * Memory that Litestream may take, in MiB: for a snapshot it holds an entry of some 90 bytes for each page of 4 KiB in the
 * database, 24 MiB for each GiB of it.
 */
export const litestreamMemory = (volumeGiB: number): number => 256 + 24 * volumeGiB;
