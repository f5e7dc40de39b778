import { describe, expect, it } from "vitest";
import { judgePreview } from "../../../cli/guarded";
import { parseApproval } from "../../../guard/approval";
import { approvalText } from "../../../guard/finding";
import { githubAnnotations, reportJson, reportText, summary } from "../../../guard/report";
import { previewJson, remove, update, urnOf } from "./steps";

const DB = "aws:rds/instance:Instance";
const urn = urnOf(DB, "database-primary");
const gone = previewJson([remove(DB, "database-primary", { identifier: "a" })]);
const single = previewJson([update(DB, "database-primary", { multiAz: true }, { multiAz: false })]);
const clean = previewJson([]);
const approved = [parseApproval(`delete:${urn}`)];

describe("the report", () => {
  it("names resource, URN, cause, loss, what to do instead, and how to approve just that", () => {
    const lines = reportText(judgePreview("prod", gone, []));
    expect(lines[0]).toBe("✗ database-primary (database instance) would be deleted");
    expect(lines.join("\n")).toContain(`URN:     ${urn}`);
    for (const label of ["Cause:", "Lost:", "Instead:"]) expect(lines.join("\n")).toContain(label);
    expect(lines.at(-1)).toContain(`--approve 'delete:${urn}'`);
  });

  it("shows what is approved and what is only advice as such", () => {
    expect(reportText(judgePreview("prod", gone, approved))[0]).toMatch(/^✓ .* would be deleted: approved$/);
    expect(reportText(judgePreview("prod", single, []))[0]).toMatch(
      /^! .* would change in a dangerous way \(multiAz\)$/,
    );
    expect(reportText(judgePreview("prod", clean, approved))).toEqual([
      `Approved, but not part of this preview: delete:${urn}`,
    ]);
  });

  it("has one line for each outcome", () => {
    const line = (text: string, approvals = [] as typeof approved) =>
      summary("prod", judgePreview("prod", text, approvals));
    expect(line(gone)).toBe("Stack prod: 1 refused, 0 to consider, 0 approved. Nothing was changed.");
    expect(line(gone, approved)).toBe("Stack prod: 0 refused, 0 to consider, 1 approved; nothing stands in the way.");
    expect(line(single)).toBe("Stack prod: 0 refused, 1 to consider, 0 approved; nothing stands in the way.");
    expect(line(clean)).toBe("Stack prod: nothing that holds data would be replaced, deleted or exposed.");
    const failed = previewJson([], [{ severity: "error", message: "error: no credentials" }]);
    expect(line(failed)).toContain("the preview failed, so it cannot be judged");
    expect(reportText(judgePreview("prod", failed, []))).toEqual(["The engine stopped: no credentials"]);
  });

  it("as JSON holds the findings as they are", () => {
    const json = JSON.parse(JSON.stringify(reportJson("prod", judgePreview("prod", gone, approved))));
    expect(json).toMatchObject({
      stack: "prod",
      refused: false,
      errors: [],
      unusedApprovals: [],
      findings: [{ operation: "delete", urn, type: DB, level: "refuse", approved: true, properties: [] }],
    });
  });

  it("annotates a run of GitHub Actions, with its signs escaped", () => {
    const [annotation = "", ...more] = githubAnnotations("prod", judgePreview("prod", gone, []));
    expect(more).toEqual([]);
    expect(annotation).toMatch(
      /^::error title=prod%3A database-primary \(database instance\) would be deleted::urn:pulumi:prod::/,
    );
    expect(annotation).toContain("%0A");
    expect(annotation).not.toContain("\n");
    expect(githubAnnotations("prod", judgePreview("prod", gone, approved))[0]).toMatch(/^::notice /);
    expect(githubAnnotations("prod", judgePreview("prod", single, []))[0]).toMatch(/^::warning /);
  });
});

describe("an approval on the command line", () => {
  it("is read as it is printed", () => {
    expect(parseApproval(`delete:${urn}`)).toEqual({ operation: "delete", urn });
    expect(approvalText(parseApproval(`delete:${urn}`))).toBe(`delete:${urn}`);
  });

  it.each([
    ["", ""],
    ["a URN alone", urn],
    ["another operation", `drop:${urn}`],
    ["no URN", "delete:database-primary"],
    ["a wildcard", "delete:*"],
  ])("%s is none", (_what, text) => expect(() => parseApproval(text)).toThrow("is no approval"));
});

it("a preview of another stack is refused", () => {
  expect(() => judgePreview("smb", gone, [])).toThrow("This is a preview of stack prod, not of stack smb.");
});
