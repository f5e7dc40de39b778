import { describe, expect, it } from "vitest";
import { requirementIds, summarise } from "../requirements";

const PAGE = "| id | demand |\n|---|---|\n| S0-01 | a |\n| S0-02 | b (see S0-01) |\n| S4-70 | c |\n";

describe("the count of requirements", () => {
  it("reads one id from each row of the page", () => {
    expect(requirementIds(PAGE)).toEqual(["S0-01", "S0-02", "S4-70"]);
  });

  it("tells what passing titles name, what none names, and ids that do not exist", () => {
    const summary = summarise(requirementIds(PAGE), ["S0-01, S4-70: both", "S0-01 again", "S3-99: made up", "no id"]);
    expect(summary.shown.map(({ id, tests }) => [id, tests.length])).toEqual([
      ["S0-01", 2],
      ["S4-70", 1],
    ]);
    expect(summary.open).toEqual(["S0-02"]);
    expect(summary.unknown).toEqual(["S3-99"]);
  });
});
