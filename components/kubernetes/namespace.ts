import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../transform";
import { nameResolution } from "./networkPolicy";
import { RESTRICTED_NAMESPACE } from "./pod";
import { limitRangeSpec, type NamespaceQuota, quotaSpec } from "./quota";

/** Namespace of the platform, for the trust policies of its roles. */
export const PLATFORM_NAMESPACE = "aibase";

const LABELS = { "app.kubernetes.io/part-of": "aibase", "app.kubernetes.io/managed-by": "pulumi" } as const;

export interface NamespaceArgs {
  /** A label of at most 63 characters. A change makes everything in it anew. */
  readonly name: string;
  /** The most that its pods may take. Changed in place; pods that are there stay. Default: no bound but the cluster's. */
  readonly quota?: NamespaceQuota;
  readonly transform?: {
    /** Last word on what every pod may do, such as reaching a name server that stands elsewhere than in `kube-system`. */
    readonly networkPolicy?: Transform<kubernetes.networking.v1.NetworkPolicyArgs>;
    readonly resourceQuota?: Transform<kubernetes.core.v1.ResourceQuotaArgs>;
    readonly limitRange?: Transform<kubernetes.core.v1.LimitRangeArgs>;
  };
}

/**
 * The namespace of the platform: only pods of the level `restricted` start in it, nothing reaches or leaves them that no policy
 * names, and all of them together take no more than the quota.
 */
export class Namespace extends pulumi.ComponentResource {
  /** Known once the namespace is there with its bounds, so that what names it comes after them. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: NamespaceArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:kubernetes:Namespace", name, { name: args.name }, opts);
    const made = this.makeNamespace(name, args).metadata.name;

    const bounds = [this.makeDefaultDeny(name, made, args).metadata, ...this.makeQuota(name, made, args)];

    // By their names, which a preview knows already, unlike their ids.
    this.namespace = pulumi.all([made, pulumi.all(bounds.map(({ name }) => name))]).apply(([namespace]) => namespace);
    this.registerOutputs({ namespace: this.namespace });
  }

  private makeNamespace(name: string, args: NamespaceArgs): kubernetes.core.v1.Namespace {
    return new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: args.name, labels: { ...LABELS, ...RESTRICTED_NAMESPACE } } },
      // It stood in the application once; it must not be made anew for being moved.
      {
        parent: this,
        aliases: [{ name: "app-namespace", parent: pulumi.createUrn("app", "scaling-ladder:app:KubernetesApp") }],
      },
    );
  }

  /** Policies add up: each part's own allows what it needs, and this one takes away the rest. */
  private makeDefaultDeny(name: string, namespace: pulumi.Output<string>, { transform }: NamespaceArgs) {
    const defaults: kubernetes.networking.v1.NetworkPolicyArgs = {
      metadata: { name: "default-deny", namespace, labels: LABELS },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: [nameResolution] },
    };
    return new kubernetes.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      transformed(defaults, transform?.networkPolicy),
      { parent: this },
    );
  }

  private makeQuota(
    name: string,
    namespace: pulumi.Output<string>,
    { quota, transform }: NamespaceArgs,
  ): pulumi.Output<{ readonly name: string }>[] {
    if (quota === undefined) return [];
    const metadata = { name: "aibase", namespace, labels: LABELS };
    const total: kubernetes.core.v1.ResourceQuotaArgs = { metadata, spec: quotaSpec(quota) };
    const each: kubernetes.core.v1.LimitRangeArgs = { metadata, spec: limitRangeSpec(quota) };
    const inside = { parent: this };
    return [
      new kubernetes.core.v1.ResourceQuota(`${name}-quota`, transformed(total, transform?.resourceQuota), inside),
      new kubernetes.core.v1.LimitRange(`${name}-limits`, transformed(each, transform?.limitRange), inside),
    ].map(({ metadata }) => metadata);
  }
}
