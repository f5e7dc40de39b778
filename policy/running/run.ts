import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode, UserError } from "../../settings/errors";
import { buildPack } from "../build";
import { EXEMPTIONS_FILE, type Exemption, ExemptionBook, InvalidExemptions, readExemptions } from "../exemptions";
import type { ProfileName } from "../limits";
import { ACCOUNT } from "../name";
import type { PackConfig } from "../profile";
import { type PolicyEvents, readPolicyEvents } from "./events";
import { isRefusal, levelOf, mergePasses, type PassResult, type PolicyRun, passResult, REPORTED } from "./findings";
import { judgeExport } from "./state";

const PACK_FOLDER = join(__dirname, "..");
/** The pack as the engine takes it: an executable file, which every engine can start. */
const PACK = join(PACK_FOLDER, "pack");

export interface EngineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the engine in the project, with these variables added to its environment. */
export type RunEngine = (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<EngineResult>;

/** What a stack is judged by. */
export interface Judges {
  readonly profile: ProfileName;
  readonly config: PackConfig;
}

/** A run that judged nothing must not look like a run that found nothing. */
function refuseVacuous(what: string, events: PolicyEvents, config: PackConfig): void {
  const silent = REPORTED.filter(
    (rule) =>
      (!("scope" in rule) || rule.scope === "stack") &&
      levelOf(rule, config) !== "disabled" &&
      !events.applied.has(rule.name),
  );
  if (REPORTED.some((rule) => events.applied.has(rule.name)) && silent.length === 0) return;
  const who = silent.length === 0 ? "no rule" : `nothing about ${silent.map((rule) => rule.name).join(", ")}`;
  throw new UserError(
    `${what} succeeded, but the policy pack reported ${who}, so the stack is not shown to keep it. ` +
      "Check that no policy-pack configuration disables these rules, then run `npm run policy` again.",
    ExitCode.refused,
  );
}

async function compile(): Promise<void> {
  try {
    await buildPack(PACK_FOLDER);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The policy pack could not be compiled into ${join(PACK_FOLDER, "bin")}, so nothing was judged: ${reason}. ` +
        "The folder must be writable, and `npm install` must have run.",
      ExitCode.failed,
    );
  }
}

function exemptionsOrRefuse(): readonly Exemption[] {
  const found = readExemptions(
    join(PACK_FOLDER, EXEMPTIONS_FILE),
    REPORTED.map(({ name }) => name),
  );
  if (!(found instanceof InvalidExemptions)) return found;
  throw new UserError(
    `policy/${EXEMPTIONS_FILE} cannot be used, so nothing was judged: ${found.problems.join("; ")}. Correct it; docs/policies.md tells its form.`,
  );
}

/** One command of the engine with the pack, and what the pack said. */
async function runPass(
  pass: PassResult["pass"],
  stack: string,
  { config }: Judges,
  runEngine: RunEngine,
  exemptions: readonly Exemption[],
): Promise<PassResult> {
  const folder = mkdtempSync(join(tmpdir(), "ladder-policy-"));
  try {
    const file = join(folder, "config.json");
    // A preview tells by itself which rules it asked; the look at a state does not.
    const account = pass === "state" ? { [ACCOUNT]: { enforcementLevel: "advisory" } } : {};
    writeFileSync(file, JSON.stringify({ ...config, ...account }));
    const verb = pass === "preview" ? ["preview"] : ["policy", "analyze"];
    const args = [...verb, "--stack", stack, "--json", "--non-interactive", "--policy-pack", PACK];
    const { code, stdout, stderr } = await runEngine([...args, "--policy-pack-config", file], {
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    });
    // An engine before 3.249 has no look at a state: the same rules are asked here, over what it exports.
    if (pass === "state" && !stdout.includes('"summaryEvent"'))
      return judgeExported(stack, config, runEngine, exemptions);
    const result = passResult(pass, readPolicyEvents(stdout), config);
    const { events, findings } = result;
    const what = pass === "preview" ? `The preview of stack ${stack}` : `The look at the state of stack ${stack}`;
    if (code !== 0 && !findings.some(isRefusal)) {
      const said = events.errors.length > 0 ? events.errors.join("\n") : stderr.trim();
      throw new UserError(`${what} failed, so its policies were not judged:\n${said}`, ExitCode.failed);
    }
    if (code === 0) refuseVacuous(what, events, config);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judgeExported(
  stack: string,
  config: PackConfig,
  runEngine: RunEngine,
  exemptions: readonly Exemption[],
): Promise<PassResult> {
  const { code, stdout, stderr } = await runEngine(["stack", "export", "--stack", stack, "--non-interactive"], {});
  if (code !== 0)
    throw new UserError(`The state of stack ${stack} could not be read:\n${stderr.trim()}`, ExitCode.failed);
  return passResult("state", judgeExport(stdout, config, new ExemptionBook(exemptions)), config);
}

/** Whether anything of the stack is up, by what a preview would do with it. */
const isUp = ({ events }: PassResult): boolean =>
  [...events.steps].some(([urn, step]) => step !== "create" && !urn.includes("::pulumi:pulumi:Stack::"));

/**
 * Judges a stack by a preview with the policy pack, which is compiled first when it has changed; and by its state, when
 * anything of it is up: there every value is known.
 *
 * Throws a UserError when the pack cannot be compiled, when the preview fails for a reason other than a policy, and
 * when the pack judged nothing.
 */
export async function runPolicies(stack: string, judges: Judges, runEngine: RunEngine): Promise<PolicyRun> {
  const exemptions = exemptionsOrRefuse();
  await compile();
  const preview = await runPass("preview", stack, judges, runEngine, exemptions);
  const state = isUp(preview) ? await runPass("state", stack, judges, runEngine, exemptions) : undefined;
  return mergePasses(stack, judges.profile, judges.config, preview, state);
}
