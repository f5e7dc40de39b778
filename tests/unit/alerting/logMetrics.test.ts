import { assert, integer, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { LOG_METRICS, LOG_PATTERNS, type LogMetric, logNamespace } from "../../../components/alerting/logMetrics";
import { wrongPattern } from "../../../rehearsal/aws/filterPattern";

/** The patterns as CloudWatch reads them: an expression between percent signs, or a phrase in quotes. */
function matches(metric: LogMetric, line: string): boolean {
  const pattern = LOG_PATTERNS[metric];
  return pattern.startsWith("%")
    ? new RegExp(pattern.slice(1, -1)).test(line)
    : line.includes(pattern.replaceAll('"', ""));
}

const PREFIX = "2026-01-31 08:15:00 UTC:10.20.1.7(51234):aibase_app@aibase:[4711]:";
const slow = (ms: string) => `${PREFIX}LOG:  duration: ${ms} ms  statement: SELECT 4242.5 FROM posts`;

describe("metrics of the database's log", () => {
  it("have patterns that CloudWatch takes, with two expressions at most", () => {
    for (const pattern of Object.values(LOG_PATTERNS)) expect(wrongPattern(pattern)).toBeUndefined();
    expect(Object.values(LOG_PATTERNS).filter((pattern) => pattern.startsWith("%"))).toHaveLength(2);
    expect(Object.keys(LOG_PATTERNS).sort()).toEqual(Object.values(LOG_METRICS).sort());
  });

  it("S3-39, S4-38: count a statement from 1,000 ms, and again from 5,000 ms, and no other", () => {
    assert(
      property(tuple(integer({ min: 0, max: 5_000_000 }), integer({ min: 0, max: 999 })), ([ms, rest]) => {
        const line = slow(`${ms}.${String(rest).padStart(3, "0")}`);
        expect(matches("StatementsOver1s", line)).toBe(ms >= 1000);
        expect(matches("StatementsOver5s", line)).toBe(ms >= 5000);
      }),
    );
  });

  it.each([
    ["999.999", false, false],
    ["1000.000", true, false],
    ["4999.999", true, false],
    ["5000.000", true, true],
    ["10000.000", true, true],
  ])("%s ms: %s, %s", (ms, over1, over5) => {
    expect(matches("StatementsOver1s", slow(ms))).toBe(over1);
    expect(matches("StatementsOver5s", slow(ms))).toBe(over5);
  });

  it("count errors by their severity", () => {
    expect(matches("FatalErrors", `${PREFIX}FATAL:  password authentication failed for user "app"`)).toBe(true);
    expect(matches("Panics", `${PREFIX}PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left`)).toBe(true);
    expect(matches("Errors", `${PREFIX}ERROR:  duplicate key value violates unique constraint`)).toBe(true);
    for (const metric of ["FatalErrors", "Panics", "Errors"] as const)
      expect(matches(metric, slow("1234.567"))).toBe(false);
  });

  it("stand in a namespace of their stack, for a filter of plain lines has no dimensions", () => {
    expect(logNamespace("prod")).toBe("ScalingLadder/prod");
  });
});
