import type * as kubernetes from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { labelsOf } from "../../kubernetes/labels";

/** Where the objects of one cluster stand, and what their names begin with. */
export interface Place {
  readonly namespace: Input<string>;
  readonly clusterName: string;
}

/** Label `app` of the instances and of what belongs to them. */
export const DATABASE_APP = "postgres";

/** The operator reads a Secret or a ConfigMap again when it changes, if it carries this label. */
const RELOAD = { "cnpg.io/reload": "true" } as const;

interface Choice {
  /** Label `app`. Default: the instances'. */
  readonly app?: string;
  /** True for what instances read while they run. */
  readonly reload?: true;
}

/** Metadata of an object of the cluster; without a suffix it has the cluster's own name. */
export const metadataOf = (
  { namespace, clusterName }: Place,
  suffix?: string,
  { app = DATABASE_APP, reload }: Choice = {},
): kubernetes.types.input.meta.v1.ObjectMeta & { labels: Record<string, string> } => ({
  name: suffix === undefined ? clusterName : `${clusterName}-${suffix}`,
  namespace,
  labels: { ...labelsOf(app), ...(reload ? RELOAD : {}) },
});
