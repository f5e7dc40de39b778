import type { Finding, PolicyRun } from "./run";

const HEADER = ["verdict", "level", "policy", "shows"] as const;

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join("  ")
      .trimEnd(),
  );
}

/** `urn:pulumi:dev::project::parent$the:type:Name::app` is for people the `Name` called `app`. */
function shortUrn(urn: string): string {
  const [, , qualifiedType = "", name = urn] = urn.split("::");
  const type = qualifiedType.split("$").at(-1)?.split(":").at(-1);
  return type ? `${type} ${name}` : name;
}

function details(finding: Finding): readonly string[] {
  const violated = finding.verdict === "violated";
  const about = `${finding.policy} (${finding.level}) on ${shortUrn(finding.urn)}: ${finding.verdict}`;
  return ["", about, `  ${finding.message}`, ...(violated ? [`  Fix: ${finding.remedy}`] : [])];
}

function summary(run: PolicyRun): string {
  if (run.refused) return `Stack ${run.stack} is refused: a mandatory policy is violated.`;
  const advice = run.findings.filter((finding) => finding.verdict === "violated").length;
  const open = run.findings.filter((finding) => finding.verdict === "unverified").length;
  const notes = [advice > 0 ? `advice: ${advice}` : "", open > 0 ? `unverified before \`up\`: ${open}` : ""];
  const rest = notes.filter(Boolean).join(", ");
  return `Stack ${run.stack} keeps every mandatory policy that could be judged${rest ? ` (${rest})` : ""}.`;
}

/** A run as a table of all policies, the findings under it, and one sentence at the end. */
export function renderPolicyRun(run: PolicyRun): string {
  const rows = run.outcomes.map(({ verdict, level, policy, ids }) => [verdict, level, policy, ids.join(" ")]);
  return [...columns([HEADER, ...rows]), ...run.findings.flatMap(details), "", summary(run)].join("\n");
}
