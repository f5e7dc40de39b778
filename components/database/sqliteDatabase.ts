import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { loadMigrations } from "../../catalogue/migrations";
import type { SqliteCatalogueName } from "../../settings";
import type { SqliteEndpoint } from "../endpoints";
import { LocalResource } from "../localResource";

export interface SqliteDatabaseArgs {
  /** The file, relative to the project folder. Changing it begins another file; the old one stays where it is. */
  readonly path: string;
  /** Logical database of the catalogue. A file that holds another one is refused. */
  readonly catalogue: SqliteCatalogueName;
  /** How long a connection waits for a lock, in milliseconds. Changed in place. */
  readonly busyTimeoutMs: number;
  /** Folder of this stack's backups, relative to the project folder. */
  readonly backups: string;
}

/** A SQLite file in WAL mode with the catalogue's schema. Costs nothing per month; holds up to about 100 GB (S0-05). */
export class SqliteDatabase extends pulumi.ComponentResource {
  readonly endpoint: SqliteEndpoint;
  /** How many migrations the file has got. */
  readonly schemaVersion: pulumi.Output<number>;

  constructor(name: string, args: SqliteDatabaseArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:database:SqliteDatabase", name, { kind: "sqlite", ...args }, opts);

    const file = new SqliteFile(`${name}-file`, args, { parent: this });

    this.endpoint = {
      kind: "sqlite",
      path: file.path.apply((path) => resolve(path)),
      busyTimeoutMs: args.busyTimeoutMs,
    };
    this.schemaVersion = file.migrations.apply((migrations) => migrations.length);
    this.registerOutputs({ path: this.endpoint.path, schemaVersion: this.schemaVersion });
  }
}

/** The file itself. Deleting the resource forgets the file and never removes it, so a development stack can be destroyed freely. */
class SqliteFile extends LocalResource {
  declare readonly path: pulumi.Output<string>;
  declare readonly migrations: pulumi.Output<readonly { readonly version: number }[]>;

  constructor(name: string, args: SqliteDatabaseArgs, opts: pulumi.CustomResourceOptions) {
    const migrations = loadMigrations(args.catalogue, "sqlite").map(({ sql: _, ...digest }) => digest);
    super(
      "sqlite",
      "SqliteFile",
      name,
      { ...args, stack: pulumi.getStack(), migrations, journalMode: undefined, mode: undefined },
      opts,
    );
  }
}
