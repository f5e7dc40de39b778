import { UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, resource } from "../cases";
import { all, changed, DNS, says, sound, WEB, without } from "./completeWorkload";
import { one, setting, template } from "./workloads";

const egress = (...rules: readonly Value[]) => changed("policy", ["spec", "egress"], rules);
const port = (more: Value): Value => ({ ports: [more] });
const types = (value: Value | undefined) => changed("policy", ["spec", "policyTypes"], value);
const job = resource(
  "kubernetes:batch/v1:CronJob",
  {
    metadata: { name: "job", namespace: "shop" },
    spec: { jobTemplate: { spec: { template: { ...template(), metadata: { labels: { app: "job" } } } } } },
  },
  "job",
);

const OPEN_PORTS: readonly Value[] = [
  { protocol: UNKNOWN, port: 53 },
  { protocol: "UDP", port: UNKNOWN },
  { protocol: "UDP", port: 1, endPort: UNKNOWN },
];
const WRONG_PORTS: readonly Value[] = [
  { protocol: "TCP", port: 53 },
  { port: 53 },
  { protocol: "UDP", port: 54 },
  { protocol: "UDP", port: 1, endPort: 52 },
  { protocol: "UDP", port: 54, endPort: 99 },
  { protocol: "UDP", port: "dns" },
];
const RIGHT_PORTS: readonly Value[] = [
  { protocol: "UDP" },
  { protocol: "UDP", port: 53, endPort: 53 },
  { protocol: "UDP", port: 1, endPort: 99 },
];

/** Ways in and out of pods. */
export const NETWORK: readonly Case[] = [
  says(one("fail", "no policy", without("policy"), "violated", "violated"), "ways into", "ways out"),
  says(one("fail", "a job without a policy", [...all(), job], "violated", "violated"), "ways into", "ways out"),
  one("pass", "a policy for all pods of the namespace", [job, ...changed("policy", ["spec", "podSelector"], {})]),
  one("pass", "a policy for all pods, before there are any", [
    sound.namespace,
    setting(sound.policy, ["spec", "podSelector"], {}),
  ]),
  says(one("fail", "a policy for nobody", [sound.namespace, sound.policy], "violated"), "no pod"),
  one(
    "fail",
    "a policy for others",
    changed("policy", ["spec", "podSelector", "matchLabels", "app"], "x"),
    ...Array<"violated">(3).fill("violated"),
  ),
  one(
    "unknown",
    "whom a policy is for",
    changed("policy", ["spec", "podSelector"], UNKNOWN),
    ...Array<"unverified">(4).fill("unverified"),
  ),
  says(one("fail", "ways in only", types(["Ingress"]), "violated"), "ways out"),
  says(one("fail", "ways out only", types(["Egress"]), "violated"), "ways into"),
  one("absent", "no types, but ways out", types(undefined)),
  one(
    "absent",
    "no types and no ways out",
    all({ policy: setting(setting(sound.policy, ["spec", "policyTypes"], undefined), ["spec", "egress"], undefined) }),
    "violated",
  ),
  one(
    "absent",
    "no types and no ways in",
    all({ policy: setting(setting(sound.policy, ["spec", "policyTypes"], undefined), ["spec", "ingress"], undefined) }),
  ),
  one("wrong type", "a type as a number", types([7, "Ingress"]), "violated"),
  one("unknown", "all types", types(UNKNOWN), "unverified", "unverified"),
  one("unknown", "one type", types(["Ingress", UNKNOWN]), "unverified"),
  says(one("fail", "no way to names", egress(WEB), "violated"), "ask for names"),
  one("absent", "no way out at all", changed("policy", ["spec", "egress"], undefined), "violated"),
  one("wrong type", "ways out that are no list", changed("policy", ["spec", "egress"], 7), "violated", "violated"),
  one("unknown", "all ways out", changed("policy", ["spec", "egress"], UNKNOWN), "unverified", "unverified"),
  one("unknown", "ports", egress({ ports: UNKNOWN }), "unverified"),
  ...OPEN_PORTS.map((open, index) => one("unknown", `port ${index + 1}`, egress(port(open)), "unverified")),
  ...WRONG_PORTS.map((wrong) => one("fail", `names by ${JSON.stringify(wrong)}`, egress(port(wrong)), "violated")),
  ...RIGHT_PORTS.map((right) => one("pass", `names by ${JSON.stringify(right)}`, egress(port(right)))),
  one("pass", "all ports of one peer", egress({ to: [{ ipBlock: { cidr: "192.0.2.0/24" } }] })),
  one("pass", "no ports, of one peer", egress({ to: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [] })),
  one("wrong type", "ports that are no list", egress({ ports: 7 }), "violated"),
  says(one("fail", "a way out to everything", egress(DNS, {}), "violated"), "open to everything", "egress"),
  says(
    one(
      "fail",
      "a way in from everything",
      changed("policy", ["spec", "ingress"], [{ from: [], ports: [] }]),
      "violated",
    ),
    "ingress",
  ),
  one("unknown", "a way out", egress(DNS, UNKNOWN), "unverified"),
  one("unknown", "the peers of a way out", egress(DNS, { to: UNKNOWN })),
  one("wrong type", "a way in that is none", changed("policy", ["spec", "ingress"], [7]), "violated"),
  one("absent", "a way in that is null", changed("policy", ["spec", "ingress"], [null]), "violated"),
];
