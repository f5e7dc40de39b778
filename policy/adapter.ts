import type {
  Policies,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { EXEMPTIONS_CURRENT, type ExemptionBook } from "./exemptions";
import { isListLimit, LIMIT_TEXTS, LIMITS, type Limits } from "./limits";
import { exemptionMessages, toldOf, writeMessage } from "./message";
import { ACCOUNT } from "./name";
import { type StackResource, StackView } from "./reading/stackView";
import type { Value } from "./reading/value";
import { type Judgement, matchesType, type ResourceRule, type Rule, type RuleInfo, type StackRule } from "./rule";
import { messageOf, propertiesOf } from "./wire";

/** How the SDK takes a single report of another level than its policy's; it is there, but missing from its types. */
type ReportAtLevel = (report: { message: string; enforcementLevel: "advisory"; urn?: string }) => void;

/** Tells a judgement to the engine, unless an exemption covers it. */
function report(
  rule: RuleInfo,
  judgement: Judgement,
  urn: string,
  exemptions: ExemptionBook,
  tell: ReportViolation,
): void {
  const told = toldOf(rule, judgement, urn, exemptions);
  const text = writeMessage(rule, told);
  if (told.verdict === "violated") {
    // The SDK puts the description in front by itself.
    tell(text.slice(rule.description.length + 1), urn);
  } else {
    // What cannot be known yet, and what is allowed, must be seen, but must not stop a preview, whatever the rule's level.
    (tell as unknown as ReportAtLevel)({ message: text, enforcementLevel: "advisory", urn });
  }
}

const info = (rule: RuleInfo) => ({
  name: rule.name,
  description: rule.description,
  // Without a configuration the strict profile holds.
  enforcementLevel: rule.levels.prod,
  remediationSteps: rule.remedy,
  tags: [...rule.ids],
  ...(rule.limits === undefined ? {} : { configSchema: schemaOf(rule.limits) }),
});

function schemaOf(limits: readonly (keyof Limits)[]): PolicyConfigSchema {
  const property = (limit: keyof Limits) => ({
    description: LIMIT_TEXTS[limit],
    default: LIMITS.prod[limit],
    ...(isListLimit(limit)
      ? { type: "array" as const, items: { type: "string" as const } }
      : { type: "number" as const }),
  });
  return { properties: Object.fromEntries(limits.map((limit) => [limit, property(limit)])) };
}

const limitsOf = (args: { getConfig<T extends object>(): T }): Limits => ({
  ...LIMITS.prod,
  ...args.getConfig<Partial<Limits>>(),
});

/** The inputs of the resources seen so far, by URN: the engine shows them to resource policies only. */
type Inputs = Map<string, Value>;

/** What the policies of one run share. */
interface Shared {
  readonly exemptions: ExemptionBook;
  readonly view: (resources: readonly SdkResource[]) => StackView;
  /** The rules that were asked about something. */
  readonly asked: Set<string>;
}

function resourcePolicy(rule: ResourceRule, { exemptions, asked }: Shared): ResourceValidationPolicy {
  return {
    ...info(rule),
    validateResource: (args, tell) => {
      if (!matchesType(rule.types, args.type)) args.notApplicable(`about ${rule.types.join(", ")}`);
      asked.add(rule.name);
      const { urn, type, name, opts } = args;
      const { protect, ignoreChanges } = opts;
      const view = { urn, type, name, props: propertiesOf(args.props), options: { protect, ignoreChanges } };
      for (const judgement of rule.check(view, limitsOf(args))) report(rule, judgement, urn, exemptions, tell);
    },
  };
}

const isStructure = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A component has no outputs but those it registers, so what it was created with shows through. */
function outputsOverInputs(outputs: Value, inputs: Value | undefined): Value {
  return isStructure(outputs) && isStructure(inputs) ? { ...inputs, ...outputs } : outputs;
}

type SdkResource = StackValidationArgs["resources"][number];

const urnsOf = (dependencies: Readonly<Record<string, readonly SdkResource[]>>) =>
  Object.fromEntries(Object.entries(dependencies).map(([input, found]) => [input, found.map(({ urn }) => urn)]));

function viewOf(
  { urn, type, name, props, opts, parent, propertyDependencies }: SdkResource,
  inputs: Inputs,
): StackResource {
  return {
    urn,
    type,
    name,
    props: outputsOverInputs(propertiesOf(props), inputs.get(urn)),
    options: { protect: opts.protect, ignoreChanges: opts.ignoreChanges },
    ...(parent === undefined ? {} : { parent: parent.urn }),
    propertyDependencies: urnsOf(propertyDependencies),
  };
}

/** One view of a stack for all its rules: the SDK hands the same stack to each policy anew. */
function sharedView(inputs: Inputs): (resources: readonly SdkResource[]) => StackView {
  const views = new WeakMap<object, StackView>();
  return (resources) => {
    const [first] = resources;
    const key = first === undefined ? undefined : messageOf(first.props);
    const kept = key === undefined ? undefined : views.get(key);
    if (kept !== undefined) return kept;
    const view = new StackView(resources.map((resource) => viewOf(resource, inputs)));
    if (key !== undefined) views.set(key, view);
    return view;
  };
}

function stackPolicy(rule: StackRule, { exemptions, view, asked }: Shared): StackValidationPolicy {
  return {
    ...info(rule),
    validateStack: (args, tell) => {
      asked.add(rule.name);
      const stack = view(args.resources);
      for (const judgement of rule.check(stack, limitsOf(args)))
        report(rule, judgement, judgement.urn ?? stackUrn(stack), exemptions, tell);
    },
  };
}

const STACK_TYPE = "pulumi:pulumi:Stack";

const stackUrn = (stack: StackView): string => stack.ofType(STACK_TYPE)[0]?.urn ?? "";

/** Comes after all others, when it is known which exemptions were needed. */
function exemptionsPolicy({ view, exemptions, asked }: Shared): StackValidationPolicy {
  return {
    ...info(EXEMPTIONS_CURRENT),
    validateStack: (args, tell) => {
      asked.add(EXEMPTIONS_CURRENT.name);
      const urn = stackUrn(view(args.resources));
      for (const text of exemptionMessages(exemptions, urn))
        tell(text.slice(EXEMPTIONS_CURRENT.description.length + 1), urn);
    },
  };
}

/** Tells which rules were asked: `pulumi policy analyze` itself does not. */
function accountPolicy({ asked }: Shared): StackValidationPolicy {
  return {
    name: ACCOUNT,
    description: "Tells which rules were asked. Finds nothing by itself.",
    enforcementLevel: "disabled",
    validateStack: (_, tell) => tell([...asked].join(" ")),
  };
}

/** Remembers inputs for the stack rules. It judges nothing, and so applies to nothing in the engine's account. */
function inputCollector(inputs: Inputs): ResourceValidationPolicy {
  return {
    name: "inputs",
    description: "Notes what resources are created with, for the rules about the whole stack. Finds nothing by itself.",
    enforcementLevel: "advisory",
    validateResource: (args) => {
      inputs.set(args.urn, propertiesOf(args.props));
      args.notApplicable("it only takes note");
    },
  };
}

/** The rules as policies of the SDK. */
export function policiesOf(rules: readonly Rule[], exemptions: ExemptionBook): Policies {
  const inputs: Inputs = new Map();
  const shared: Shared = { exemptions, view: sharedView(inputs), asked: new Set() };
  return [
    inputCollector(inputs),
    ...rules.map((rule) => (rule.scope === "resource" ? resourcePolicy(rule, shared) : stackPolicy(rule, shared))),
    exemptionsPolicy(shared),
    accountPolicy(shared),
  ];
}
