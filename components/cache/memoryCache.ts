import * as pulumi from "@pulumi/pulumi";
import type { CacheEndpoint } from "../endpoints";

/** Cache and sessions in the memory of the one application process (S1-34): nothing to make, and gone at a restart. */
export class MemoryCache extends pulumi.ComponentResource {
  readonly endpoint: CacheEndpoint & { readonly kind: "memory" } = { kind: "memory" };

  constructor(name: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:cache:MemoryCache", name, { kind: "memory" }, opts);
    this.registerOutputs({});
  }
}
