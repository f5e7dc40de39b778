import { type Answer, all, any, judged } from "../../checks/answer";
import { type Judgements, unverified, violated } from "../../checks/property";
import { type Reading, read, readCount, readNumber, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { sameNamespace, selectsPodsOf } from "./joins";

export const DISRUPTION_BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
/** What has a number of replicas that may be scaled. */
const SCALED = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];

const REPLICAS = ["spec", "replicas"] as const;
const ONE: Reading<number> = { state: "known", value: 1, secret: false };

const kindOf = ({ type }: StackResource): string => type.slice(type.lastIndexOf(":") + 1);

/** Whether an autoscaler is about a workload: by the name it gives, or, while that is not known, by where it comes from. */
function scales(stack: StackView, autoscaler: StackResource, workload: StackResource): Answer {
  const kind = readText(autoscaler.props, "spec", "scaleTargetRef", "kind");
  if (kind.state === "unknown") return "unknown";
  if (kind.state !== "known" || kind.value !== kindOf(workload)) return "no";
  return all([sameNamespace(stack, autoscaler, workload), isNamed(stack, autoscaler, workload)]);
}

function isNamed(stack: StackView, autoscaler: StackResource, workload: StackResource): Answer {
  const wanted = readText(autoscaler.props, "spec", "scaleTargetRef", "name");
  if (wanted.state === "unknown") {
    const origins = stack.referredBy(autoscaler, workload.type, "spec");
    return origins.length === 0 ? "unknown" : origins.includes(workload) ? "yes" : "no";
  }
  const name = readText(workload.props, "metadata", "name");
  if (name.state === "unknown") return "unknown";
  return wanted.state === "known" && name.state === "known" && wanted.value === name.value ? "yes" : "no";
}

/** How many pods a workload has at least: what its autoscaler keeps, or else its own number; one when told nothing. */
function effectiveReplicas(stack: StackView, workload: StackResource): Reading<number> {
  const found = stack.ofType(AUTOSCALER).map((autoscaler) => ({ autoscaler, is: scales(stack, autoscaler, workload) }));
  const sure = found.filter(({ is }) => is === "yes");
  if (sure.length === 0 && found.some(({ is }) => is === "unknown")) return { state: "unknown", secret: false };
  const counts =
    sure.length === 0
      ? [readCount(workload.props, ...REPLICAS)]
      : sure.map(({ autoscaler }) => readCount(autoscaler.props, "spec", "minReplicas"));
  return counts.map((count) => (count.state === "absent" ? ONE : count)).reduce(more);
}

/** The one that asks for more pods; what cannot be read asks for any number. */
const more = (one: Reading<number>, other: Reading<number>): Reading<number> =>
  one.state === "mistyped" || (one.state === "unknown" && other.state !== "mistyped")
    ? one
    : other.state === "known" && one.state === "known" && one.value > other.value
      ? one
      : other;

/** Two replicas or more have a budget, so that work on machines never ends all of them at once. */
export function disruption(stack: StackView): Judgements {
  return stack.ofType(...SCALED).flatMap((workload): Judgements => {
    const { urn } = workload;
    const count = effectiveReplicas(stack, workload);
    if (count.state === "mistyped") return violated("Its replicas must be a whole number.", urn);
    if (count.state === "known" && count.value < 2) return [];
    const budgets = stack.ofType(DISRUPTION_BUDGET);
    const found = any(budgets.map((budget) => selectsPodsOf(stack, budget, ["spec", "selector"], workload)));
    if (count.state !== "known") return found === "yes" ? [] : unverified("The number of its replicas is", urn);
    return judged(
      found,
      urn,
      "It has several replicas, and no PodDisruptionBudget selects its pods.",
      "Whether a PodDisruptionBudget selects its pods is",
    );
  });
}

/** A budget must let some pod go, or no machine can ever be emptied. */
export function budgetsAllowWork(stack: StackView): Judgements {
  return stack.ofType(DISRUPTION_BUDGET).flatMap((budget): Judgements => {
    const { urn, props } = budget;
    const limits = ["maxUnavailable", "minAvailable"].map((name) => read(props, "spec", name));
    if (limits.some(({ state }) => state === "unknown")) return unverified("How many pods it lets go is", urn);
    const [most, least] = limits.map((limit) => (limit.state === "known" ? limit.value : undefined));
    const none = most === 0 || most === "0%" || least === "100%";
    return none || keepsAll(stack, budget) ? violated("It never lets a pod go: no machine could be emptied.", urn) : [];
  });
}

function keepsAll(stack: StackView, budget: StackResource): boolean {
  const least = readNumber(budget.props, "spec", "minAvailable");
  if (least.state !== "known") return false;
  return stack
    .ofType(...SCALED)
    .filter((workload) => selectsPodsOf(stack, budget, ["spec", "selector"], workload) === "yes")
    .some((workload) => {
      const count = effectiveReplicas(stack, workload);
      return count.state === "known" && least.value >= count.value;
    });
}

/** An autoscaler is about a workload of the stack, which leaves the number of its replicas to it. */
export function autoscaling(stack: StackView): Judgements {
  return stack.ofType(AUTOSCALER).flatMap((autoscaler): Judgements => {
    const kind = readText(autoscaler.props, "spec", "scaleTargetRef", "kind");
    // Kinds of other makers may be scaled too; the stack need not know them.
    if (kind.state === "known" && !SCALED.some((type) => type.endsWith(`:${kind.value}`))) return [];
    const found = stack.ofType(...SCALED).map((workload) => ({ workload, is: scales(stack, autoscaler, workload) }));
    return [
      ...judged(
        any(found.map(({ is }) => is)),
        autoscaler.urn,
        "It scales nothing that is in the stack.",
        "What it scales is",
      ),
      ...found.filter(({ is }) => is === "yes").flatMap(({ workload }) => leavesReplicas(workload)),
    ];
  });
}

function leavesReplicas({ urn, props, options }: StackResource): Judgements {
  const isLeft =
    read(props, ...REPLICAS).state === "absent" ||
    options.ignoreChanges.some((path) => path === "spec" || path === "spec.replicas");
  return isLeft
    ? []
    : violated("It sets `spec.replicas`, which its autoscaler changes: each `up` would set it back.", urn);
}
