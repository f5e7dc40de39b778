import type { ProfileName } from "../../../policy/limits";
import { LIMITS } from "../../../policy/limits";
import type { Path } from "../../../policy/reading/reader";
import type { ResourceOptions } from "../../../policy/reading/resource";
import { type StackResource, StackView } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { matchesType, type Rule } from "../../../policy/rule";
import { RULES } from "../../../policy/rules";

/** The kinds of case that every rule must have; a rule adds as many of each as it needs. */
export const KINDS = ["pass", "fail", "unknown", "wrong type", "absent", "secret"] as const;

export interface Case {
  readonly kind: (typeof KINDS)[number];
  readonly title: string;
  /** The resources of the stack; a resource rule is asked about each of its types. */
  readonly resources: readonly StackResource[];
  readonly verdicts: readonly ("violated" | "unverified")[];
  /** Whose limits count; prod unless told. */
  readonly profile?: ProfileName;
  /** Texts that the messages must contain. */
  readonly says?: readonly string[];
  /** Texts that no message may contain. */
  readonly hides?: readonly string[];
}

/** The cases of some rules, by the rule's name. Every file *Cases.ts exports one as CASES. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

interface More extends Partial<ResourceOptions> {
  /** For each input, the resources that its value comes from. */
  readonly refers?: Readonly<Record<string, StackResource | readonly StackResource[]>>;
  readonly parent?: StackResource;
}

export function resource(type: string, props: Value, name = "it", more: More = {}): StackResource {
  const { refers = {}, parent, protect = false, ignoreChanges = [] } = more;
  return {
    urn: `urn:pulumi:test::project::${type}::${name}`,
    type,
    name,
    props,
    options: { protect, ignoreChanges },
    ...(parent === undefined ? {} : { parent: parent.urn }),
    propertyDependencies: Object.fromEntries(
      Object.entries(refers).map(([input, targets]) => [input, [targets].flat().map(({ urn }) => urn)]),
    ),
  };
}

export const app = (props: Value, name = "app"): StackResource => resource("scaling-ladder:app:LocalApp", props, name);

export const stackOutputs = (props: Value): StackResource => resource("pulumi:pulumi:Stack", props, "project-test");

type Structure = { readonly [key: string]: Value };

/** The same resource with the value at a path put in place, or taken away when it is `undefined`. */
export function having(original: StackResource, path: Path, value: Value | undefined): StackResource {
  return { ...original, props: put(original.props, path, value) };
}

function put(from: Value, [key, ...rest]: Path, value: Value | undefined): Value {
  if (key === undefined) return value ?? null;
  if (typeof key === "number") {
    const list: readonly Value[] = Array.isArray(from) ? from : [];
    return list.map((item, index) => (index === key ? put(item, rest, value) : item));
  }
  const { [key]: old = null, ...others } = from as Structure;
  return rest.length === 0 && value === undefined ? others : { ...others, [key]: put(old, rest, value) };
}

type Answer = "passes" | "violated" | "unverified";

/** What a rule is to say when the one property that it is about has each of these values. */
export interface PropertyAnswers {
  readonly absent: Answer;
  readonly false?: Answer;
  readonly true?: Answer;
  readonly unknown: Answer;
  /** The sound value, marked secret. */
  readonly secret: Answer;
  /** Any other value of interest, by its title. */
  readonly values?: Readonly<Record<string, readonly [value: Value, answer: Answer]>>;
}

/**
 * The cases of a rule about one property, from a resource that keeps the rule. A value of a wrong type is always
 * violated: no rule may take it for a right one.
 */
export function propertyCases(sound: StackResource, path: Path, answers: PropertyAnswers): readonly Case[] {
  const name = path.join(".");
  const one = (kind: Case["kind"], title: string, value: Value | undefined, answer: Answer): Case => ({
    kind,
    title: `${name}: ${title}`,
    resources: [having(sound, path, value)],
    verdicts: answer === "passes" ? [] : [answer],
  });
  const kindOf = (answer: Answer): Case["kind"] => (answer === "violated" ? "fail" : "pass");
  const flags = ([false, true] as const).flatMap((flag) => {
    const answer = answers[`${flag}`];
    return answer === undefined ? [] : [one(kindOf(answer), String(flag), flag, answer)];
  });
  return [
    { kind: "pass", title: `${name}: sound`, resources: [sound], verdicts: [] },
    ...flags,
    ...Object.entries(answers.values ?? {}).map(([title, [value, answer]]) =>
      one(kindOf(answer), title, value, answer),
    ),
    one("absent", "left out", undefined, answers.absent),
    one("absent", "null", null, answers.absent),
    one("wrong type", "a structure of another kind", { other: ["kind"] }, "violated"),
    one("unknown", "not known yet", UNKNOWN, answers.unknown),
    one("secret", "the sound value, marked secret", new Secret(valueAt(sound.props, path)), answers.secret),
  ];
}

function valueAt(from: Value, path: Path): Value {
  return path.reduce<Value>((value, key) => (value as Structure)[key] ?? null, from);
}

export function ruleNamed(name: string): Rule {
  const rule = RULES.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
}

/** What a rule finds in a stack. */
export function judge(rule: Rule, resources: readonly StackResource[], profile: ProfileName = "prod") {
  const limits = LIMITS[profile];
  return rule.scope === "stack"
    ? rule.check(new StackView(resources), limits)
    : resources.filter(({ type }) => matchesType(rule.types, type)).flatMap((one) => rule.check(one, limits));
}
