import { isIPv4 } from "node:net";
import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at, items } from "../values";
import { modelOf } from "./kind";

/** Who may talk to whom. */

const isRange = (cidr: string): boolean => {
  const [address = "", bits = ""] = cidr.split("/");
  return isIPv4(address) && /^\d+$/.test(bits) && Number(bits) <= 32;
};

function refusedRule(rule: unknown, direction: "ingress" | "egress"): Refusal[] {
  const property = `spec.${direction}`;
  const peers = items(at(rule, direction === "ingress" ? "from" : "to"));
  const ranges = peers.map((peer) => at(peer, "ipBlock.cidr")).filter((cidr) => typeof cidr === "string");
  const ports = items(at(rule, "ports"));
  return [
    ...ranges
      .filter((cidr) => !isRange(cidr))
      .map((cidr) => ({ property, reason: `Invalid value: "${cidr}": not a valid CIDR` })),
    ...ports
      .map((port) => at(port, "protocol") ?? "TCP")
      .filter((protocol) => protocol !== UNKNOWN && !["TCP", "UDP", "SCTP"].includes(text(protocol)))
      .map((protocol) => ({ property, reason: `Unsupported value: "${text(protocol)}"` })),
    ...ports
      .map((port) => at(port, "port"))
      .filter((port) => typeof port === "number" && (port < 1 || port > 65_535))
      .map((port) => ({ property, reason: `port ${String(port)} is not between 1 and 65535` })),
  ];
}

/** A policy without a pod selector is refused; an empty one chooses all pods of the namespace. */
function refusedPolicy(inputs: Values): Refusal[] {
  if (at(inputs, "spec.podSelector") === undefined) return [{ property: "spec.podSelector", reason: "Required value" }];
  return (["ingress", "egress"] as const).flatMap((direction) =>
    items(at(inputs, `spec.${direction}`)).flatMap((rule) => refusedRule(rule, direction)),
  );
}

export const networking: readonly ResourceModel[] = [
  modelOf({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", check: refusedPolicy }),
];
