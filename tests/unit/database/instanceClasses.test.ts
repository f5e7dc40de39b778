import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instanceClassFor, machineOf } from "../../../components/database/instanceClasses";
import { isInstanceClass } from "../../../rehearsal/aws/rdsOffers";
import { UserError } from "../../../settings/errors";
import { SIZES } from "../../../settings/tiers";

describe("the instance class", () => {
  it.each([
    ["S3-50: development, 2 CPU and 4GB", "development", "db.t4g.medium"],
    ["S3-51: production, 4 CPU and 16GB", "production", "db.m7g.xlarge"],
    ["S3-52: high-load, 8 CPU and 32GB", "high-load", "db.m7g.2xlarge"],
  ])("%s", (_title, name, instanceClass) => {
    const size = SIZES.find((each) => each.name === name);
    expect(size && instanceClassFor(size)).toBe(instanceClass);
  });

  it("always has what was asked for, is offered by AWS, and is never far too large", () => {
    const machine = fc.record({ vcpus: fc.integer({ min: 1, max: 64 }), memoryGiB: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(machine, (wanted) => {
        const name = instanceClassFor(wanted);
        const got = machineOf(name);
        expect(isInstanceClass(name)).toBe(true);
        expect(got?.vcpus).toBeGreaterThanOrEqual(wanted.vcpus);
        expect(got?.memoryGiB).toBeGreaterThanOrEqual(wanted.memoryGiB);
        const enough = Math.max(2, wanted.vcpus, wanted.memoryGiB / 4);
        expect(got?.vcpus).toBeLessThanOrEqual(enough * 2);
      }),
    );
  });

  it("of a machine that nobody sells is the user's to name", () => {
    expect(() => instanceClassFor({ vcpus: 65, memoryGiB: 1 })).toThrow(UserError);
  });
});

describe("what a class has", () => {
  it.each([
    ["db.t4g.micro", { vcpus: 2, memoryGiB: 1 }],
    ["db.t3.2xlarge", { vcpus: 8, memoryGiB: 32 }],
    ["db.m7g.large", { vcpus: 2, memoryGiB: 8 }],
    ["db.r7g.large", { vcpus: 2, memoryGiB: 16 }],
    ["db.r6gd.4xlarge", { vcpus: 16, memoryGiB: 128 }],
    ["db.m8g.48xlarge", { vcpus: 192, memoryGiB: 768 }],
  ])("%s", (name, machine) => expect(machineOf(name)).toEqual(machine));

  it.each(["db.m4.large", "db.x2g.large", "db.m7g.tiny", "db.t4g.4xlarge", "cache.m7g.large", "", "db.m7g"])(
    "is not guessed of %s",
    (name) => expect(machineOf(name)).toBeUndefined(),
  );
});
