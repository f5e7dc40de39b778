import { credentialForm, isCredentialName, isPlaceholder, isReferenceName } from "../../credentials";
import { type Leaf, leaves, type Path } from "../../reading/reader";
import type { StackView } from "../../reading/stackView";
import { toValue, Unknown } from "../../reading/value";
import { ALWAYS, type Judgement, type StackRule } from "../../rule";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Shorter secrets occur in other texts by chance. */
const SHORTEST_SECRET = 8;
/** As many unknown outputs are named; of the rest, the number. */
const NAMED_UNKNOWNS = 10;

const names = (path: Path): readonly string[] => path.filter((part) => typeof part === "string");

/** A text marked secret by itself is a secret; inside a structure marked as a whole, its name or form must say so. */
const isSecretText = (leaf: Leaf, text: string): boolean =>
  leaf.markedItself || isCredentialName(names(leaf.path).at(-1) ?? "") || credentialForm(text) !== undefined;

/** Every known secret text of the stack, in the spellings in which it may turn up inside another text. */
function secretTexts(stack: StackView): ReadonlySet<string> {
  const texts = new Set<string>();
  for (const resource of stack.resources) {
    for (const leaf of leaves(resource.props)) {
      if (!leaf.secret || typeof leaf.value !== "string" || leaf.value.length < SHORTEST_SECRET) continue;
      if (!isSecretText(leaf, leaf.value)) continue;
      texts.add(leaf.value);
      // By way of bytes, because a broken character makes encodeURIComponent throw.
      const bytes = Buffer.from(leaf.value);
      texts.add(encodeURIComponent(bytes.toString()));
      texts.add(bytes.toString("base64"));
    }
  }
  return texts;
}

/** Why a leaf is a credential by the names on its path: its own, or that of a group it is in. */
function byName(path: Path): boolean {
  const all = names(path);
  const own = all.at(-1) ?? "";
  return isCredentialName(own) || (!isReferenceName(own) && all.some(isCredentialName));
}

/** A text that is itself JSON is looked into, so that a credential in a serialised document is found. */
function insideJson(text: string): readonly Leaf[] {
  if (!/^\s*[[{]/.test(text)) return [];
  try {
    return leaves(toValue(JSON.parse(text)));
  } catch {
    return [];
  }
}

function whyCredential(path: Path, value: Leaf["value"], secrets: ReadonlySet<string>): string | undefined {
  if (typeof value === "boolean" || value instanceof Unknown) return undefined;
  const text = String(value);
  for (const secret of secrets) {
    if (text.includes(secret)) return "a value that is marked secret elsewhere in the stack";
  }
  if (isPlaceholder(text)) return undefined;
  if (byName(path) && (typeof value === "string" || /pass|pwd/i.test(names(path).at(-1) ?? ""))) {
    return "a value under the name of a credential";
  }
  const form = credentialForm(text);
  if (form !== undefined) return form;
  for (const leaf of insideJson(text)) {
    const why = whyCredential([...path, ...leaf.path], leaf.value, secrets);
    if (why !== undefined) return `${why} (inside JSON text)`;
  }
  return undefined;
}

/** The path of an output, for people. A part that would itself give a secret away is left out. */
function show(path: Path, secrets: ReadonlySet<string>): string {
  const safe = (part: string): string =>
    credentialForm(part) !== undefined || [...secrets].some((secret) => part.includes(secret)) ? "[hidden]" : part;
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${safe(part)}`));
  return `\`${parts.join("").replace(/^\./, "")}\``;
}

function check(stack: StackView): readonly Judgement[] {
  const secrets = secretTexts(stack);
  return stack.resources.flatMap((resource): readonly Judgement[] => {
    if (resource.type !== STACK_TYPE) return [];
    const plain = leaves(resource.props).filter((leaf) => !leaf.secret);
    const violated = plain.flatMap((leaf): readonly Judgement[] => {
      const why = whyCredential(leaf.path, leaf.value, secrets);
      if (why === undefined) return [];
      const message = `Output ${show(leaf.path, secrets)} is not marked secret and holds ${why}.`;
      return [{ verdict: "violated", urn: resource.urn, message }];
    });
    const unknown = plain.filter((leaf) => leaf.value instanceof Unknown).map((leaf) => show(leaf.path, secrets));
    if (unknown.length === 0) return violated;
    const more = unknown.length > NAMED_UNKNOWNS ? ` and ${unknown.length - NAMED_UNKNOWNS} more` : "";
    const message = `Not known before \`pulumi up\`: ${unknown.slice(0, NAMED_UNKNOWNS).join(", ")}${more}.`;
    return [...violated, { verdict: "unverified", urn: resource.urn, message }];
  });
}

/** Stack outputs are printed, stored in logs and read by other stacks: none may carry a credential in plain text. */
export const outputsNoCredentials: StackRule = {
  scope: "stack",
  name: "outputs-no-credentials",
  description: "No stack output carries a password, a key or a URL with credentials, unless it is marked secret.",
  why: "Plain outputs are shown by every `pulumi up`, kept unencrypted in the state and in CI logs, and handed to other stacks.",
  remedy:
    "Export it with `pulumi.secret(...)`, or not at all. An output that only names a credential should say so: end its name in Name, Arn, Id or Path.",
  ids: ["S0-18", "S1-12", "S1-17"],
  levels: ALWAYS,
  check,
};
