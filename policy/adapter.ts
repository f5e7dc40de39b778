import type {
  Policies,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { writeMessage } from "./message";
import { type Judgement, matchesType, type ResourceRule, type Rule, type RuleInfo, type StackRule } from "./rule";
import type { Value } from "./value";
import { propertiesOf } from "./wire";

/** How the SDK takes a single report of another level than its policy's; it is there, but missing from its types. */
type ReportAtLevel = (report: { message: string; enforcementLevel: "advisory"; urn?: string }) => void;

function report(rule: RuleInfo, judgement: Judgement, reportViolation: ReportViolation): void {
  const text = writeMessage(rule, judgement);
  if (judgement.verdict === "unverified") {
    // What cannot be known yet must be seen, but must not stop a preview, whatever the level of the rule.
    const atLevel = reportViolation as unknown as ReportAtLevel;
    atLevel({ message: text, enforcementLevel: "advisory", urn: judgement.urn });
  } else {
    // The SDK puts the description in front by itself.
    reportViolation(text.slice(rule.description.length + 1), judgement.urn);
  }
}

const info = (rule: RuleInfo) => ({
  name: rule.name,
  description: rule.description,
  enforcementLevel: rule.level,
  remediationSteps: rule.remedy,
  tags: [...rule.ids],
});

/** The inputs of the resources seen so far, by URN: the engine shows them to resource policies only. */
type Inputs = Map<string, Value>;

function resourcePolicy(rule: ResourceRule): ResourceValidationPolicy {
  return {
    ...info(rule),
    validateResource: (args, reportViolation) => {
      if (!matchesType(rule.types, args.type)) args.notApplicable(`about ${rule.types.join(", ")}`);
      const { urn, type, name } = args;
      const judgements = rule.check({ urn, type, name, props: propertiesOf(args.props) });
      for (const judgement of judgements) report(rule, judgement, reportViolation);
    },
  };
}

const isStructure = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A component has no outputs but those it registers, so what it was created with shows through. */
function outputsOverInputs(outputs: Value, inputs: Value | undefined): Value {
  return isStructure(outputs) && isStructure(inputs) ? { ...inputs, ...outputs } : outputs;
}

function stackPolicy(rule: StackRule, inputs: Inputs): StackValidationPolicy {
  const view = ({ urn, type, name, props }: StackValidationArgs["resources"][number]) => ({
    urn,
    type,
    name,
    props: outputsOverInputs(propertiesOf(props), inputs.get(urn)),
  });
  return {
    ...info(rule),
    validateStack: (args, reportViolation) => {
      for (const judgement of rule.check({ resources: args.resources.map(view) })) {
        report(rule, judgement, reportViolation);
      }
    },
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
export function policiesOf(rules: readonly Rule[]): Policies {
  const inputs: Inputs = new Map();
  return [
    inputCollector(inputs),
    ...rules.map((rule) => (rule.scope === "resource" ? resourcePolicy(rule) : stackPolicy(rule, inputs))),
  ];
}
