import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ROLE_KINDS, type RoleKind } from "../../catalogue/roles";
import type { CatalogueName } from "../../settings";

/** Letters and digits only, which no URL and no shell minds: about 238 bits. */
const LENGTH = 40;

export interface RolePasswordsArgs {
  readonly database: CatalogueName;
  /** Of the application's role, where it was made already: RDS Proxy has to know it. Default: one is generated. */
  readonly app?: pulumi.Input<string> | undefined;
}

/** A generated password for each role of a logical database. One changes only when its resource is replaced. */
export class RolePasswords extends pulumi.ComponentResource {
  /** Secret. */
  readonly passwords: Readonly<Record<RoleKind, pulumi.Output<string>>>;

  constructor(name: string, { database, app }: RolePasswordsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:schema:RolePasswords", name, { database }, opts);
    const password = (kind: RoleKind): pulumi.Output<string> =>
      kind === "app" && app !== undefined
        ? pulumi.secret(app)
        : pulumi.secret(
            new random.RandomPassword(`${name}-${kind}-password`, { length: LENGTH, special: false }, { parent: this })
              .result,
          );
    this.passwords = Object.fromEntries(ROLE_KINDS.map((kind) => [kind, password(kind)])) as Record<
      RoleKind,
      pulumi.Output<string>
    >;
    this.registerOutputs({});
  }
}
