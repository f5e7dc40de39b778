import { join } from "node:path";
import type { FindOptions } from "../engine";
import { capture, lastLine } from "../engine/childProcess";
import { programOf } from "../tools/cache";
import { KUBE_SCORE } from "../tools/goTool";
import type { ExportedStack } from "./export";
import { type Report, together, urnOf } from "./finding";

/** The part of kube-score's JSON that is read: one entry for each object. */
interface Scored {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string; readonly name: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly summary: string }[] | null;
  }[];
}

/** The grade of a check that holds. */
const HOLDS = 10;

/** The Kubernetes that the stacks run on; the default of the tool is of 2020. */
const KUBERNETES = "v1.34";

/** Runs all of kube-score's default checks on the Kubernetes objects of an exported stack. */
export async function runKubeScore(stack: ExportedStack, options: FindOptions): Promise<Report> {
  const kubeScore = await programOf(KUBE_SCORE, options);
  const args = ["score", "--output-format", "json", "--kubernetes-version", KUBERNETES];
  const { code, stdout, stderr } = await capture(kubeScore, [...args, join(stack.folder, "manifests.yaml")], {
    cwd: stack.folder,
    env: { PATH: options.env.PATH },
    signal: options.signal,
  });
  // 1: it found something.
  if (code !== 0 && code !== 1) throw new Error(`kube-score ended with ${code}: ${lastLine(stderr)}`);
  const scored = (JSON.parse(stdout) ?? []) as Scored[];
  return together(scored.map((object) => reportOf(object, stack)));
}

function reportOf({ object_name, checks }: Scored, { urns }: ExportedStack): Report {
  const asked = checks.filter(({ skipped }) => !skipped);
  const failed = asked.filter(({ grade }) => grade < HOLDS);
  const held = asked.filter(({ grade }) => grade >= HOLDS);
  const findings = failed.map(({ check: { id, name }, comments }) => ({
    check: id,
    title: [name, ...new Set((comments ?? []).map(({ summary }) => summary))].join(": "),
    urn: urnOf(urns, object_name, id),
  }));
  return { findings, satisfied: held.map(({ check }) => check.id), passed: held.length };
}
