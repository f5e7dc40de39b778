import * as kubernetes from "@pulumi/kubernetes";
import type { Input, Output } from "@pulumi/pulumi";
import type { SqliteCatalogueName } from "../../../settings";
import { checksumOf } from "../../kubernetes/secretData";
import { metadataOf, type Place } from "../workload";
import { databaseFile } from "./folders";
import { litestreamConfig } from "./litestream";
import { migrationFiles } from "./migrations";
import { scriptOf } from "./scripts";
import type { SqliteStore } from "./store";

/** The ConfigMaps that the application's pod mounts. */
export interface PodFiles {
  readonly litestream: Output<string>;
  readonly migrations: Output<string>;
  /** Changes with any of the files. */
  readonly checksum: Output<string>;
}

export function makePodFiles(place: Place, database: SqliteCatalogueName, store: SqliteStore): PodFiles {
  const litestream = {
    "litestream.yml": litestreamConfig(databaseFile(database), database, store),
    "restore.sh": scriptOf("restore.sh"),
  };
  const migrations = migrationFiles(database);
  const make = (what: string, data: Record<string, Input<string>>): Output<string> =>
    new kubernetes.core.v1.ConfigMap(
      `${place.name}-${what}`,
      { metadata: metadataOf(place, `aibase-${what}`), data },
      { parent: place.parent },
    ).metadata.name;
  return {
    litestream: make("litestream", litestream),
    migrations: make("migrations", migrations),
    checksum: checksumOf([...Object.values(litestream), ...Object.values(migrations)]),
  };
}
