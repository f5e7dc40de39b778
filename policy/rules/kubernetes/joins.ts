import { type Answer, all, holds, not, yesIf } from "../../checks/answer";
import { type Path, read, readList, readStructure, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { UNKNOWN, type Value } from "../../reading/value";
import { podPath } from "./pods";

/** How Kubernetes' objects find each other: by the name of a namespace and by labels. */

export const NAMESPACE = "kubernetes:core/v1:Namespace";

/**
 * What tells the namespace of a resource from others: the URN of the Namespace in the stack, which is known before its
 * name is, or the name of one that stands outside of it. `undefined` when nobody knows.
 */
export function namespaceOf(stack: StackView, resource: StackResource): string | undefined {
  const name = readText(resource.props, "metadata", "namespace");
  if (name.state === "known") {
    const own = stack.ofType(NAMESPACE).find((candidate) => {
      const candidateName = readText(candidate.props, "metadata", "name");
      return candidateName.state === "known" && candidateName.value === name.value;
    });
    return own?.urn ?? name.value;
  }
  if (name.state !== "unknown") return "default";
  const [found, ...others] = stack.referredBy(resource, NAMESPACE, "metadata");
  return others.length === 0 ? found?.urn : undefined;
}

/** Whether two resources stand in the same namespace. */
export function sameNamespace(stack: StackView, one: StackResource, other: StackResource): Answer {
  const [first, second] = [namespaceOf(stack, one), namespaceOf(stack, other)];
  return first === undefined || second === undefined ? "unknown" : yesIf(first === second);
}

/** Whether a label has one of some values. */
const labelIs = (labels: Value, key: string, values: readonly string[]): Answer =>
  holds(readText(labels, key), (label) => values.includes(label));

function hasLabel(labels: Value, key: string): Answer {
  const label = read(labels, key);
  return label.state === "unknown" ? "unknown" : yesIf(label.state !== "absent");
}

/** Whether labels meet one of `matchExpressions`. */
function meets(labels: Value, expression: Value): Answer {
  const [key, operator] = [readText(expression, "key"), readText(expression, "operator")];
  if (key.state === "unknown" || operator.state === "unknown") return "unknown";
  if (key.state !== "known" || operator.state !== "known") return "no";
  if (operator.value === "Exists") return hasLabel(labels, key.value);
  if (operator.value === "DoesNotExist") return not(hasLabel(labels, key.value));
  const list = readList(expression, "values");
  if (list.state === "unknown") return "unknown";
  const values = list.state === "known" ? list.value.map((_, index) => readText(list.value, index)) : [];
  if (values.some((value) => value.state === "unknown")) return "unknown";
  const found = labelIs(
    labels,
    key.value,
    values.flatMap((value) => (value.state === "known" ? [value.value] : [])),
  );
  return operator.value === "In" ? found : operator.value === "NotIn" ? not(found) : "no";
}

/** Whether labels have all the labels of a plain selector, such as a Service's. */
export function hasLabels(labels: Value, from: Value, ...path: Path): Answer {
  const wanted = readStructure(from, ...path);
  if (wanted.state === "unknown") return "unknown";
  if (wanted.state !== "known") return yesIf(wanted.state === "absent");
  const value = wanted.value;
  return all(
    Object.keys(value).map((key) => {
      const text = readText(value, key);
      return text.state === "unknown" ? "unknown" : text.state === "known" ? labelIs(labels, key, [text.value]) : "no";
    }),
  );
}

/** Whether labels meet a selector with `matchLabels` and `matchExpressions`. An empty one is met by all. */
export function selects(from: Value, path: Path, labels: Value): Answer {
  const selector = readStructure(from, ...path);
  if (selector.state === "unknown") return "unknown";
  if (selector.state !== "known") return "no";
  const expressions = readList(selector.value, "matchExpressions");
  return all([
    hasLabels(labels, selector.value, "matchLabels"),
    ...(expressions.state === "unknown" ? (["unknown"] as const) : []),
    ...(expressions.state === "mistyped" ? (["no"] as const) : []),
    ...(expressions.state === "known" ? expressions.value.map((expression) => meets(labels, expression)) : []),
  ]);
}

/** Kinds whose pods an operator makes, with the path of the labels that it gives them and those of its own. */
const OPERATED: Readonly<Record<string, { readonly labels: Path; readonly name: string; readonly role: string }>> = {
  "kubernetes:postgresql.cnpg.io/v1:Cluster": {
    labels: ["spec", "inheritedMetadata", "labels"],
    name: "cnpg.io/cluster",
    role: "instance",
  },
  "kubernetes:postgresql.cnpg.io/v1:Pooler": {
    labels: ["spec", "template", "metadata", "labels"],
    name: "cnpg.io/poolerName",
    role: "pooler",
  },
};

/** Type tokens of the kinds whose pods an operator makes. */
export const OPERATED_TYPES: readonly string[] = Object.keys(OPERATED);

/** The label by which one pod of a StatefulSet is told from the others. */
const POD_NAME = "statefulset.kubernetes.io/pod-name";

/** The labels of the pods that a resource runs, with those that the cluster adds; of a StatefulSet's, the first pod's. */
export function podLabels({ type, props }: StackResource): Value {
  const operated = Object.hasOwn(OPERATED, type) ? OPERATED[type] : undefined;
  const labels = readStructure(props, ...(operated?.labels ?? [...podPath(type), "metadata", "labels"]));
  if (labels.state === "unknown") return UNKNOWN;
  const own = labels.state === "known" ? labels.value : {};
  const name = readText(props, "metadata", "name");
  const added = (suffix = ""): Value =>
    name.state === "known" ? `${name.value}${suffix}` : name.state === "unknown" ? UNKNOWN : null;
  if (operated !== undefined) return { ...own, [operated.name]: added(), "cnpg.io/podRole": operated.role };
  return type === "kubernetes:apps/v1:StatefulSet" ? { ...own, [POD_NAME]: added("-0") } : own;
}

/** Whether a selector of one resource takes the pods that another one runs. Both must stand in the same namespace. */
export const selectsPodsOf = (stack: StackView, from: StackResource, path: Path, runner: StackResource): Answer =>
  all([sameNamespace(stack, from, runner), selects(from.props, path, podLabels(runner))]);
