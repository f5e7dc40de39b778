import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { RoleLimits } from "../../catalogue/connectionLimits";
import { type LogicalDatabaseModel, logicalDatabase, ROLE_KINDS, type RoleKind } from "../../catalogue/roles";
import { scramVerifier } from "../../schema/bootstrap/scram";
import type { CatalogueName } from "../../settings";
import type { PostgresqlEndpoint } from "../endpoints";
import { type Transform, transformed } from "../transform";
import {
  databaseArgs,
  defaultPrivilegesArgs,
  extensionArgs,
  grantArgs,
  type PostgresHost,
  roleArgs,
  schemaArgs,
} from "./databaseResources";
import { RolePasswords } from "./rolePasswords";

export interface LogicalDatabaseArgs {
  /** Of the catalogue. A change makes another database. */
  readonly catalogue: CatalogueName;
  /** Where the provider, and then the roles, reach the writer. */
  readonly host: pulumi.Input<string>;
  /** Default: 5432. */
  readonly port?: number;
  /** Where the read-only role reads. Default: the writer. */
  readonly readerHost?: pulumi.Input<string>;
  /** How the roles connect. Default: `require`. */
  readonly sslmode?: "require" | "verify-full";
  /** Whose server it is: on Amazon RDS replication is a membership, and nobody sees every row but the owner. Default: `plain`. */
  readonly server?: PostgresHost;
  /** Connections of each role. Changed in place. Default: those of a server with 200 connections and this database alone. */
  readonly limits?: RoleLimits;
  /** Of the application's role, where something else knows it already, such as RDS Proxy. Default: one is generated. */
  readonly appPassword?: pulumi.Input<string>;
  /** Names that somebody else gave. Default: `D_owner`, `D`, `D_readonly`, `D_replication`. */
  readonly names?: Partial<Readonly<Record<RoleKind, string>>>;
  /** The engine's protection of the database and of its owner. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly database?: Transform<postgresql.DatabaseArgs>;
    readonly role?: Transform<postgresql.RoleArgs>;
  };
}

/** Bytes of a salt of SCRAM, as PostgreSQL makes them. */
const SALT_BYTES = 16;

/**
 * A logical database on a server that is reached from here (`bootstrap: direct`): the database, its four roles and all that they
 * may do, ready for its migrations, which run as the owner. Pass the server's provider through the options. The server is told
 * verifiers only, never a password.
 */
export class LogicalDatabase extends pulumi.ComponentResource {
  readonly model: LogicalDatabaseModel;
  /** How each role connects; the application's is the contract's. */
  readonly endpoints: Readonly<Record<RoleKind, PostgresqlEndpoint>>;

  constructor(name: string, args: LogicalDatabaseArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { catalogue, names, limits, deletionProtection } = args;
    super("scaling-ladder:schema:LogicalDatabase", name, { catalogue, deletionProtection }, opts);
    this.model = logicalDatabase(catalogue, { names, limits });

    const { passwords } = new RolePasswords(name, { database: catalogue, app: args.appPassword }, { parent: this });
    const roles = ROLE_KINDS.map((kind) => this.makeRole(name, kind, passwords[kind], args));
    const database = new postgresql.Database(
      `${name}-database`,
      transformed(databaseArgs(this.model), args.transform?.database),
      // Roles are named here by text, which the engine does not see.
      { parent: this, protect: deletionProtection, dependsOn: roles },
    );
    this.makeContents(name, database);

    this.endpoints = Object.fromEntries(
      ROLE_KINDS.map((kind) => [kind, this.endpoint(kind, passwords[kind], args)]),
    ) as Record<RoleKind, PostgresqlEndpoint>;
    this.registerOutputs({ name: this.model.database });
  }

  private makeRole(name: string, kind: RoleKind, password: pulumi.Output<string>, args: LogicalDatabaseArgs) {
    const { server = "plain", deletionProtection, transform } = args;
    // A salt of its own, kept: a new one at each run would be a new verifier, and a change that never ends.
    const salt = new random.RandomId(`${name}-${kind}-salt`, { byteLength: SALT_BYTES }, { parent: this });
    const verifier = pulumi.secret(
      pulumi.all([password, salt.b64Std]).apply(([text, base64]) => scramVerifier(text, base64)),
    );
    return new postgresql.Role(
      `${name}-${kind}`,
      transformed({ ...roleArgs(this.model.roles[kind], server), password: verifier }, transform?.role),
      { parent: this, protect: deletionProtection && kind === "owner" },
    );
  }

  /** One after the other: the server refuses two changes of one list of privileges at once. */
  private makeContents(name: string, database: postgresql.Database): void {
    const { model } = this;
    // The provider's way to delete these is to drop them, with what needs them; they go with their database.
    const kept = { parent: this, retainOnDelete: true };
    let last: pulumi.Resource = new postgresql.Schema(`${name}-schema`, schemaArgs(model), {
      ...kept,
      dependsOn: database,
    });
    for (const { name: part, args } of grantArgs(model))
      last = new postgresql.Grant(`${name}-${part}`, args, { parent: this, dependsOn: last });
    for (const { name: part, args } of extensionArgs(model))
      last = new postgresql.Extension(`${name}-${part}`, args, { ...kept, dependsOn: last });
    for (const { name: part, args } of defaultPrivilegesArgs(model))
      last = new postgresql.DefaultPrivileges(`${name}-default-${part}`, args, { parent: this, dependsOn: last });
  }

  private endpoint(kind: RoleKind, password: pulumi.Output<string>, args: LogicalDatabaseArgs): PostgresqlEndpoint {
    const { host, port = 5432, readerHost, sslmode = "require" } = args;
    return {
      kind: "postgresql",
      host: pulumi.output(kind === "readonly" ? (readerHost ?? host) : host),
      port,
      ...(readerHost === undefined ? {} : { readerHost: pulumi.output(readerHost) }),
      name: this.model.database,
      username: pulumi.output(this.model.roles[kind].name),
      password,
      sslmode,
    };
  }
}
