import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../components/alerting/catalogue";
import { budgetMinutes, FAST_BURN, floorOf, SLOW_BURN, STEADY_BURN } from "../../../components/alerting/objective";
import { FACTS } from "./sample";

describe("the availability objective", () => {
  it("S0-35: 99.9 % of 30 days leave 43.2 minutes", () => {
    expect(budgetMinutes()).toBe(43.2);
    expect(budgetMinutes(1)).toBe(1.44);
  });

  it("is watched by the rate at which its minutes go", () => {
    expect([FAST_BURN, STEADY_BURN, SLOW_BURN].map(floorOf)).toEqual([98.56, 99.4, 99.9]);
    // 2 % of the budget within an hour, 5 % within six, 10 % within three days.
    for (const [burn, share] of [
      [FAST_BURN, 0.02],
      [STEADY_BURN, 0.05],
      [SLOW_BURN, 0.1],
    ] as const)
      expect(((100 - floorOf(burn)) / 100) * burn.hours * 60).toBeCloseTo(share * budgetMinutes(), 1);
  });

  it("has an alarm for each rate, of which the slow one wakes nobody", () => {
    const alerts = CATALOGUE.filter(({ part }) => part === "availability");
    expect(alerts.map((alert) => [alert.severity, alert.threshold(FACTS)])).toEqual([
      ["critical", 98.56],
      ["critical", 99.4],
      ["warning", 99.9],
    ]);
    for (const { cloudwatch } of alerts)
      expect(cloudwatch?.map(({ scope }) => scope)).toEqual(["proxied-writer", "direct-writer"]);
  });
});
