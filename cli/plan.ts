import { isDeepStrictEqual } from "node:util";
import { nameOf } from "../guard/urn";
import type { OpenEngine } from "./engine";
import { interrupted } from "./interrupt";

/** How many resources each kind of step touches, in the engine's own words: create, update, same, delete, … */
export type Changes = Readonly<Record<string, number>>;

/** Something that is no longer as the engine left it. */
export interface Drift {
  readonly resource: string;
  /** Undefined when the whole resource is gone. */
  readonly property?: string;
  readonly was?: unknown;
  readonly is?: unknown;
}

/** What a preview found. */
export interface Plan {
  readonly changes: Changes;
  /** The resources that would be touched. */
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
  readonly drift: readonly Drift[];
  /** Every resource that the stack would have, as far as a preview knows it; secrets are masked by the engine. */
  readonly planned: readonly Planned[];
  /** Why the preview failed; empty when it succeeded. */
  readonly errors: readonly string[];
  readonly nothingToDo: boolean;
}

/** A resource as it would be. */
export interface Planned {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface State {
  readonly type?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The parts of `pulumi preview --json` that are read here. */
interface PreviewJson {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly oldState?: State;
    readonly newState?: State;
  }[];
  readonly changeSummary?: Changes;
  readonly diagnostics?: readonly { readonly severity: string; readonly message: string }[];
}

/**
 * Previews `up` on a stack, after looking at what is really there. Changes nothing.
 * @throws UserError `interrupted` when it was cut off: half a look is no plan.
 */
export async function makePlan(engine: OpenEngine, stack: string): Promise<Plan> {
  const run = await engine.run(["preview", "--refresh", "--json", "--stack", stack], { stdio: "pipe" });
  if (run.interrupted) throw interrupted(`The look at stack ${stack}`);
  const { code, stdout, stderr } = run;
  const preview = parse(stdout);
  const errors = errorsIn(preview);
  if (code !== 0 && errors.length === 0) errors.push(stderr.trim() || "the engine gave no reason");
  const all = preview.steps ?? [];
  const steps = all.filter(({ op }) => op !== "same" && op !== "refresh").map(({ op, urn }) => ({ op, urn }));
  return {
    changes: preview.changeSummary ?? {},
    steps,
    drift: driftIn(all),
    planned: all
      .filter(({ op, newState }) => op !== "refresh" && newState !== undefined)
      .map(({ urn, newState = {} }) => ({
        urn,
        type: newState.type ?? "",
        inputs: newState.inputs ?? {},
        outputs: newState.outputs ?? {},
      })),
    errors,
    nothingToDo: errors.length === 0 && steps.length === 0,
  };
}

function parse(text: string): PreviewJson {
  try {
    return JSON.parse(text) as PreviewJson;
  } catch {
    return {};
  }
}

/** The engine wraps what a resource says into its own words; what the resource says is what helps. */
function errorsIn(preview: PreviewJson): string[] {
  const messages = (preview.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim().replace(/^error: /, ""))
    .map((message) =>
      message.replace(/^\S+ resource '[^']*': property .*? has a problem: /s, "").replace(/^Preview failed: /, ""),
    );
  const telling = messages.filter((message) => message !== "preview failed" && message !== "update failed");
  return [...new Set(telling.length > 0 ? telling : messages)];
}

/** What the look at reality changed in the state: the engine tells a resource once before it and once with its step. */
function driftIn(steps: NonNullable<PreviewJson["steps"]>): Drift[] {
  const before = new Map(
    steps.filter(({ op }) => op === "refresh").map(({ urn, oldState }) => [urn, oldState?.outputs ?? {}]),
  );
  return steps.flatMap(({ op, urn, oldState }): Drift[] => {
    const was = before.get(urn);
    if (op === "refresh" || was === undefined) return [];
    const resource = nameOf(urn);
    if (op === "create") return [{ resource }];
    const is = oldState?.outputs ?? {};
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((property) => !property.startsWith("__") && !isDeepStrictEqual(was[property], is[property]))
      .map((property) => ({ resource, property, was: was[property], is: is[property] }));
  });
}

const VERBS: Readonly<Record<string, string>> = {
  create: "create",
  update: "change",
  delete: "remove",
  replace: "replace",
  "create-replacement": "create the replacement of",
  "delete-replaced": "remove the replaced",
};

/** The plan in lines for a person. */
export function describePlan(plan: Pick<Plan, "drift" | "steps">): string[] {
  const drift = plan.drift.map(({ resource, property, was, is }) =>
    property === undefined
      ? `  ! ${resource} is gone`
      : `  ! ${resource}: ${property} is ${JSON.stringify(is)}, was ${JSON.stringify(was)}`,
  );
  const steps = plan.steps.map(
    ({ op, urn }) =>
      `  ${op.startsWith("create") ? "+" : op.startsWith("delete") ? "-" : "~"} ${VERBS[op] ?? op} ${nameOf(urn)}`,
  );
  return [...drift, ...steps];
}

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed",
  delete: "removed",
  replace: "replaced",
};

/** The changes in one line. */
export function changeSummary(changes: Changes): string {
  const touched = Object.entries(changes).filter(([op, count]) => op !== "same" && count > 0);
  return touched.length === 0
    ? "nothing to change"
    : touched.map(([op, count]) => `${count} ${DONE[op] ?? op}`).join(", ");
}
