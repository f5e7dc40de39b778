import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { parseApproval } from "../../guard/approval";
import type { Approval, Judgement } from "../../guard/finding";
import { githubAnnotations, reportJson, reportText, summary } from "../../guard/report";
import { ExitCode, refuseUnavailableTier, UserError } from "../../settings";
import { print, printJson, progress } from "../console";
import { openEngine } from "../engine";
import { guardedPreview, judgePreview } from "../guarded";
import { addConfig, addJson, addStack } from "../options";
import { settingsOf, typedPath } from "../project";
import { openRehearsal, rehearsable } from "../rehearsal/engine";
import type { Overrides } from "../rehearsal/overrides";

interface Options {
  readonly json: boolean;
  /** A file with a preview that was made elsewhere. */
  readonly from?: string;
  readonly approve?: readonly Approval[];
  /** Judge what the rehearsal holds instead of the real stack. */
  readonly rehearsal: boolean;
  readonly config: Overrides;
}

/** `ladder preview:check`: fails when `up` would replace, delete or expose something that holds data. Changes nothing. */
export function addPreviewCheck(program: Command): void {
  const command = program
    .command("preview:check")
    .summary("refuse a change that would lose data")
    .description(
      "Previews `up` and refuses it when something that holds data would be replaced, deleted or exposed; names the property and the cause. Changes nothing.",
    )
    .option("--from <file>", "judge this preview, made with pulumi preview --json, instead of making one")
    .addOption(
      new Option("--rehearsal", "preview over what was rehearsed (ladder rehearse --up) instead of the real stack")
        .default(false)
        .conflicts("from"),
    )
    .option(
      "--approve <operation:urn>",
      "let one operation on one resource pass, as the check prints it; can be repeated",
      (text: string, before: readonly Approval[] = []) => [...before, parseApproval(text)],
    );
  addJson(addConfig(addStack(command))).action(async (stack: string, options: Options) => {
    const { json, from, approve } = options;
    if (options.config.length > 0 && !options.rehearsal)
      throw new UserError("--config is for a rehearsal: add --rehearsal, or change the stack's settings.");
    const preview = from === undefined ? await makePreview(stack, options) : readPreview(from);
    const judgement = judgePreview(stack, preview, approve);
    showJudgement(stack, judgement, json);
    refuseLoss(stack, judgement);
  });
}

async function makePreview(stack: string, { rehearsal, config }: Options): Promise<string> {
  if (!rehearsal) {
    refuseUnavailableTier(settingsOf(stack));
    return guardedPreview(await openEngine(), stack);
  }
  const engine = await openRehearsal(rehearsable(stack, config));
  try {
    return await guardedPreview(engine, stack);
  } finally {
    engine.stop();
  }
}

function readPreview(file: string): string {
  try {
    return readFileSync(typedPath(file), "utf8");
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Shows the findings; on GitHub Actions they become annotations of the run as well. */
function showJudgement(stack: string, judgement: Judgement, json: boolean): void {
  // GitHub reads its commands on both streams; standard output belongs to the result.
  if (process.env.GITHUB_ACTIONS === "true") for (const line of githubAnnotations(stack, judgement)) progress(line);
  if (json) {
    printJson(reportJson(stack, judgement));
    return;
  }
  for (const line of reportText(judgement)) print(line);
  const stopped = judgement.refused || judgement.errors.length > 0;
  if (!stopped) print(summary(stack, judgement));
}

/** @throws UserError `refused` when data would be lost, `failed` when the preview itself failed. */
function refuseLoss(stack: string, judgement: Judgement): void {
  if (judgement.refused) throw new UserError(summary(stack, judgement), ExitCode.refused);
  if (judgement.errors.length > 0) throw new UserError(summary(stack, judgement), ExitCode.failed);
}
