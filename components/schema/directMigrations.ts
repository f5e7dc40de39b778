import * as pulumi from "@pulumi/pulumi";
import { loadMigrations } from "../../catalogue/migrations";
import type { CatalogueName } from "../../settings";
import { LocalResource } from "../localResource";

export interface DirectMigrationsArgs {
  /** Logical database whose migrations it gets. A database that holds another one is refused. */
  readonly catalogue: CatalogueName;
  /** The writer itself: a pooler in transaction mode would mix up what belongs to one session. */
  readonly host: pulumi.Input<string>;
  readonly port: number;
  /** Name on the server, as an output of what makes it, so that it is there first. */
  readonly database: pulumi.Input<string>;
  /** Its owner. */
  readonly username: pulumi.Input<string>;
  /** Secret. */
  readonly password: pulumi.Input<string>;
  /** `verify-full` checks the server's certificate and name; `require` encrypts and checks neither. */
  readonly sslmode: "require" | "verify-full";
  /** File of certificates (PEM) for `verify-full`, relative to the project folder. Default: those that Node brings. */
  readonly caFile?: string;
  /** RDS: the master, as whom the jobs of pg_cron are scheduled (C-17). Default: none are scheduled here. */
  readonly scheduler?: { readonly username: pulumi.Input<string>; readonly password: pulumi.Input<string> };
}

/**
 * The migrations of a logical database from the machine that runs `pulumi up` (`bootstrap: direct`, C-40): for servers that it
 * reaches. Forgetting it takes nothing away. Costs nothing.
 */
export class DirectMigrations extends pulumi.ComponentResource {
  /** How many migrations the database has got; known once they are applied. */
  readonly schemaVersion: pulumi.Output<number>;

  constructor(name: string, args: DirectMigrationsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:schema:DirectMigrations", name, { catalogue: args.catalogue }, opts);
    const migrations = new Migrations(`${name}-migrations`, args, { parent: this });
    this.schemaVersion = migrations.migrations.apply((applied) => applied.length);
    this.registerOutputs({ schemaVersion: this.schemaVersion });
  }
}

/** What the database records, kept up by the provider of local/postgres. */
class Migrations extends LocalResource {
  declare readonly migrations: pulumi.Output<readonly { readonly version: number }[]>;

  constructor(name: string, args: DirectMigrationsArgs, opts: pulumi.CustomResourceOptions) {
    const migrations = loadMigrations(args.catalogue, "postgresql").map(({ sql: _, ...digest }) => digest);
    const { scheduler } = args;
    super(
      "postgres",
      "Migrations",
      name,
      {
        ...args,
        password: pulumi.secret(args.password),
        ...(scheduler === undefined ? {} : { scheduler: pulumi.secret(scheduler) }),
        migrations,
      },
      { ...opts, additionalSecretOutputs: ["password", "scheduler"] },
    );
  }
}
