import { describe, expect, it } from "vitest";
import { coverageOf, writeCoverage } from "../../../crosscheck/coverage";
import { together } from "../../../crosscheck/finding";

const finding = (check: string) => ({ check, title: "", urn: "urn:pulumi:one::t::r" });

describe("the coverage", () => {
  it("tells the worst that became of each check, in the order of their numbers", () => {
    const report = { findings: [], satisfied: ["CKV_AWS_16", "CKV_AWS_3"], passed: 2 };
    const verdict = {
      ours: [finding("CKV_AWS_157")],
      waived: [finding("CKV_AWS_157"), finding("CKV_AWS_18")],
      open: [finding("CKV_AWS_23")],
      problems: [],
    };
    expect(writeCoverage(coverageOf(report, verdict))).toBe(
      "CKV_AWS_3\tsatisfied\nCKV_AWS_16\tsatisfied\nCKV_AWS_18\twaived\nCKV_AWS_23\topen\nCKV_AWS_157\tours\n",
    );
  });

  it("does not call a check satisfied that failed elsewhere", () => {
    const one = { findings: [], satisfied: ["A", "B"], passed: 3 };
    const other = { findings: [finding("B")], satisfied: ["A"], passed: 1 };
    expect(together([one, other])).toEqual({ findings: [finding("B")], satisfied: ["A"], passed: 4 });
  });
});
