import { approvalText, type Finding, type Judgement } from "./finding";
import { nameOf } from "./urn";

const VERBS: Readonly<Record<Finding["operation"], string>> = {
  replace: "would be replaced",
  delete: "would be deleted",
  recreate: "is gone and would be made anew, empty",
  update: "would change in a dangerous way",
  unprotect: "would lose its protection",
};

const MARKS = { refused: "✗", advised: "!", approved: "✓" } as const;

const mark = ({ level, approved }: Finding): string =>
  approved ? MARKS.approved : level === "refuse" ? MARKS.refused : MARKS.advised;

const headline = (finding: Finding): string => {
  const { urn, what, operation, properties } = finding;
  const by = properties.length > 0 ? ` (${properties.join(", ")})` : "";
  return `${nameOf(urn)} (${what}) ${VERBS[operation]}${by}`;
};

/** The judgement in lines for a person. */
export function reportText({ findings, errors, unusedApprovals }: Judgement): string[] {
  return [
    ...findings.flatMap((finding) => [
      `${mark(finding)} ${headline(finding)}${finding.approved ? ": approved" : ""}`,
      `    URN:     ${finding.urn}`,
      `    Cause:   ${finding.cause}`,
      `    Lost:    ${finding.consequence}`,
      `    Instead: ${finding.instead}`,
      ...(finding.level === "refuse" && !finding.approved
        ? [`    If it is meant: --approve '${approvalText(finding)}'`]
        : []),
    ]),
    ...errors.map((error) => `The engine stopped: ${error}`),
    ...unusedApprovals.map((approval) => `Approved, but not part of this preview: ${approvalText(approval)}`),
  ];
}

/** One line. */
export function summary(stack: string, { findings, errors, refused }: Judgement): string {
  const count = (wanted: string) => findings.filter((finding) => mark(finding) === wanted).length;
  const counts = `${count(MARKS.refused)} refused, ${count(MARKS.advised)} to consider, ${count(MARKS.approved)} approved`;
  if (refused) return `Stack ${stack}: ${counts}. Nothing was changed.`;
  if (errors.length > 0) return `Stack ${stack}: the preview failed, so it cannot be judged (${counts}).`;
  return findings.length === 0
    ? `Stack ${stack}: nothing that holds data would be replaced, deleted or exposed.`
    : `Stack ${stack}: ${counts}; nothing stands in the way.`;
}

/** The judgement as the object that `--json` prints. */
export const reportJson = (stack: string, judgement: Judgement): Readonly<Record<string, unknown>> => ({
  stack,
  ...judgement,
  unusedApprovals: judgement.unusedApprovals.map(approvalText),
});

/** Workflow commands of GitHub Actions, one per finding, which the run and the pull request show. */
export function githubAnnotations(stack: string, { findings, errors }: Judgement): string[] {
  return [
    ...findings.map((finding) => {
      const command = finding.approved ? "notice" : finding.level === "refuse" ? "error" : "warning";
      const text = `${finding.urn}\n${finding.cause}\n${finding.consequence}\nInstead: ${finding.instead}`;
      return `::${command} title=${property(`${stack}: ${headline(finding)}`)}::${data(text)}`;
    }),
    ...errors.map((error) => `::error title=${property(`${stack}: the preview failed`)}::${data(error)}`),
  ];
}

const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
