import type * as pulumi from "@pulumi/pulumi";
import { LocalResource } from "./localResource";

/** A private folder (mode 0700) on this machine. Destroying it never removes what is in it. */
export class Folder extends LocalResource {
  /** Relative to the project folder. Changing it makes another folder and moves nothing. */
  declare readonly path: pulumi.Output<string>;

  constructor(
    name: string,
    args: { readonly path: string; readonly setting: string },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("folder", "Folder", name, { ...args, mode: undefined }, opts);
  }
}
