import { type Check, each, structure } from "../../checks/parts";
import { type Judgements, shown, unverified } from "../../checks/property";
import { type Path, read, readFlag } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import type { Value } from "../../reading/value";

/** Where the pods of Kubernetes' kinds stand in the properties of resources. */

/** The template of the pods of a controller. */
const TEMPLATE: Path = ["spec", "template"];

/** The kinds that run pods, with the path of what is a pod's own: its `metadata` and `spec`. */
const PODS: Readonly<Record<string, Path>> = {
  "kubernetes:core/v1:Pod": [],
  "kubernetes:core/v1:ReplicationController": TEMPLATE,
  "kubernetes:apps/v1:Deployment": TEMPLATE,
  "kubernetes:apps/v1:StatefulSet": TEMPLATE,
  "kubernetes:apps/v1:DaemonSet": TEMPLATE,
  "kubernetes:apps/v1:ReplicaSet": TEMPLATE,
  "kubernetes:batch/v1:Job": TEMPLATE,
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", ...TEMPLATE],
};

/** Type tokens of all kinds that run pods. */
export const POD_TYPES: readonly string[] = Object.keys(PODS);

/** Type tokens of the kinds whose pods serve until they are told to end, as against jobs. */
export const SERVING_TYPES: readonly string[] = [
  "kubernetes:core/v1:ReplicationController",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:apps/v1:ReplicaSet",
];

/** The path of the pod, or of its template, in a resource of a kind that runs pods. */
export const podPath = (type: string): Path => PODS[type] ?? [];

/** The path of the specification of the pod. */
export const podSpecPath = (type: string): Path => [...podPath(type), "spec"];

/** The lists of containers in a pod: those that serve, those that run before, and those added to find a fault. */
const CONTAINERS = ["containers", "initContainers", "ephemeralContainers"] as const;
type ContainerKind = (typeof CONTAINERS)[number];

/** What a check says of the specification of the pod that a resource runs. */
export const ofPod = ({ type, props }: ResourceView, check: Check): Judgements =>
  structure(check)(props, ...podSpecPath(type));

/** What a check says of each container of the pod that a resource runs, of the kinds told or of all. */
export const ofContainers = (
  resource: ResourceView,
  check: Check,
  kinds: readonly ContainerKind[] = CONTAINERS,
): Judgements => ofPod(resource, (from, ...pod) => kinds.flatMap((kind) => each(structure(check))(from, ...pod, kind)));

/** The path of the specification of the pod that a container, told by its path, is in: before the list and the number. */
export const podOf = (container: Path): Path => container.slice(0, -2);

/** The path of a setting that a container has, or, where it has none, of the pod's, which then counts for it. */
export function inherited(from: Value, container: Path, inside: Path): Path {
  const own = [...container, ...inside];
  return read(from, ...own).state === "absent" ? [...podOf(container), ...inside] : own;
}

/**
 * A check that a pod need not pass in a user namespace of its own, because its root is nobody outside of it. While
 * nobody knows whether it has one, a violation is none yet.
 */
export const unlessInUserNamespace =
  (pod: (path: Path) => Path, check: Check): Check =>
  (from, ...path) => {
    const hostUsers = [...pod(path), "hostUsers"];
    const shared = readFlag(from, ...hostUsers);
    if (shared.state === "known" && !shared.value) return [];
    const judgements = check(from, ...path);
    return shared.state === "unknown" && judgements.length > 0 ? unverified(shown(hostUsers)) : judgements;
  };
