import type { Coverage, Covered } from "./coverage";

const INTRODUCTION = `## Standards of others

What the rules answer to. A control is **satisfied** by the rules that are named; **not applicable**, because no stack makes what
it is about, or because no stack decides it; or **waived** on a day, with a reason. A test looks that each control is one of the
three, and that what is called not made is in no stack. What a control asks is told in our words; the source has its own.
`;

const statusOf = ({ rules, aside }: Covered): string => (rules.length > 0 ? "satisfied" : (aside?.status ?? "open"));

function becauseOf({ rules, aside }: Covered): string {
  if (rules.length > 0) return rules.map((name) => `[${name}](#${name})`).join(", ");
  if (aside === undefined) return "";
  return aside.status === "waived" ? `${aside.since}: ${aside.reason}` : aside.reason;
}

function tally(controls: readonly Covered[]): string {
  const statuses = ["satisfied", "not applicable", "waived", "open"];
  return statuses
    .map((status) => [controls.filter((control) => statusOf(control) === status).length, status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`)
    .join(", ");
}

function section({ catalogue, controls }: Coverage): string {
  const rows = controls.map(
    (control) => `| ${control.id} | ${control.asks} | ${statusOf(control)} | ${becauseOf(control)} |`,
  );
  return [
    `### ${catalogue.name}`,
    "",
    `${catalogue.scope} Source: <${catalogue.source}>. Of ${controls.length}: ${tally(controls)}.`,
    "",
    "| control | asks | | because |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** The chapter of docs/policies.md on the standards of others. */
export const renderCoverage = (coverage: readonly Coverage[]): string =>
  [INTRODUCTION, ...coverage.map(section)].join("\n");
