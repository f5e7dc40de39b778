import { join } from "node:path";
import type { FindOptions } from "../engine";
import { capture, lastLine } from "../engine/childProcess";
import { programOf } from "../tools/cache";
import { CHECKOV } from "../tools/pythonTool";
import type { ExportedStack } from "./export";
import { type Report, together, urnOf } from "./finding";

/** The part of Checkov's JSON that is read: one report for each kind of file. */
interface Output {
  readonly check_type?: string;
  readonly results?: { readonly passed_checks: readonly Check[]; readonly failed_checks: readonly Check[] };
  readonly summary?: { readonly parsing_errors: number };
}
interface Check {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
}

/** Checkov adds the labels of a pod to the name of what makes it. */
const LABELS_OF_POD = /(?<=^Pod\.[^.]+\.[^.]+)\..*$/;

const KINDS = { terraform_plan: "plan.json", kubernetes: "manifests.yaml" } as const;

/** Runs all of Checkov's checks on an exported stack. It asks nobody on the network and takes no settings of the user's. */
export async function runCheckov(stack: ExportedStack, options: FindOptions): Promise<Report> {
  const checkov = await programOf(CHECKOV, options);
  const files = Object.values(KINDS).flatMap((file) => ["--file", join(stack.folder, file)]);
  const args = ["--framework", ...Object.keys(KINDS), "--skip-download", "--compact", "--output", "json"];
  const { code, stdout, stderr } = await capture(checkov, [...files, ...args], {
    cwd: stack.folder,
    env: { PATH: options.env.PATH, HOME: stack.folder, LANG: "C.UTF-8", CKV_SKIP_PACKAGE_UPDATE_CHECK: "true" },
    signal: options.signal,
  });
  // 1: it found something.
  if (code !== 0 && code !== 1) throw new Error(`Checkov ended with ${code}: ${lastLine(stderr)}`);
  const outputs = [JSON.parse(stdout)].flat() as Output[];
  return together(Object.keys(KINDS).flatMap((kind) => reportOf(outputs, kind, stack)));
}

function reportOf(outputs: readonly Output[], kind: string, { urns }: ExportedStack): readonly Report[] {
  const output = outputs.find(({ check_type }) => check_type === kind);
  // A stack without such resources has an empty file, about which Checkov says nothing.
  if (output?.results === undefined) return [];
  if (output.summary?.parsing_errors !== 0) throw new Error(`Checkov could not read the ${kind} file`);
  const { passed_checks, failed_checks } = output.results;
  const findings = failed_checks.map(({ check_id, check_name, resource }) => ({
    check: check_id,
    title: check_name,
    urn: urnOf(urns, resource.replace(LABELS_OF_POD, ""), check_id),
  }));
  return [{ findings, satisfied: passed_checks.map(({ check_id }) => check_id), passed: passed_checks.length }];
}
