import { about, at, type Check, structure } from "../../checks/parts";
import { type Judgements, mustBeFalse, mustBeSet, shown, unverified, violated } from "../../checks/property";
import { type Path, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule, type StackRule } from "../../rule";
import { namespaceOf } from "./joins";
import { ofPod, POD_TYPES } from "./pods";

const SERVICE_ACCOUNT = "kubernetes:core/v1:ServiceAccount";

/** A name that is not known yet comes from a resource: the account that every namespace has is called by its name. */
const ownAccount: Check = (from, ...path) => {
  const name = readText(from, ...path);
  if (name.state === "mistyped") return violated(`${shown(path)} must be a text.`);
  const unset = mustBeSet(from, ...path);
  if (unset.length > 0) return unset;
  return name.state === "known" && name.value === "default"
    ? violated(`${shown(path)} is the account that all pods of the namespace share.`)
    : [];
};

const noToken = at(["automountServiceAccountToken"], (from, ...path) => mustBeFalse(from, ...path));

const k8sServiceAccount: ResourceRule = {
  scope: "resource",
  name: "k8s-service-account",
  description: "Every pod has a service account of its own, and no token for the API of the cluster.",
  why: "What one pod may do, all pods of the same account may; and with a token, whoever breaks into a pod speaks to the cluster's API.",
  remedy:
    "Make a ServiceAccount, name it in `serviceAccountName`, and set `automountServiceAccountToken: false` on both. EKS Pod Identity needs no such token.",
  ids: ["CIS-K8s 5.1.5", "CIS-K8s 5.1.6", "CKV_K8S_38", "CKV_K8S_41"],
  levels: FROM_ENTERPRISE,
  types: [...POD_TYPES, SERVICE_ACCOUNT],
  check: (resource) =>
    resource.type === SERVICE_ACCOUNT
      ? noToken(resource.props)
      : ofPod(
          resource,
          structure((from, ...path) => [
            ...at(["serviceAccountName"], ownAccount)(from, ...path),
            ...noToken(from, ...path),
          ]),
        ),
};

/** What stands in a namespace. */
const NAMESPACED: readonly string[] = [
  ...POD_TYPES,
  SERVICE_ACCOUNT,
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:Service",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:policy/v1:PodDisruptionBudget",
];

/** Settings that parts of the cluster itself read, which stand where those run. */
const CLUSTER_SETTINGS: ReadonlySet<string> = new Set(["kube-system/amazon-vpc-cni"]);

const IN: Path = ["metadata", "namespace"];

const isOfTheCluster = (name: string): boolean => name === "default" || name.startsWith("kube-");

function judgeNamespace(stack: StackView, resource: StackResource): Judgements {
  const namespace = readText(resource.props, ...IN);
  if (namespace.state === "absent") return violated(`${shown(IN)} is not set; that is the namespace \`default\`.`);
  if (namespace.state === "mistyped") return violated(`${shown(IN)} must be a text.`);
  if (namespace.state === "unknown") {
    // A Namespace of the stack is none of the cluster's own: those are there already.
    return namespaceOf(stack, resource) === undefined ? unverified(shown(IN)) : [];
  }
  const name = readText(resource.props, "metadata", "name");
  const isSetting = name.state === "known" && CLUSTER_SETTINGS.has(`${namespace.value}/${name.value}`);
  return isSetting || !isOfTheCluster(namespace.value)
    ? []
    : violated(`${shown(IN)} is a namespace of the cluster itself; it must be one of its own.`);
}

const k8sNamespace: StackRule = {
  scope: "stack",
  name: "k8s-namespace",
  description: "Nothing stands in the namespace `default`, nor in one of the cluster itself.",
  why: "Rights, quotas, network policies and Pod Security are given by namespace: in a shared one, they are everybody's or nobody's.",
  remedy: "Make a Namespace, and set `metadata.namespace` to its name.",
  ids: ["CIS-K8s 5.7.1", "CIS-K8s 5.7.4", "CKV_K8S_21"],
  levels: ALWAYS,
  check: (stack) =>
    stack.ofType(...NAMESPACED).flatMap((resource) => about(resource.urn, judgeNamespace(stack, resource))),
};

/** Who pods are, and where they stand. */
export const identityRules: readonly Rule[] = [k8sServiceAccount, k8sNamespace];
