import { all, at, each, leftOut, oneOf, optional } from "../../checks/parts";
import { type Judgements, unverified, violated } from "../../checks/property";
import { readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, type ResourceRule } from "../../rule";

const TYPE = ["spec", "type"] as const;

/** What tells AWS to make a load balancer without a way in from the internet; the second is the older form. */
const INTERNAL: readonly (readonly [annotation: string, value: string])[] = [
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"],
  ["service.beta.kubernetes.io/aws-load-balancer-internal", "true"],
];

function mustBeInternal(props: Value): Judgements {
  const type = readText(props, ...TYPE);
  if (type.state !== "known" || type.value !== "LoadBalancer") return [];
  const found = INTERNAL.map(([annotation, value]) => ({
    value,
    told: readText(props, "metadata", "annotations", annotation),
  }));
  if (found.some(({ value, told }) => told.state === "known" && told.value === value)) return [];
  if (found.some(({ told }) => told.state === "unknown")) return unverified("Whether the load balancer is internal is");
  return violated("The load balancer is not internal: it would take unencrypted connections from the internet.");
}

const service = all(
  at(TYPE, optional(oneOf("ClusterIP", "ExternalName", "LoadBalancer"))),
  at(["spec", "externalIPs"], leftOut),
  at(["spec", "ports"], each(at(["nodePort"], leftOut))),
);

/** Where to and from pods may be reached. */
export const k8sExposure: ResourceRule = {
  scope: "resource",
  name: "k8s-exposure",
  description:
    "No Service opens a port of the machines or takes addresses for itself, and load balancers are internal.",
  why: "A port on every machine goes past the load balancer and its rules; an external address can be taken to listen in on others; and a Service does not encrypt.",
  remedy:
    "Use `ClusterIP`, or `LoadBalancer` with the annotation `aws-load-balancer-scheme: internal`, and put what ends TLS before it.",
  ids: ["S1-57", "C-31"],
  levels: ALWAYS,
  types: ["kubernetes:core/v1:Service"],
  check: ({ props }) => [...service(props), ...mustBeInternal(props)],
};
