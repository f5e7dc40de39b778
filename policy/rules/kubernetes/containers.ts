import { all, at, type Check, structure } from "../../checks/parts";
import { type Judgements, mustBeTrue, shown, unverified, violated } from "../../checks/property";
import { type Path, read, readNumber, readText } from "../../reading/reader";
import { Secret, Unknown, type Value } from "../../reading/value";
import { FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";
import { ofContainers, POD_TYPES, SERVING_TYPES } from "./pods";

const k8sReadonlyRoot: ResourceRule = {
  scope: "resource",
  name: "k8s-readonly-root",
  description: "No container can write to its own file system, only to volumes.",
  why: "Whoever gets into a container then cannot leave a program there, nor change one that is run.",
  remedy: "Set `securityContext.readOnlyRootFilesystem: true`, and mount an `emptyDir` where the program must write.",
  ids: ["CKV_K8S_22"],
  levels: FROM_ENTERPRISE,
  types: POD_TYPES,
  check: (resource) =>
    ofContainers(
      resource,
      at(["securityContext", "readOnlyRootFilesystem"], (from, ...path) => mustBeTrue(from, ...path)),
    ),
};

/** An amount above nothing, such as `500m`, `1Gi` or `2`. */
const amount: Check = (from, ...path) => {
  const [text, number] = [readText(from, ...path), readNumber(from, ...path)];
  if (text.state === "unknown") return [];
  const isAmount =
    (text.state === "known" && /^[0-9.]*[1-9][0-9.]*([EPTGMKk]i?|[mun]|[eE][+-]?[0-9]+)?$/.test(text.value)) ||
    (number.state === "known" && number.value > 0);
  return isAmount ? [] : violated(`${shown(path)} must be an amount above 0.`);
};

const k8sResources: ResourceRule = {
  scope: "resource",
  name: "k8s-resources",
  description: "Every container requests CPU and memory, and has a limit of memory.",
  why: "Without requests, pods are put where there is no room; without a limit, one leak takes the memory of all pods of its machine.",
  remedy: "Set `resources.requests.cpu`, `resources.requests.memory` and `resources.limits.memory`.",
  ids: ["CKV_K8S_10", "CKV_K8S_12", "CKV_K8S_13"],
  levels: FROM_ENTERPRISE,
  types: POD_TYPES,
  check: (resource) =>
    ofContainers(
      resource,
      at(
        ["resources"],
        structure(
          all(at(["requests", "cpu"], amount), at(["requests", "memory"], amount), at(["limits", "memory"], amount)),
        ),
      ),
      // A container that is added to find a fault cannot have any.
      ["containers", "initContainers"],
    ),
};

const HANDLERS = ["httpGet", "tcpSocket", "exec", "grpc"] as const;

const probe: Check = structure((from, ...path) =>
  HANDLERS.some((handler) => read(from, ...path, handler).state !== "absent")
    ? []
    : violated(`${shown(path)} must ask something: ${HANDLERS.join(", ")}.`),
);

/** Whether two values are the same; `undefined` where only a value that is not known yet could tell. */
function same(one: Value, other: Value): boolean | undefined {
  if (one instanceof Secret) return same(one.value, other);
  if (other instanceof Secret) return same(one, other.value);
  if (one instanceof Unknown || other instanceof Unknown) return undefined;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const [first, second] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const parts = [...new Set([...first.keys(), ...second.keys()])].map((key) =>
    same(first.get(key) ?? null, second.get(key) ?? null),
  );
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/** What is so for readiness and for liveness alike makes a busy pod be killed when it should only get a rest. */
function mustDiffer(from: Value, container: Path): Judgements {
  const [readiness, liveness] = ["readinessProbe", "livenessProbe"].map((name) => read(from, ...container, name));
  if (readiness?.state !== "known" || liveness?.state !== "known") return [];
  const equal = same(readiness.value, liveness.value);
  if (equal === undefined) return unverified(`Whether the probes of ${shown(container)} differ is`);
  return equal ? violated(`The readiness and the liveness probe of ${shown(container)} are the same.`) : [];
}

const k8sProbes: ResourceRule = {
  scope: "resource",
  name: "k8s-probes",
  description: "Every container that serves has a readiness and a liveness probe, and they are not the same.",
  why: "Without readiness, users are sent to pods that cannot answer; without liveness, a stuck pod stays; with one probe for both, a busy pod is killed.",
  remedy:
    "Set `readinessProbe` and `livenessProbe`; give liveness more patience (`periodSeconds`, `failureThreshold`).",
  ids: ["CKV_K8S_8", "CKV_K8S_9", "C-31"],
  levels: FROM_ENTERPRISE,
  types: SERVING_TYPES,
  check: (resource) =>
    ofContainers(
      resource,
      all(at(["readinessProbe"], probe), at(["livenessProbe"], probe), (from, ...path) => mustDiffer(from, path)),
      ["containers"],
    ),
};

/** What is asked of each container's running. */
export const containerRules: readonly Rule[] = [k8sReadonlyRoot, k8sResources, k8sProbes];
