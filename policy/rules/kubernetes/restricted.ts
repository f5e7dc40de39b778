import { all, at, type Check, distinct, each, oneOf, optional, structure } from "../../checks/parts";
import {
  mustBeAtLeast,
  mustBeFalse,
  mustBeTrue,
  mustHold,
  mustNotBeFalse,
  shown,
  violated,
} from "../../checks/property";
import { read } from "../../reading/reader";
import { FROM_ENTERPRISE, type ResourceRule } from "../../rule";
import { inherited, ofContainers, ofPod, POD_TYPES, podOf, unlessInUserNamespace } from "./pods";

const SECURITY = "securityContext";

/** Kinds of volume that reach neither the machine nor the network past the cluster's own claims. */
const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;

const volume: Check = (from, ...path) =>
  VOLUMES.some((kind) => read(from, ...path, kind).state !== "absent")
    ? []
    : violated(`${shown(path)} must be one of ${VOLUMES.join(", ")}.`);

const seccomp = oneOf("RuntimeDefault", "Localhost");
const notRoot: Check = optional((from, ...path) => mustBeAtLeast(1, from, ...path));

/** What a pod says for its containers must be right even where each of them says otherwise. */
const pod = all(
  at(["volumes"], each(structure(volume))),
  at([SECURITY, "seccompProfile", "type"], optional(seccomp)),
  unlessInUserNamespace(
    (path) => path,
    all(at([SECURITY, "runAsNonRoot"], mustNotBeFalse), at([SECURITY, "runAsUser"], notRoot)),
  ),
);

/** A check of the setting that counts for a container: its own, or else its pod's. */
const effective =
  (inside: readonly string[], check: Check): Check =>
  (from, ...path) =>
    check(from, ...inherited(from, path, inside));

const container = all(
  at([SECURITY, "allowPrivilegeEscalation"], mustBeFalse),
  at([SECURITY, "capabilities", "drop"], (from, ...path) => mustHold(["ALL"], from, ...path)),
  at([SECURITY, "capabilities", "add"], each(oneOf("NET_BIND_SERVICE"))),
  at([SECURITY, "procMount"], optional(oneOf("Default"))),
  effective([SECURITY, "seccompProfile", "type"], seccomp),
  unlessInUserNamespace(
    podOf,
    all(effective([SECURITY, "runAsNonRoot"], mustBeTrue), at([SECURITY, "runAsUser"], notRoot)),
  ),
);

/** The controls that the level "restricted" of the Pod Security Standards has on top of "baseline", as of 1.36. */
export const k8sRestricted: ResourceRule = {
  scope: "resource",
  name: "k8s-restricted",
  description: "Every container runs without root, without capabilities, under seccomp, and can gain nothing.",
  why: "A namespace of level `restricted` refuses other pods; and what a broken-into process may not do, it cannot use to get further.",
  remedy:
    "Pod: `runAsNonRoot: true` and `seccompProfile.type: RuntimeDefault`. Container: `allowPrivilegeEscalation: false` and `capabilities.drop: [ALL]`.",
  ids: [
    ...[6, 7, 8, 9, 10].map((number) => `CIS-K8s 5.2.${number}`),
    "CIS-K8s 5.7.2",
    "CIS-K8s 5.7.3",
    ...[20, 23, 25, 28, 29, 30, 31, 37].map((number) => `CKV_K8S_${number}`),
  ],
  levels: FROM_ENTERPRISE,
  types: POD_TYPES,
  check: (resource) => distinct([...ofPod(resource, pod), ...ofContainers(resource, container)]),
};
