import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { TierName } from "../../settings";
import { LocalResource } from "../localResource";
import { type ContractParts, contract } from "./contract";

export interface LocalAppArgs extends ContractParts {
  readonly tier: TierName;
  readonly users: number;
  readonly replicas: number;
  /** Port the application listens on (S1-50). */
  readonly port: number;
  /** The `.env` file, relative to the project folder. Changing it writes another file and takes our block out of the old one. */
  readonly envFile: string;
}

/** An application that runs on this machine and reads its contract from a `.env` file (S1-07). */
export class LocalApp extends pulumi.ComponentResource {
  /** Absolute path of the `.env` file. */
  readonly envFile: pulumi.Output<string>;
  /** The contract as it was written. */
  readonly contract: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: LocalAppArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { tier, users, replicas, port, envFile } = args;
    super("scaling-ladder:app:LocalApp", name, { tier, users, replicas, port, envFile }, opts);

    const values = { ...contract(args), PORT: String(port) };
    const file = new EnvFile(`${name}-env`, { path: envFile, stack: pulumi.getStack(), values }, { parent: this });

    this.envFile = file.path.apply((path) => resolve(path));
    this.contract = pulumi.secret(file.values);
    this.registerOutputs({ envFile: this.envFile });
  }
}

interface EnvFileArgs {
  readonly path: string;
  readonly stack: string;
  readonly values: Record<string, pulumi.Input<string>>;
}

/** The marked block with the contract; the user's own lines stay as they are. */
class EnvFile extends LocalResource {
  declare readonly path: pulumi.Output<string>;
  declare readonly values: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: EnvFileArgs, opts: pulumi.CustomResourceOptions) {
    super("dotenv", "EnvFile", name, { ...args, block: undefined, mode: undefined }, opts);
  }
}
