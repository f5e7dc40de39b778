import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { FilesEndpoint } from "../endpoints";
import { Folder } from "../folder";

export interface LocalFilesArgs {
  /** Folder for uploaded files, relative to the project folder. Changing it makes another folder and moves nothing. */
  readonly path: string;
}

/** Files in a private folder of one machine, bounded by its disk (S1-26). Costs nothing per month. */
export class LocalFiles extends pulumi.ComponentResource {
  readonly endpoint: FilesEndpoint & { readonly kind: "local" };

  constructor(name: string, args: LocalFilesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:files:LocalFiles", name, { kind: "local", ...args }, opts);

    const folder = new Folder(`${name}-folder`, { path: args.path, setting: "files.path" }, { parent: this });

    this.endpoint = { kind: "local", path: folder.path.apply((path) => resolve(path)) };
    this.registerOutputs({ path: this.endpoint.path });
  }
}
