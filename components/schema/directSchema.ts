import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import type { RoleLimits } from "../../catalogue/connectionLimits";
import type { CatalogueName } from "../../settings";
import { DirectMigrations } from "./directMigrations";
import { LogicalDatabase } from "./logicalDatabase";

export interface DirectSchemaArgs {
  /** The primary itself, which this machine must reach: by a VPN, a bastion's tunnel, or from inside the network. */
  readonly host: pulumi.Input<string>;
  readonly port: number;
  /** Who may make roles and databases. The password is secret, and read at each run where it is rotated. */
  readonly master: { readonly username: pulumi.Input<string>; readonly password: pulumi.Input<string> };
  /** Logical databases of the server. One that is taken out stays on the server as it is. */
  readonly databases: readonly CatalogueName[];
  readonly limits: (database: CatalogueName) => RoleLimits;
  /** Passwords of applications that something else knows already, such as RDS Proxy. */
  readonly appPassword: (database: CatalogueName) => pulumi.Input<string> | undefined;
  readonly deletionProtection: boolean;
}

/** Roles, databases and migrations on RDS from the machine that runs `pulumi up` (`bootstrap: direct`). Costs nothing. */
export class DirectSchema extends pulumi.ComponentResource {
  readonly databases: ReadonlyMap<CatalogueName, LogicalDatabase>;

  constructor(name: string, args: DirectSchemaArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:schema:DirectSchema", name, { databases: args.databases }, opts);
    const provider = this.makeProvider(name, args);
    this.databases = new Map(
      args.databases.map((database) => [database, this.makeDatabase(name, database, args, provider)]),
    );
    this.registerOutputs({});
  }

  private makeProvider(name: string, { host, port, master }: DirectSchemaArgs): postgresql.Provider {
    return new postgresql.Provider(
      `${name}-server`,
      {
        host,
        port,
        username: master.username,
        password: pulumi.secret(master.password),
        sslmode: "require",
        // The master of RDS is none.
        superuser: false,
        connectTimeout: 30,
      },
      { parent: this },
    );
  }

  private makeDatabase(
    name: string,
    catalogue: CatalogueName,
    { host, port, master, limits, appPassword, deletionProtection }: DirectSchemaArgs,
    provider: postgresql.Provider,
  ): LogicalDatabase {
    const password = appPassword(catalogue);
    const database = new LogicalDatabase(
      `${name}-${catalogue}`,
      {
        catalogue,
        host,
        port,
        server: "rds",
        limits: limits(catalogue),
        ...(password === undefined ? {} : { appPassword: password }),
        deletionProtection,
      },
      { parent: this, providers: [provider] },
    );
    const owner = database.endpoints.owner;
    new DirectMigrations(
      `${name}-${catalogue}`,
      {
        catalogue,
        host,
        port,
        database: owner.name,
        username: owner.username,
        password: owner.password,
        sslmode: "require",
        scheduler: master,
      },
      { parent: this, dependsOn: [database] },
    );
    return database;
  }
}
