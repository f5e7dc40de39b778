import { z } from "zod";
import { UserError } from "../settings";
import { typeOf } from "./urn";

/** What the engine would do with a resource, as far as the guard tells apart. */
export type StepKind = "create" | "update" | "replace" | "delete" | "same" | "gone";

/** A resource before or after its step. Secret values arrive as `[secret]`, values that are not known yet as `UNKNOWN` of change.ts. */
export interface ResourceState {
  readonly type: string;
  /** False for components, which exist in the program only. */
  readonly custom: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Read by the program, not made by it. */
  readonly external: boolean;
  /** Marked to be replaced, by `pulumi state taint`. */
  readonly taint: boolean;
  /** A replaced resource that an earlier run left to be deleted. */
  readonly delete: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** URNs that it was made from. */
  readonly dependencies: readonly string[];
  /** Input → URNs that its value comes from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** One step of a preview. */
export interface PreviewStep {
  readonly kind: StepKind;
  readonly urn: string;
  readonly type: string;
  readonly old?: ResourceState;
  readonly new?: ResourceState;
  /** Inputs that force a replacement, as the provider says. */
  readonly replaceReasons: readonly string[];
  /** Inputs that differ, as the provider says. Empty where it says nothing; then the inputs themselves are compared. */
  readonly changed: readonly string[];
}

/** What the engine itself refused, because the resource is protected and something else demanded its replacement. */
export interface Refused {
  readonly urn: string;
  readonly becauseOf: string;
}

/** A preview, read. */
export interface Preview {
  readonly steps: readonly PreviewStep[];
  readonly refused: readonly Refused[];
  /** Why the engine stopped; what would have come after that was never planned. */
  readonly errors: readonly string[];
}

const record = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});
const words = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const stateSchema = z.object({
  type: z.string(),
  custom: flag,
  protect: flag,
  retainOnDelete: flag,
  external: flag,
  taint: flag,
  delete: flag,
  inputs: record,
  outputs: record,
  dependencies: words,
  propertyDependencies: z
    .record(z.string(), words)
    .nullish()
    .transform((value) => value ?? {}),
});

const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: stateSchema.nullish(),
  newState: stateSchema.nullish(),
  replaceReasons: words,
  diffReasons: words,
  detailedDiff: z
    .record(z.string(), z.object({ kind: z.string() }))
    .nullish()
    .transform((value) => value ?? {}),
});

/** `PreviewDigest` of the engine (sdk/go/common/display/json.go), with what the guard reads of it. */
const previewSchema = z.object({
  steps: z
    .array(stepSchema)
    .nullish()
    .transform((value) => value ?? []),
  diagnostics: z
    .array(z.object({ severity: z.string().optional(), message: z.string().optional() }))
    .nullish()
    .transform((value) => value ?? []),
  changeSummary: z.record(z.string(), z.number()).nullish(),
});

type RawStep = z.infer<typeof stepSchema>;

/** The engine's operations (pkg/resource/deploy/step.go). A `discard` forgets what was only read; nothing is lost by it. */
const KINDS: Readonly<Record<string, StepKind>> = {
  same: "same",
  refresh: "same",
  read: "same",
  diff: "same",
  discard: "same",
  "discard-replaced": "same",
  "read-replacement": "same",
  "remove-pending-replace": "same",
  "extend-parameterize": "same",
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  delete: "delete",
  "delete-replaced": "replace",
};

/**
 * Reads what `pulumi preview --json` printed. A preview that looked at reality first (`--refresh`) holds what it saw beside
 * what it plans; here a resource that it did not find any more, and would make anew, is a step `gone`.
 * @throws UserError when it is no such text, or holds an operation that this release does not know.
 */
export function parsePreview(text: string): Preview {
  const { steps, diagnostics } = read(text);
  const start = planStart(steps);
  const planned = steps.slice(start);
  const replaced = new Set(planned.filter(({ op }) => /^(replace|create-replacement)$/.test(op)).map(({ urn }) => urn));
  const seen = new Map(steps.slice(0, start).map((step) => [step.urn, step.oldState ?? undefined]));
  const messages = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message ?? "");
  return {
    steps: planned.map((step) => toStep(step, seen.get(step.urn), replaced)),
    refused: messages.flatMap(refusedIn),
    errors: [...new Set(messages.map(plain).filter((message) => message !== "" && message !== "preview failed"))],
  };
}

function read(text: string): z.infer<typeof previewSchema> {
  const wrong = (why: string) =>
    new UserError(
      `This is no preview of the engine: ${why}. Make it with pulumi preview --json --show-sames --show-replacement-steps.`,
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong(text.trim() === "" ? "it is empty" : "it is not one JSON value");
  }
  const result = previewSchema.safeParse(json);
  if (!result.success) throw wrong(z.prettifyError(result.error).replaceAll("\n", " "));
  const { steps, diagnostics, changeSummary } = result.data;
  // An empty object, or the JSON of another tool, must not pass for a preview without danger.
  if (steps.length === 0 && diagnostics.length === 0 && !changeSummary) throw wrong("it has no steps");
  return result.data;
}

/** Where the look at reality ends. The plan begins with the stack itself, which the look has told once before. */
function planStart(steps: readonly RawStep[]): number {
  const lastLook = steps.findLastIndex(({ op }) => op === "refresh");
  if (lastLook === -1) return 0;
  const stack = steps.findIndex(({ op, urn }) => op !== "refresh" && typeOf(urn) === "pulumi:pulumi:Stack");
  // The preview of a `destroy` ends with the stack.
  return stack !== -1 && steps[stack]?.op !== "delete" ? stack : lastLook + 1;
}

function toStep(step: RawStep, seen: ResourceState | undefined, replaced: ReadonlySet<string>): PreviewStep {
  const kind = KINDS[step.op];
  if (kind === undefined)
    throw new UserError(
      `The preview holds the operation ${JSON.stringify(step.op)}, which this release of the guard cannot judge.`,
    );
  // What a run that was cut off has replaced, the next one deletes without a word.
  const leftOver = step.op === "delete-replaced" && !replaced.has(step.urn);
  const gone = kind === "create" && seen !== undefined;
  const old = step.oldState ?? seen;
  return {
    kind: gone ? "gone" : leftOver ? "delete" : kind,
    urn: step.urn,
    type: step.newState?.type ?? old?.type ?? typeOf(step.urn),
    ...(old ? { old } : {}),
    ...(step.newState ? { new: step.newState } : {}),
    replaceReasons: step.replaceReasons,
    changed: [...new Set([...step.diffReasons, ...Object.keys(step.detailedDiff)])],
  };
}

function refusedIn(message: string): Refused[] {
  const [, urn, becauseOf] =
    /unable to replace resource "([^"]+)"\s+as part of replacing "([^"]+)"/.exec(message) ?? [];
  return urn === undefined || becauseOf === undefined ? [] : [{ urn, becauseOf }];
}

const plain = (message: string): string =>
  message
    .trim()
    .replace(/^error: /, "")
    .replace(/^Preview failed: /, "");
