import { describe, expect, it } from "vitest";
import { left, ProgressDisplay, progressLine } from "../../../../cli/promotion/progress";

describe("a promotion's progress", () => {
  it.each([
    [
      { phase: "copy", table: "users", done: 150_000, total: 1_000_000, unit: "rows" as const },
      50_000,
      10,
      "  copy users: 150,000 of 1,000,000 rows, 10,000 rows/s, 85 s left",
    ],
    [
      { phase: "backup: compress", done: 2 * 1024 ** 2, total: 4 * 1024 ** 2, unit: "bytes" as const },
      0,
      2,
      "  backup: compress: 2.0 MiB of 4.0 MiB, 1.0 MiB/s, 2 s left",
    ],
    [{ phase: "replay", done: 7, unit: "changes" as const }, 0, 0, "  replay: 7 changes"],
    [{ phase: "verify", done: 9, total: 8, unit: "rows" as const }, 9, 1, "  verify: 9 of 9 rows"],
  ])("tells what, how far, how fast and how long: %#", (report, from, seconds, line) => {
    expect(progressLine(report, from, seconds)).toBe(line);
  });

  it.each([
    [1.2, "2 s left"],
    [600, "10 min left"],
    [36_000, "10 h left"],
  ])("tells %d s in the unit that says enough", (seconds, text) => {
    expect(left(seconds)).toBe(text);
  });

  it("stays quiet for what is over in a moment, and clears nothing that it has not written", () => {
    const written: string[] = [];
    const display = new ProgressDisplay({
      write: (text: string | Uint8Array) => written.push(String(text)) > 0,
      isTTY: false,
      columns: 80,
    });
    for (let done = 0; done < 100; done += 1) display.report({ phase: "copy", done, total: 100, unit: "rows" });
    display.clear();
    expect(written).toEqual([]);
  });
});
