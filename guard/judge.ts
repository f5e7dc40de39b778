import { isDeepStrictEqual } from "node:util";
import { causeOfReplacement, describe, replacedBy, type StepsByUrn } from "./cause";
import { isUnknown, rootOf, valueAt } from "./change";
import { type Approval, approvalText, type Finding, type Judgement, OPERATIONS } from "./finding";
import type { Preview, PreviewStep, Refused, ResourceState } from "./previewSteps";
import { type Danger, protectedType, type StatefulType, statefulType } from "./stateful";
import { nameOf, typeOf } from "./urn";

type Draft = Omit<Finding, "approved" | "level"> & Partial<Pick<Finding, "level">>;

/**
 * Finds what a preview would do to resources that hold data: replacements and deletions, and changes in place that lose or
 * expose something. Pure; the order of the steps does not matter.
 */
export function judge(preview: Preview, approvals: readonly Approval[] = []): Judgement {
  const all = byUrn(preview.steps);
  const drafts = [
    ...[...all].flatMap(([urn, steps]) => [
      ...lossOf(urn, steps, all),
      ...steps.flatMap(dangersOf),
      ...steps.flatMap(unprotected),
    ]),
    ...preview.refused.map((refused) => replacedInTurn(refused, all)),
  ];
  const given = new Set(approvals.map(approvalText));
  const findings = unique(drafts)
    .map((draft): Finding => ({ level: "refuse", ...draft, approved: given.has(approvalText(draft)) }))
    .sort(byWeight);
  const used = new Set(findings.map(approvalText));
  return {
    findings,
    errors: preview.errors,
    unusedApprovals: approvals.filter((approval) => !used.has(approvalText(approval))),
    refused: findings.some(({ level, approved }) => level === "refuse" && !approved),
  };
}

function byUrn(steps: readonly PreviewStep[]): StepsByUrn {
  const table = new Map<string, PreviewStep[]>();
  for (const step of steps) table.set(step.urn, [...(table.get(step.urn) ?? []), step]);
  return table;
}

/** What the guard knows of a resource: by its type, or because it was protected. Components and providers hold nothing. */
function known(type: string, old: ResourceState | undefined): StatefulType | undefined {
  if (old === undefined || !old.custom || old.external || type.startsWith("pulumi:")) return undefined;
  return statefulType(type) ?? (old.protect ? protectedType(type) : undefined);
}

/** Replacement, deletion, or an empty one in place of one that is gone. */
function lossOf(urn: string, steps: readonly PreviewStep[], all: StepsByUrn): Draft[] {
  const has = (kind: PreviewStep["kind"]) => steps.some((step) => step.kind === kind);
  const old = steps.find((step) => step.old)?.old;
  const type = typeOf(urn);
  const stateful = known(type, old);
  if (stateful === undefined || old === undefined) return [];
  const { what, loss, instead, level } = stateful;
  const about = { urn, type, what, consequence: loss, instead, ...(level ? { level } : {}) };
  if (has("replace")) {
    const cause = causeOfReplacement(steps, all);
    return [{ ...about, operation: "replace", properties: replacedBy(steps), cause }];
  }
  if (has("gone"))
    return [
      {
        ...about,
        operation: "recreate",
        properties: [],
        cause:
          "It is in the state and no longer in the cloud; somebody or something deleted it. `up` would make an empty one.",
        instead:
          "Find out who deleted it, and restore it before anything else (snapshot, backup, recovery window); then import it.",
      },
    ];
  return has("delete") ? [deleted(about, old, all)] : [];
}

function deleted(about: Omit<Draft, "operation" | "properties" | "cause">, old: ResourceState, all: StepsByUrn): Draft {
  const draft = { ...about, operation: "delete", properties: [] } as const;
  if (old.delete) {
    const cause = "An earlier run replaced it and was cut off; the old one waits to be deleted.";
    return { ...draft, cause };
  }
  const kept = old.retainOnDelete
    ? " The cloud keeps it (retainOnDelete), and the engine forgets it: nothing would look after it."
    : "";
  const renamed = successor(about.urn, about.type, old, all);
  if (renamed === undefined) return { ...draft, cause: `The program has no such resource any more.${kept}` };
  return {
    ...draft,
    cause: `The program has no such resource any more, and a new one of the same type: ${nameOf(renamed)}.${kept}`,
    instead: `If ${nameOf(renamed)} is the same thing under another name or parent, tell the engine: give it the option aliases: ["${about.urn}"]. If not: ${about.instead}`,
  };
}

/** The created resource of the same type that is most like a deleted one: a rename without alias looks like that. */
function successor(urn: string, type: string, old: ResourceState, all: StepsByUrn): string | undefined {
  const likeness = (inputs: Readonly<Record<string, unknown>>) =>
    Object.entries(old.inputs).filter(([key, value]) => isDeepStrictEqual(inputs[key], value)).length;
  return [...all]
    .filter(([other, steps]) => other !== urn && typeOf(other) === type && steps.every(({ kind }) => kind === "create"))
    .map(([other, steps]) => ({ other, like: likeness(steps[0]?.new?.inputs ?? {}) }))
    .sort((a, b) => b.like - a.like || a.other.localeCompare(b.other))[0]?.other;
}

/** Changes in place that lose or expose something. */
function dangersOf(step: PreviewStep): Draft[] {
  const { kind, urn, type, old, new: next } = step;
  const stateful = known(type, old);
  if (kind !== "update" || stateful === undefined || old === undefined || next === undefined) return [];
  return (stateful.dangers ?? [])
    .filter((danger) => happens(danger, step, old, next))
    .map(({ property, consequence, instead, level }) => ({
      ...(level ? { level } : {}),
      operation: "update",
      urn,
      type,
      what: stateful.what,
      properties: [property],
      cause: `${describe(property, old, next)}.`,
      consequence,
      instead,
    }));
}

/** The inputs tell it; where the input did not change but the provider sees a difference, the cloud's own value is the old one. */
function happens({ property, change }: Danger, step: PreviewStep, old: ResourceState, next: ResourceState): boolean {
  const was = valueAt(old.inputs, property);
  const will = valueAt(next.inputs, property);
  const named = step.changed.some((path) => path === property || rootOf(path) === rootOf(property));
  // A value that is not known yet may well be the same; the provider says so by not naming it.
  if (isUnknown(will) && step.changed.length > 0 && !named) return false;
  if (!isDeepStrictEqual(was, will)) return change(was ?? valueAt(old.outputs, property), will);
  return named && change(valueAt(old.outputs, property), will);
}

/** The engine's own protection taken away. That is a step without any change of the resource. */
function unprotected({ kind, urn, type, old, new: next }: PreviewStep): Draft[] {
  const stateful = known(type, old);
  if (stateful === undefined || old === undefined || next === undefined || kind === "gone") return [];
  const lost = (["protect", "retainOnDelete"] as const).filter((option) => old[option] && !next[option]);
  if (lost.length === 0) return [];
  return [
    {
      operation: "unprotect",
      urn,
      type,
      what: stateful.what,
      properties: lost,
      cause: `${lost.join(" and ")} ${lost.length > 1 ? "are" : "is"} no longer set in the program.`,
      consequence: "The engine would delete it without refusing from then on.",
      instead: "Leave it on; take it off only in the run right before the one that retires the resource.",
    },
  ];
}

/** The engine stops such a preview before it tells the step; its message names the resource. */
function replacedInTurn({ urn, becauseOf }: Refused, all: StepsByUrn): Draft {
  const type = typeOf(urn);
  const { what, loss, instead } = statefulType(type) ?? protectedType(type);
  const upstream = replacedBy(all.get(becauseOf) ?? []);
  const cause = `${nameOf(becauseOf)}, which it depends on, is replaced${upstream.length > 0 ? ` because of ${upstream.join(", ")}` : ""}, and deleted before the new one is made.`;
  return { operation: "replace", urn, type, what, properties: [], cause, consequence: loss, instead };
}

const keyOf = ({ urn, operation, properties, consequence }: Draft): string =>
  [urn, operation, ...(operation === "update" ? [...properties, consequence] : [])].join("\n");

const unique = (drafts: readonly Draft[]): Draft[] => [
  ...new Map(drafts.toReversed().map((draft) => [keyOf(draft), draft])).values(),
];

const byWeight = (a: Finding, b: Finding): number =>
  Number(a.approved) - Number(b.approved) ||
  Number(a.level === "advise") - Number(b.level === "advise") ||
  OPERATIONS.indexOf(a.operation) - OPERATIONS.indexOf(b.operation) ||
  a.urn.localeCompare(b.urn) ||
  a.properties.join().localeCompare(b.properties.join());
