import { type Answer, all, any, judged } from "../../checks/answer";
import { about, type Check, each, structure } from "../../checks/parts";
import { type Judgements, shown, violated } from "../../checks/property";
import { type Path, read, readList, readNumber, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import type { Value } from "../../reading/value";
import { OPERATED_TYPES, selectsPodsOf } from "./joins";
import { POD_TYPES } from "./pods";

export const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
/** Which pods a NetworkPolicy is about. */
export const POD_SELECTOR = ["spec", "podSelector"] as const;

const DNS_PORT = 53;

type Direction = "Ingress" | "Egress";
const RULES: Readonly<Record<Direction, string>> = { Ingress: "ingress", Egress: "egress" };

/** Left out, a policy is about ways in, and about ways out when it names any. */
function isAbout({ props }: StackResource, direction: Direction): Answer {
  const types = readList(props, "spec", "policyTypes");
  if (types.state === "unknown") return "unknown";
  if (types.state !== "known") {
    return direction === "Ingress" || read(props, "spec", RULES[direction]).state !== "absent" ? "yes" : "no";
  }
  return any(
    types.value.map((_, index) => {
      const type = readText(types.value, index);
      return type.state === "unknown" ? "unknown" : type.state === "known" && type.value === direction ? "yes" : "no";
    }),
  );
}

/** Whether a port of a way out takes DNS: UDP, to which a resolver turns first, and a number or a range with 53. */
function takesDns(port: Value): Answer {
  const protocol = readText(port, "protocol");
  const [first, last] = [readNumber(port, "port"), readNumber(port, "endPort")];
  if (protocol.state === "unknown" || first.state === "unknown" || last.state === "unknown") return "unknown";
  if (protocol.state !== "known" || protocol.value !== "UDP") return "no";
  if (first.state === "absent") return "yes";
  if (first.state !== "known") return "no";
  const end = last.state === "known" ? last.value : first.value;
  return first.value <= DNS_PORT && DNS_PORT <= end ? "yes" : "no";
}

/** Whether a policy has a way out for name resolution. A way out without ports takes all. */
function letsDnsOut({ props }: StackResource): Answer {
  const rules = readList(props, "spec", "egress");
  if (rules.state === "unknown") return "unknown";
  if (rules.state !== "known") return "no";
  return any(
    rules.value.map((rule) => {
      const ports = readList(rule, "ports");
      if (ports.state === "unknown") return "unknown";
      if (ports.state === "absent") return "yes";
      if (ports.state === "mistyped") return "no";
      return ports.value.length === 0 ? "yes" : any(ports.value.map(takesDns));
    }),
  );
}

/** Ways in and out of every pod of the stack are shut but for those that are named, and names are found. */
export function isolation(stack: StackView): Judgements {
  const policies = stack.ofType(NETWORK_POLICY);
  return stack.ofType(...POD_TYPES, ...OPERATED_TYPES).flatMap((runner): Judgements => {
    const covering = policies.map((policy) => ({ policy, covers: selectsPodsOf(stack, policy, POD_SELECTOR, runner) }));
    const shut = (direction: Direction): Answer =>
      any(covering.map(({ policy, covers }) => all([covers, isAbout(policy, direction)])));
    const must = (found: Answer, what: string): Judgements =>
      judged(found, runner.urn, `No NetworkPolicy ${what}.`, `Whether a NetworkPolicy ${what} is`);
    const out = shut("Egress");
    return [
      ...must(shut("Ingress"), "shuts the ways into its pods"),
      ...must(out, "shuts the ways out of its pods"),
      // Without a policy about ways out, all are open, that of DNS too.
      ...(out === "no"
        ? []
        : must(
            any(covering.map(({ policy, covers }) => all([covers, letsDnsOut(policy)]))),
            "lets its pods ask for names",
          )),
    ];
  });
}

const isEmpty = (from: Value, path: Path): boolean => {
  const list = readList(from, ...path);
  return list.state === "absent" || (list.state === "known" && list.value.length === 0);
};

/** A way without peers and without ports. */
const open: Check = (from, ...path) =>
  ["from", "to", "ports"].every((part) => isEmpty(from, [...path, part]))
    ? violated(`${shown(path)} is open to everything.`)
    : [];

/** One open way undoes all that policies shut. */
export const noOpenWays = (stack: StackView): Judgements =>
  stack
    .ofType(NETWORK_POLICY)
    .flatMap(({ urn, props }) =>
      Object.values(RULES).flatMap((rules) => about(urn, each(structure(open))(props, "spec", rules))),
    );
