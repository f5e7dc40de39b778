import { EXEMPTIONS_CURRENT, type ExemptionBook } from "../exemptions";
import { LIMITS, type Limits } from "../limits";
import { exemptionMessages, toldOf, writeMessage } from "../message";
import type { PackConfig } from "../profile";
import { readFlag, readList, readStructure, readText, readTexts } from "../reading/reader";
import { type StackResource, StackView } from "../reading/stackView";
import { toValue, type Value } from "../reading/value";
import { type Judgement, matchesType, type Rule } from "../rule";
import { RULES } from "../rules";
import type { PolicyEvents, PolicyReport } from "./events";

/** A resource of a state: what it was made with, and what became of it. */
export interface StateResource extends StackResource {
  /** Outputs, over the inputs of a component, which has no others. `props` are the inputs. */
  readonly outputs: Value;
}

/** What a rule says of a resource; no URN where it speaks of the whole stack. */
export interface Found {
  readonly rule: Rule;
  readonly urn?: string;
  readonly judgement: Judgement;
}

/** Asks rules over a state in this process, as the engine asks them: about one resource by its inputs, about the stack by its outputs. */
export function judgeState(
  resources: readonly StateResource[],
  rules: readonly Rule[],
  config: PackConfig,
): readonly Found[] {
  const stack = new StackView(resources.map((resource) => ({ ...resource, props: resource.outputs })));
  return rules.flatMap((rule) => {
    const limits: Limits = { ...LIMITS.prod, ...(config[rule.name] as Partial<Limits> | undefined) };
    if (config[rule.name]?.enforcementLevel === "disabled") return [];
    const found = (judgement: Judgement, urn = judgement.urn): Found => ({
      rule,
      judgement,
      ...(urn === undefined ? {} : { urn }),
    });
    if (rule.scope === "stack") return rule.check(stack, limits).map((judgement) => found(judgement));
    return resources
      .filter(({ type }) => matchesType(rule.types, type))
      .flatMap((resource) => rule.check(resource, limits).map((judgement) => found(judgement, resource.urn)));
  });
}

/**
 * The same rules over what `pulumi stack export` gives, for an engine that has no `policy analyze`. Secrets are encrypted there:
 * a rule that has to read one says unverified.
 */
export function judgeExport(text: string, config: PackConfig, exemptions: ExemptionBook): PolicyEvents {
  const list = readList(toValue(JSON.parse(text)), "deployment", "resources");
  const resources = (list.state === "known" ? list.value : []).map(resourceOf);
  const stackUrn = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn ?? "";
  const reports = judgeState(resources, RULES, config).map(({ rule, urn = stackUrn, judgement }): PolicyReport => {
    const told = toldOf(rule, judgement, urn, exemptions);
    return { policy: rule.name, urn, message: writeMessage(rule, told) };
  });
  const current = exemptionMessages(exemptions, stackUrn).map(
    (message): PolicyReport => ({ policy: EXEMPTIONS_CURRENT.name, urn: stackUrn, message }),
  );
  const asked = RULES.filter(
    (rule) => rule.scope === "stack" || resources.some(({ type }) => matchesType(rule.types, type)),
  );
  return {
    reports: [...reports, ...current],
    applied: new Set([...asked.map(({ name }) => name), EXEMPTIONS_CURRENT.name]),
    stackJudged: true,
    steps: new Map(),
    errors: [],
  };
}

const textAt = (from: Value, name: string): string => {
  const reading = readText(from, name);
  return reading.state === "known" ? reading.value : "";
};

function resourceOf(exported: Value): StateResource {
  const [urn, parent] = [textAt(exported, "urn"), textAt(exported, "parent")];
  const inputs = structureAt(exported, "inputs");
  const dependencies = structureAt(exported, "propertyDependencies");
  const protect = readFlag(exported, "protect");
  return {
    urn,
    type: textAt(exported, "type"),
    name: urn.split("::").at(-1) ?? "",
    props: inputs,
    outputs: { ...inputs, ...structureAt(exported, "outputs") },
    options: {
      protect: protect.state === "known" && protect.value,
      ignoreChanges: readTexts(exported, "ignoreChanges").texts,
    },
    ...(parent === "" ? {} : { parent }),
    propertyDependencies: Object.fromEntries(
      Object.keys(dependencies).map((input) => [input, readTexts(dependencies, input).texts]),
    ),
  };
}

function structureAt(from: Value, name: string): { readonly [key: string]: Value } {
  const reading = readStructure(from, name);
  return reading.state === "known" ? reading.value : {};
}
