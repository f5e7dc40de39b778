import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runbookOf } from "../../../components/alerting/alert";
import { CATALOGUE } from "../../../components/alerting/catalogue";
import { renderPrometheusRules } from "../../../components/alerting/prometheusRules";
import { alertsMarkdown } from "../../../components/alerting/runbooks";
import { FACTS } from "./sample";

const page = readFileSync(join(__dirname, "../../..", "docs", "alerts.md"), "utf8");
const anchors = new Set(
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => (heading ?? "").toLowerCase().replaceAll(" ", "-")),
);

describe("the runbooks", () => {
  it("are the page docs/alerts.md, word for word", () => {
    expect(page).toBe(alertsMarkdown());
  });

  it.each(CATALOGUE)("have a section for $name with meaning, first look and what to do", (alert) => {
    expect(anchors).toContain(alert.name);
    const section = page.split(`\n### ${alert.name}\n`)[1]?.split("\n### ")[0] ?? "";
    for (const part of ["**What it means.**", "**First look.**", "**What to do.**", alert.runbook.means])
      expect(section).toContain(part);
  });

  it("are there for every link that a rule or an alarm gives", () => {
    const links = [
      ...CATALOGUE.map((alert) => runbookOf(alert)),
      ...renderPrometheusRules(CATALOGUE, FACTS).groups.flatMap(({ rules }) =>
        rules.map((rule) => ("alert" in rule ? (rule.annotations.runbook_url ?? "") : "")),
      ),
    ];
    for (const link of links) expect(anchors).toContain(link.split("#")[1]);
  });

  it("list every alert in one table, with its severity and its source", () => {
    for (const { name, severity, source } of CATALOGUE)
      expect(page).toMatch(
        new RegExp(
          `^\\| \\[${name}\\]\\(#${name}\\) .*\\| ${severity} \\|.*\\| ${source.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")} \\|$`,
          "m",
        ),
      );
  });
});
