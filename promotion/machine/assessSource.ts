import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CatalogueName, TierName } from "../../settings";
import { ExitCode, UserError } from "../../settings/errors";
import { assess } from "../assess/assess";
import type { Assessment } from "../assess/assessment";
import { reportJson, reportMarkdown } from "../assess/report";
import { rulesFile } from "../assess/rulesFile";
import { sourceSide } from "../log/sourceGate";
import type { Plan, SourceFile } from "../model";
import { openSource } from "../source/open";
import { promotionOfSource } from "./facts";
import { schemaFingerprint } from "./fingerprint";
import { writeWhole } from "./folder";
import type { Tell } from "./work";

/** What a new promotion is to be. */
export interface Beginning {
  readonly to: TierName;
  readonly source: SourceFile;
  /** Where backups of the file are kept, absolute. */
  readonly backups: string;
  /** The logical database that it is mapped onto. Undefined: the schema is translated as it is. */
  readonly catalogue?: CatalogueName;
  /** Path of `rules.yaml`. */
  readonly rules?: string;
  readonly quarantine: boolean;
  /** Empty the target first. */
  readonly resetTarget: boolean;
}

export interface Assessed {
  readonly assessment: Assessment;
  readonly fingerprint: string;
}

/**
 * Reads the source, and plans the promotion. Writes into neither database.
 * @throws UserError when the file is in a promotion, or its schema changes meanwhile.
 */
export async function assessSource(
  { source, rules, catalogue }: Beginning,
  { tell, signal }: { readonly tell: Tell; readonly signal?: AbortSignal | undefined },
): Promise<Assessed> {
  const before = fingerprintOf(source);
  const assessment = await assess({
    source,
    ...(rules === undefined ? {} : { rules }),
    ...(catalogue === undefined ? {} : { catalogue }),
    signal,
    onProgress: tell.progress,
  });
  if (fingerprintOf(source) !== before)
    throw new UserError(
      `The schema of ${source.path} was changed while it was read. Nothing was changed. Run again once it stays as it is.`,
      ExitCode.refused,
    );
  return { assessment, fingerprint: before };
}

function fingerprintOf(source: SourceFile): string {
  const db = openSource(source, { readonly: true });
  try {
    refuseTaken(source.path, promotionOfSource(db), sourceSide(db));
    return schemaFingerprint(db);
  } finally {
    db.close();
  }
}

function refuseTaken(path: string, id: string | undefined, side: "serving" | "moved"): void {
  if (id === undefined) return;
  throw new UserError(
    side === "moved"
      ? `${path} has moved to PostgreSQL (promotion ${id}) and takes no writes any more. To go on with that promotion or to go back, name the database that it moved to. Nothing was changed.`
      : `${path} is in promotion ${id} already. Go on with that one, or roll it back, with the stack and the database that it was begun with. Nothing was changed.`,
    ExitCode.refused,
  );
}

/** Writes the assessment, for people and for programs, and a rules.yaml that is ready to edit. Gives the path of that one. */
export function keepAssessment(folder: string, assessment: Assessment): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const rules = join(folder, "rules.yaml");
  writeWhole(join(folder, "assessment.md"), reportMarkdown(assessment));
  writeWhole(join(folder, "assessment.json"), reportJson(assessment));
  writeWhole(rules, rulesFile(assessment));
  return rules;
}

/** The plan. @throws UserError with the questions that are open, or why there can be none. */
export function planFrom({ plan, questions, refusal }: Assessment, rules: string): Plan {
  if (plan !== undefined) return plan;
  if (questions.length === 0)
    throw new UserError(refusal ?? "There is no plan, and no reason for it.", ExitCode.refused);
  throw new UserError(
    [
      `${questions.length === 1 ? "One column needs" : `${questions.length} columns need`} a ruling, because nobody but you can tell what the values are:`,
      ...questions.map((question) => `  - ${question}`),
      `Answer in ${rules}, which has a place for each, and run again with --rules <that file, kept where you like>. Nothing was changed.`,
    ].join("\n"),
    ExitCode.refused,
  );
}
