import type { Check } from "../../checks/parts";
import { type Judgements, shown, unverified, violated } from "../../checks/property";
import { credentialForm, isCredentialName, isPlaceholder, isProgram } from "../../credentials";
import { type Leaf, leaves, type Path, read, readText } from "../../reading/reader";
import { Unknown, type Value } from "../../reading/value";
import { ALWAYS, type ResourceRule } from "../../rule";
import { ofContainers, POD_TYPES } from "./pods";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** Why a text that stands under a name is a credential, in words; undefined when it is none. */
function whyCredential(name: string, text: string): string | undefined {
  if (isPlaceholder(text)) return undefined;
  if (isCredentialName(name)) return "a value under the name of a credential";
  return credentialForm(text, isProgram(name) ? "program" : "settings");
}

/** What a leaf has of a credential. A value that is itself marked secret is one, whatever it is. */
function judgeLeaf({ value, markedItself }: Leaf, name: string, path: Path): Judgements {
  const holds = (what: string): Judgements => violated(`${shown(path)} holds ${what}, for all to read.`);
  if (markedItself) return holds("a value that is marked secret");
  if (value instanceof Unknown) return unverified(shown(path));
  const why = whyCredential(name, String(value));
  return why === undefined ? [] : holds(why);
}

/** The name that a leaf of a container stands under: of its variable, or of the option before it in a command line. */
function nameOf(container: Value, [list, index, ...inside]: Path): string {
  if (typeof index !== "number") return "";
  const name =
    list === "env" && inside[0] === "value"
      ? readText(container, "env", index, "name")
      : list === "command" || list === "args"
        ? readText(container, list, index - 1)
        : undefined;
  if (name?.state !== "known") return "";
  return list === "env" || /^--?[A-Za-z]/.test(name.value) ? name.value : "";
}

/** Whether a value that is not known may yet turn out to be a credential: a reference, an image or a port does not. */
const mayBecomeOne = ([list, index, field]: Path): boolean =>
  list === "command" ||
  list === "args" ||
  (list === "env" && (field === "value" || field === undefined || index === undefined));

const container: Check = (from, ...path) => {
  const reading = read(from, ...path);
  return reading.state !== "known"
    ? []
    : leaves(reading.value)
        .filter((leaf) => !(leaf.value instanceof Unknown) || leaf.markedItself || mayBecomeOne(leaf.path))
        .flatMap((leaf) => judgeLeaf(leaf, nameOf(reading.value, leaf.path), [...path, ...leaf.path]));
};

const decoded = (leaf: Leaf): Leaf =>
  typeof leaf.value === "string" ? { ...leaf, value: Buffer.from(leaf.value, "base64").toString() } : leaf;

function configMap(props: Value): Judgements {
  const judge = (part: "data" | "binaryData", decode: (leaf: Leaf) => Leaf): Judgements => {
    const reading = read(props, part);
    if (reading.state === "unknown") return unverified(shown([part]));
    if (reading.state !== "known") return [];
    return leaves(reading.value).flatMap((leaf) =>
      judgeLeaf(decode(leaf), String(leaf.path[0] ?? ""), [part, ...leaf.path]),
    );
  };
  return [...judge("data", (leaf) => leaf), ...judge("binaryData", decoded)];
}

/** Credentials belong into Secrets, which few may read, and into the state as secrets. */
export const k8sNoSecretEnv: ResourceRule = {
  scope: "resource",
  name: "k8s-no-secret-env",
  description: "No credential stands in a container's variables, its command line, or a ConfigMap.",
  why: "Whoever may look at a workload reads it there: in `kubectl describe`, in crash reports, in the list of processes, in the state.",
  remedy: "Put it into a Secret, and refer to it by `valueFrom.secretKeyRef`, or mount it as a file.",
  ids: ["S1-12", "S1-17", "S1-52", "S1-54", "S1-55"],
  levels: ALWAYS,
  types: [...POD_TYPES, CONFIG_MAP],
  check: (resource) => (resource.type === CONFIG_MAP ? configMap(resource.props) : ofContainers(resource, container)),
};
