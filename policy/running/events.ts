import { ACCOUNT, PACK_NAME } from "../name";
import { readList, readText } from "../reading/reader";
import { toValue, type Value } from "../reading/value";

/** A report of one policy about one resource, as the engine passes it on. */
export interface PolicyReport {
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
}

/** What a preview with the pack said, as far as policies are concerned. */
export interface PolicyEvents {
  readonly reports: readonly PolicyReport[];
  /** Policies that were applied to something: those that found nothing there, and those that did. */
  readonly applied: ReadonlySet<string>;
  /** False when the preview failed before the engine asked the stack rules. */
  readonly stackJudged: boolean;
  /** What a preview would change or keep; empty for a pass over the state. */
  readonly steps: ReadonlyMap<string, string>;
  /** What the engine and the program reported as errors. */
  readonly errors: readonly string[];
}

function parse(line: string): Value {
  try {
    return toValue(JSON.parse(line));
  } catch {
    // Providers and programs may print lines of their own between the events.
    return null;
  }
}

function text(event: Value, ...path: readonly string[]): string {
  const reading = readText(event, ...path);
  return reading.state === "known" ? reading.value : "";
}

function namesIn(event: Value, kind: string): readonly string[] {
  return ["passed", "failed"].flatMap((list) => {
    const names = readList(event, kind, list);
    return names.state === "known" ? names.value.filter((name) => typeof name === "string") : [];
  });
}

/** Reads the event stream that `pulumi preview --json` prints, one event per line. Takes any text. */
export function readPolicyEvents(stream: string): PolicyEvents {
  const reports: PolicyReport[] = [];
  const applied = new Set<string>();
  const steps = new Map<string, string>();
  const errors: string[] = [];
  let stackJudged = false;
  for (const event of stream.split("\n").map(parse)) {
    const ours = (kind: string): boolean => text(event, kind, "policyPackName") === PACK_NAME;
    if (ours("policyEvent")) {
      const policy = text(event, "policyEvent", "policyName");
      const message = text(event, "policyEvent", "message");
      if (policy === ACCOUNT) {
        for (const name of message.split(/\s+/)) applied.add(name);
        stackJudged = true;
      } else {
        applied.add(policy);
        reports.push({ policy, urn: text(event, "policyEvent", "resourceUrn"), message });
      }
    }
    for (const kind of ["policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent"]) {
      if (ours(kind)) for (const name of namesIn(event, kind)) applied.add(name);
    }
    if (ours("policyAnalyzeStackSummaryEvent")) stackJudged = true;
    const urn = text(event, "resourcePreEvent", "metadata", "urn");
    if (urn !== "") steps.set(urn, text(event, "resourcePreEvent", "metadata", "op"));
    if (text(event, "diagnosticEvent", "severity") === "error") {
      errors.push(text(event, "diagnosticEvent", "message").trim());
    }
  }
  return { reports, applied, stackJudged, steps, errors };
}
