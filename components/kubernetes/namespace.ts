import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { RESTRICTED_NAMESPACE } from "./pod";

/** Namespace of the platform, for the trust policies of its roles. */
export const PLATFORM_NAMESPACE = "aibase";

export interface NamespaceArgs {
  /** A label of at most 63 characters. A change makes everything in it anew. */
  readonly name: string;
}

/** The namespace of the platform, in which only pods of the level `restricted` start. */
export class Namespace extends pulumi.ComponentResource {
  /** Known once the namespace is there, so that what names it comes after it. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, { name: physicalName }: NamespaceArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:kubernetes:Namespace", name, { name: physicalName }, opts);
    const labels = { "app.kubernetes.io/part-of": "aibase", "app.kubernetes.io/managed-by": "pulumi" };

    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: physicalName, labels: { ...labels, ...RESTRICTED_NAMESPACE } } },
      // It stood in the application once; it must not be made anew for being moved.
      {
        parent: this,
        aliases: [{ name: "app-namespace", parent: pulumi.createUrn("app", "scaling-ladder:app:KubernetesApp") }],
      },
    );

    this.namespace = namespace.metadata.name;
    this.registerOutputs({ namespace: this.namespace });
  }
}
