import * as kubernetes from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { type Transform, transformed } from "../../transform";
import { API_VERSION, POOLER_LABEL } from "./names";
import { poolerPolicy } from "./networkPolicy";
import { metadataOf, type Place } from "./place";
import { POOLER_APP, POOLER_IMAGE, type PoolChoice, poolerSpec } from "./poolerSpec";

/** What the name of a cluster's pooler adds to the cluster's. */
const SUFFIX = "pooler";

export const poolerNameOf = (clusterName: string): string => `${clusterName}-${SUFFIX}`;

export interface PoolerArgs extends PoolChoice {
  readonly place: Place;
  /** Name of the Cluster, known once it is there. */
  readonly cluster: Input<string>;
  /** Labels `app` of the workloads that connect. */
  readonly clients: readonly string[];
  readonly transform?: Transform<kubernetes.apiextensions.CustomResourceArgs> | undefined;
}

/** PgBouncer before the writer, with what protects it. Gives its name, known once it is there. */
export function pooler(name: string, args: PoolerArgs, opts: CustomResourceOptions): Output<string> {
  const { place, clients, transform } = args;
  const poolerName = poolerNameOf(place.clusterName);
  const metadata = metadataOf(place, SUFFIX, { app: POOLER_APP });
  const policy = new kubernetes.networking.v1.NetworkPolicy(
    `${name}-pooler-network`,
    { metadata, spec: poolerPolicy({ clusterName: place.clusterName, poolerName, clients }) },
    opts,
  );
  const defaults = {
    apiVersion: API_VERSION,
    kind: "Pooler",
    metadata,
    spec: poolerSpec({ ...args, name: poolerName, image: POOLER_IMAGE }),
  };
  const made = new kubernetes.apiextensions.CustomResource(`${name}-pooler`, transformed(defaults, transform), {
    ...opts,
    dependsOn: [policy],
  });
  new kubernetes.policy.v1.PodDisruptionBudget(
    `${name}-pooler-disruption`,
    { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: { [POOLER_LABEL]: poolerName } } } },
    opts,
  );
  return made.metadata.name;
}
