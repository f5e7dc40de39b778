import { type Answer, all, any, judged } from "../../checks/answer";
import type { Judgements } from "../../checks/property";
import { type Path, read, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { FROM_ENTERPRISE, type StackRule } from "../../rule";
import { hasLabels, OPERATED_TYPES, podLabels, sameNamespace, selects, selectsPodsOf } from "./joins";
import { isolation, NETWORK_POLICY, noOpenWays, POD_SELECTOR } from "./networkPolicies";
import { POD_TYPES, SERVING_TYPES } from "./pods";
import { autoscaling, budgetsAllowWork, DISRUPTION_BUDGET, disruption } from "./scaling";

const SERVICE = "kubernetes:core/v1:Service";

/** A selector that takes no pod of the stack is a label misspelt. */
const mustSelect = (found: readonly Answer[], urn: string): Judgements =>
  judged(any(found), urn, "It selects no pod of the stack.", "Whether it selects a pod of the stack is");

/** A Service with a selector sends to pods; without one, or by another name, it sends elsewhere. */
function services(stack: StackView): Judgements {
  return stack.ofType(SERVICE).flatMap((service) => {
    const type = readText(service.props, "spec", "type");
    if (type.state === "known" && type.value === "ExternalName") return [];
    if (read(service.props, "spec", "selector").state === "absent") return [];
    const found = stack
      .ofType(...POD_TYPES, ...OPERATED_TYPES)
      .map((runner) =>
        all([sameNamespace(stack, service, runner), hasLabels(podLabels(runner), service.props, "spec", "selector")]),
      );
    return mustSelect(found, service.urn);
  });
}

/** A policy for all pods of its namespace may be there before any of them. */
const isForAll = ({ props }: StackResource): boolean => selects(props, POD_SELECTOR, {}) === "yes";

const bySelector = (stack: StackView, type: string, path: Path, types: readonly string[]): Judgements =>
  stack
    .ofType(type)
    .filter((owner) => !isForAll(owner))
    .flatMap((owner) =>
      mustSelect(
        stack.ofType(...types).map((runner) => selectsPodsOf(stack, owner, path, runner)),
        owner.urn,
      ),
    );

/** Everything around a workload is there, and finds it: budget, autoscaler, Services, network policies. */
export const workloadComplete: StackRule = {
  scope: "stack",
  name: "workload-complete",
  description:
    "Several replicas have a disruption budget, an autoscaler owns the number, selectors find pods, and ways in and out are shut but for those named.",
  why: "Each object alone is valid: only together they show that a Service sends to nobody, that a drained machine ends all replicas, or that a pod may reach anything.",
  remedy:
    "Give pods, Services, PodDisruptionBudget and NetworkPolicies the same labels; leave `spec.replicas` to the autoscaler by `ignoreChanges`; give each pod a NetworkPolicy for Ingress and Egress with a way out to UDP 53.",
  ids: ["C-31", "S1-57", "S1-58", "CIS-K8s 5.3.2", "CKV2_K8S_6"],
  levels: FROM_ENTERPRISE,
  check: (stack) => [
    ...disruption(stack),
    ...budgetsAllowWork(stack),
    ...autoscaling(stack),
    ...services(stack),
    ...bySelector(stack, DISRUPTION_BUDGET, ["spec", "selector"], SERVING_TYPES),
    ...bySelector(stack, NETWORK_POLICY, POD_SELECTOR, [...POD_TYPES, ...OPERATED_TYPES]),
    ...isolation(stack),
    ...noOpenWays(stack),
  ],
};
