import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { InternalNames, type InternalNamesArgs } from "../../../components/network/internalNames";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

type Names = Omit<InternalNamesArgs, "zoneId" | "domain">;

const NAMES: Names = {
  postgres: "primary.rds.example",
  readers: [
    { key: "replica-1", host: "replica-1.rds.example" },
    { key: "replica-2", host: "replica-2.rds.example" },
  ],
  redis: "cache.example",
};

async function makeNames(names: Names = NAMES) {
  const cloud = rehearsedMocks();
  const records = recording();
  const zone = new aws.route53.Zone("zone", { name: "internal" });
  const component = new InternalNames("names", { ...names, zoneId: zone.zoneId, domain: "internal" }, records.opts);
  await records.made();
  const inputs = cloud.all("record:Record").map((record) => record.inputs);
  const named = (name: string) => inputs.filter((record) => record.name === name);
  return { names: component, inputs, named, zoneId: await resolved(zone.zoneId) };
}

describe("names inside the network", () => {
  it("S1-21: postgres.internal and redis.internal lead to the writer and the cache", async () => {
    const { names, named, zoneId } = await makeNames();
    expect(named("postgres.internal")).toMatchObject([{ zoneId, type: "CNAME", records: [NAMES.postgres] }]);
    expect(named("redis.internal")).toMatchObject([{ zoneId, type: "CNAME", records: [NAMES.redis] }]);
    expect(await resolved(names.postgres)).toBe("postgres.internal");
    expect(await resolved(names.redis)).toBe("redis.internal");
  });

  it("share reads among the replicas evenly, each under its key", async () => {
    const { names, named } = await makeNames();
    const records = named("postgres-read.internal");
    expect(records.map((record) => [record.setIdentifier, record.records])).toEqual([
      ["replica-1", ["replica-1.rds.example"]],
      ["replica-2", ["replica-2.rds.example"]],
    ]);
    expect(new Set(records.map((record) => JSON.stringify(record.weightedRoutingPolicies))).size).toBe(1);
    expect(await resolved(names.postgresRead)).toBe("postgres-read.internal");
  });

  it("read from the writer without replicas, by a record that replicas can stand beside", async () => {
    const { named } = await makeNames({ ...NAMES, readers: [] });
    expect(named("postgres-read.internal")).toMatchObject([
      { setIdentifier: "writer", records: [NAMES.postgres], weightedRoutingPolicies: [{ weight: 10 }] },
    ]);
  });

  it("are forgotten by clients within a minute", async () => {
    const { inputs } = await makeNames();
    expect(inputs).toHaveLength(4);
    for (const { ttl } of inputs) expect(ttl).toBeLessThanOrEqual(60);
  });
});
