import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkWindows, DEFAULT_WINDOWS } from "../../../components/cache/redisWindows";
import { UserError } from "../../../settings/errors";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEK = 7 * 24 * 60;

const clock = (minute: number): string => {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${pad(Math.floor(minute / 60) % 24)}:${pad(minute % 60)}`;
};
const weekly = (start: number, length: number): string => {
  const at = (minute: number) => `${DAYS[Math.floor((minute % WEEK) / 1440)]}:${clock(minute % 1440)}`;
  return `${at(start)}-${at(start + length)}`;
};

/** Minute by minute, as slowly as it can be said. */
const meet = (snapshotStart: number, snapshotLength: number, start: number, length: number): boolean => {
  for (let minute = start; minute < start + length; minute += 1) {
    const ofDay = (minute - snapshotStart + WEEK) % 1440;
    if (ofDay < snapshotLength) return true;
  }
  return false;
};

describe("windows of a cache", () => {
  it("are apart by default", () => {
    expect(() => checkWindows(DEFAULT_WINDOWS)).not.toThrow();
  });

  it("are refused exactly when they share a minute", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 60, max: 600 }),
        fc.integer({ min: 0, max: WEEK - 1 }),
        fc.integer({ min: 60, max: 600 }),
        (snapshotStart, snapshotLength, start, length) => {
          const windows = {
            snapshot: `${clock(snapshotStart)}-${clock(snapshotStart + snapshotLength)}`,
            maintenance: weekly(start, length),
          };
          const check = () => checkWindows(windows);
          if (meet(snapshotStart, snapshotLength, start, length)) expect(check).toThrow(UserError);
          else expect(check).not.toThrow();
        },
      ),
    );
  });

  it.each(["sunday", "sun:05:00-06:00", "sun:25:00-sun:26:00", "son:05:00-son:06:00", "sun:06:00-sun:06:30"])(
    "refuses %s",
    (maintenance) => {
      expect(() => checkWindows({ ...DEFAULT_WINDOWS, maintenance })).toThrow(UserError);
    },
  );
});
