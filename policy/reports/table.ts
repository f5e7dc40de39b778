import type { Finding, PolicyRun } from "../running/findings";
import { type Subject, subjectsOf, textOf } from "./subjects";

const HEADER = ["verdict", "level", "policy", "resource", "shows"] as const;

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
export function shortUrn(urn: string): string {
  const [, , qualifiedType = "", name = urn] = urn.split("::");
  const type = qualifiedType.split("$").at(-1)?.split(":").at(-1);
  return type ? `${type} ${name}` : name;
}

function details(subject: Subject): readonly string[] {
  const [{ policy, level, urn, verdict, pass }] = subject;
  const about = `${policy} (${level}) on ${shortUrn(urn)}: ${verdict}${pass === "state" ? ", in what is up now" : ""}`;
  return [
    "",
    about,
    ...textOf(subject)
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

const count = (run: PolicyRun, verdict: Finding["verdict"]): number =>
  run.findings.filter((finding) => finding.verdict === verdict).length;

/** A run in one sentence. */
export function renderSummary(run: PolicyRun): string {
  const by = `profile ${run.profile}, ${run.passes.length > 1 ? "preview and state" : "preview"}`;
  if (run.refused) return `Stack ${run.stack} is refused: a mandatory policy is violated (${by}).`;
  const notes = [
    [count(run, "violated"), "advice"],
    [count(run, "exempt"), "exempt"],
    [count(run, "unverified"), "unverified before `up`"],
  ] as const;
  const rest = notes.flatMap(([number, what]) => (number > 0 ? [`${what}: ${number}`] : []));
  return `Stack ${run.stack} keeps every mandatory policy that could be judged (${[by, ...rest].join("; ")}).`;
}

/** A run as a table of all policies, a row for each resource that something was found about, what to do, and one sentence at the end. */
export function renderPolicyRun(run: PolicyRun): string {
  const rows = run.outcomes.flatMap(({ verdict, level, policy, ids }) => {
    const found = subjectsOf(run.findings.filter((finding) => finding.policy === policy));
    if (found.length === 0) return [[verdict, level, policy, "", ids.join(" ")]];
    return found.map(([finding]) => [finding.verdict, level, policy, shortUrn(finding.urn), ids.join(" ")]);
  });
  return [...columns([HEADER, ...rows]), ...subjectsOf(run.findings).flatMap(details), "", renderSummary(run)].join(
    "\n",
  );
}
