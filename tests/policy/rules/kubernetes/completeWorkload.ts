import type { StackResource } from "../../../../policy/reading/stackView";
import { UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, resource } from "../cases";
import { LABELS, setting, template } from "./workloads";

export type Structure = { readonly [key: string]: Value };

export const namespace = resource("kubernetes:core/v1:Namespace", { metadata: { name: "shop" } }, "shop");
export const elsewhere = resource("kubernetes:core/v1:Namespace", { metadata: { name: "other" } }, "other");

/** Objects in one namespace: named, as after `up`, or known by where the name comes from, as before. */
const make =
  (before: boolean) =>
  (kind: string, spec: Structure, name: string, refers: Readonly<Record<string, StackResource>> = {}) =>
    resource(`kubernetes:${kind}`, { metadata: { name, namespace: before ? UNKNOWN : "shop" }, spec }, name, {
      refers: { metadata: namespace, ...refers },
      ignoreChanges: kind.endsWith("Deployment") ? ["spec.replicas"] : [],
    });

export const SELECTOR: Structure = { matchLabels: LABELS };
export const DNS: Structure = { ports: [{ protocol: "UDP", port: 53 }] };
export const WEB: Structure = { ports: [{ protocol: "TCP", port: "http" }] };

/** A workload with all that belongs to it. */
export function complete(before = false) {
  const object = make(before);
  const workload = object("apps/v1:Deployment", { replicas: 3, selector: SELECTOR, template: template() }, "app");
  return {
    namespace,
    workload,
    budget: object("policy/v1:PodDisruptionBudget", { maxUnavailable: 1, selector: SELECTOR }, "budget"),
    scaler: object(
      "autoscaling/v2:HorizontalPodAutoscaler",
      {
        minReplicas: 3,
        maxReplicas: 9,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: before ? UNKNOWN : "app" },
      },
      "scaler",
      { spec: workload },
    ),
    service: object("core/v1:Service", { type: "LoadBalancer", selector: LABELS, ports: [{ port: 80 }] }, "web"),
    policy: object(
      "networking.k8s.io/v1:NetworkPolicy",
      { podSelector: SELECTOR, policyTypes: ["Ingress", "Egress"], ingress: [WEB], egress: [DNS, WEB] },
      "policy",
    ),
  };
}
type Part = keyof ReturnType<typeof complete>;

export const sound = complete();
export const all = (parts: Partial<Record<Part, StackResource>> = {}) => Object.values({ ...sound, ...parts });
export const without = (...left: readonly Part[]) =>
  Object.entries(sound).flatMap(([part, made]) => (left.includes(part as Part) ? [] : [made]));
export const changed = (part: Part, path: readonly (string | number)[], value: Value | undefined) =>
  all({ [part]: setting(sound[part], path, value) });
export const says = (made: Case, ...texts: readonly string[]): Case => ({ ...made, says: texts });
