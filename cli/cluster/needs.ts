import type { OperatorName } from "../../components/operators/charts";
import type { Settings } from "../../settings";
import { filesHost, isSelfHosted, lookup, operatorModes } from "../../settings/hosting";

/** What a stack needs of its Kubernetes cluster. */
export interface ClusterNeeds {
  /** `created`: the stack makes it, so there may be none yet. */
  readonly cluster: "existing" | "created";
  /** Context of the kubeconfig. Default: its current one. */
  readonly context?: string;
  /** True where a secret setting holds the kubeconfig, which is not opened to look at a cluster. */
  readonly sealed: boolean;
  readonly operators: readonly NeededOperator[];
  /** Persistent volumes: the StorageClass that is named, `default` for the cluster's own, undefined where there are none. */
  readonly storageClass?: string;
  /** True where the number of pods follows their load. */
  readonly scales: boolean;
}

export interface NeededOperator {
  readonly name: OperatorName;
  /** `install`: the stack brings it. */
  readonly mode: "existing" | "install";
  /** The setting that says so. */
  readonly setting: string;
}

/** StorageClass of a stack that names none. */
export const DEFAULT_CLASS = "default";

/** What a stack needs of its cluster; undefined for a stack without one. */
export function clusterNeeds(settings: Settings): ClusterNeeds | undefined {
  if (settings.tier === "development") return undefined;
  const { context, kubeconfig } = settings.cluster;
  const storageClass = "storageClass" in settings.cluster ? settings.cluster.storageClass : undefined;
  return {
    cluster: "mode" in settings.cluster && settings.cluster.mode === "create" ? "created" : "existing",
    ...(context === undefined ? {} : { context }),
    sealed: kubeconfig !== undefined,
    operators: operatorsOf(settings),
    ...(keepsVolumes(settings) ? { storageClass: storageClass ?? DEFAULT_CLASS } : {}),
    scales: settings.tier !== "small-team",
  };
}

/** cert-manager is the plugin's own affair where somebody else installed the plugin. */
function operatorsOf(settings: Settings): NeededOperator[] {
  if (settings.tier !== "small-team" && settings.tier !== "smb") return [];
  const { cloudNativePg, prometheus } = operatorModes(settings);
  const database = settings.tier === "smb" && settings.database.host === "kubernetes" ? DATABASE_OPERATORS : [];
  return [
    ...database.map((name) => ({ name, mode: cloudNativePg, setting: "operators.cloudNativePg" })),
    ...(prometheus === "none"
      ? []
      : [{ name: "prometheus", mode: prometheus, setting: "operators.prometheus" } as const]),
  ];
}

const DATABASE_OPERATORS = ["cloudNativePg", "barmanCloud"] as const;

/** True where database and cache are not AWS's. */
const selfHosted = (settings: Settings): boolean =>
  settings.tier === "small-team" || (settings.tier === "smb" && isSelfHosted(lookup(settings)));

const keepsVolumes = (settings: Settings): boolean =>
  selfHosted(settings) || (settings.tier === "smb" && filesHost(lookup(settings)) === "minio");
