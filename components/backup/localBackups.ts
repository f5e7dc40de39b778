import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Folder } from "../folder";

export interface LocalBackupsArgs {
  /** Folder for backups, relative to the project folder. */
  readonly path: string;
  readonly dailyDays: number;
  readonly weeklyWeeks: number;
  readonly monthlyMonths: number;
}

/** The private folder that `ladder backup` writes to. Backups outlive the stack. */
export class LocalBackups extends pulumi.ComponentResource {
  /** Absolute path of the folder. */
  readonly path: pulumi.Output<string>;

  constructor(name: string, args: LocalBackupsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:backup:LocalBackups", name, { ...args }, opts);

    const folder = new Folder(`${name}-folder`, { path: args.path, setting: "backup.path" }, { parent: this });

    this.path = folder.path.apply((path) => resolve(path));
    this.registerOutputs({ path: this.path });
  }
}
