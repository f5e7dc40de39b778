import { UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, having, resource } from "../cases";
import { one } from "../oneCase";
import { DNS, namespace, SELECTOR, type Structure, WEB } from "./completeWorkload";
import { LABELS, template } from "./workloads";

/** Pods that an operator makes, and labels that Kubernetes itself gives to pods. */

const make = (kind: string, name: string, spec: Structure) =>
  resource(`kubernetes:${kind}`, { metadata: { name, namespace: "shop" }, spec }, name);

const policyFor = (matchLabels: Structure) =>
  make("networking.k8s.io/v1:NetworkPolicy", "policy", {
    podSelector: { matchLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [WEB],
    egress: [DNS],
  });

const servers = make("apps/v1:StatefulSet", "servers", { replicas: 1, selector: SELECTOR, template: template() });
const toPod = (name: Value) =>
  make("core/v1:Service", "service", { selector: { ...LABELS, "statefulset.kubernetes.io/pod-name": name } });
const firstOf = (name: Value) => [namespace, servers, policyFor(LABELS), toPod(name)];

const cluster = make("postgresql.cnpg.io/v1:Cluster", "postgres", {
  instances: 3,
  inheritedMetadata: { labels: { app: "postgres" } },
});
const pooler = make("postgresql.cnpg.io/v1:Pooler", "pool", {
  template: { metadata: { labels: { app: "pgbouncer" } } },
});
const instances = policyFor({ "cnpg.io/cluster": "postgres", "cnpg.io/podRole": "instance" });

const NO_POD = { says: ["It selects no pod of the stack."] };

export const OPERATED: readonly Case[] = [
  one("pass", "a Service for the first pod of a StatefulSet", firstOf("servers-0")),
  one("fail", "a Service for the first pod of another one", firstOf("others-0"), ["violated"], NO_POD),
  one("unknown", "a Service for a pod whose name is not known", firstOf(UNKNOWN), ["unverified"]),
  one("pass", "a policy for the instances of a database", [namespace, cluster, instances]),
  one("pass", "a policy for them by the label that they inherit", [namespace, cluster, policyFor({ app: "postgres" })]),
  one("pass", "a policy for a pooler", [namespace, pooler, policyFor({ "cnpg.io/poolerName": "pool" })]),
  one(
    "fail",
    "a policy for the instances of another database",
    [namespace, having(cluster, ["metadata", "name"], "other"), instances],
    ["violated", "violated", "violated"],
  ),
  one("fail", "a database that anybody reaches", [namespace, cluster], ["violated", "violated"]),
  one(
    "unknown",
    "a database whose name is not known",
    [namespace, having(cluster, ["metadata", "name"], UNKNOWN), instances],
    ["unverified", "unverified", "unverified", "unverified"],
  ),
];
