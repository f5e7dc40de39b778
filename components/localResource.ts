import * as pulumi from "@pulumi/pulumi";

/** The providers of `local/`, by folder. */
export type LocalProviderName = "sqlite" | "folder" | "dotenv" | "postgres";

/**
 * A resource on this machine, made by a provider of `local/`.
 *
 * This is a Pulumi dynamic resource whose provider is named instead of serialised. `pulumi.dynamic.Resource` would
 * parse our functions with the TypeScript compiler at every start and put their text into the state; a name costs
 * nothing, and a change of the provider's code is no change of the resource.
 */
export abstract class LocalResource extends pulumi.CustomResource {
  protected constructor(
    provider: LocalProviderName,
    type: string,
    name: string,
    props: Record<string, unknown>,
    opts: pulumi.CustomResourceOptions,
  ) {
    // The engine starts dynamic providers in the project folder, which is what relative paths mean in the settings.
    const loader = `exports.handler = () => require(process.cwd() + "/local/load.cjs")(${JSON.stringify(provider)});`;
    super(`pulumi-nodejs:dynamic/local:${type}`, name, { ...props, __provider: loader }, opts);
  }
}
