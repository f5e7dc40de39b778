import { describe, expect, it } from "vitest";
import { ec2 } from "../../../rehearsal/aws/ec2";
import { route53 } from "../../../rehearsal/aws/route53";
import { oneCloud, unknowns } from "./oneCloud";

const VPC = "aws:ec2/vpc:Vpc";
const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";

async function inZone() {
  const cloud = oneCloud([...ec2, ...route53]);
  const vpc = await cloud.create(VPC, { cidrBlock: "10.0.0.0/16" });
  const zone = await cloud.create(ZONE, { name: "internal", vpcs: [{ vpcId: vpc.id }] });
  const cname = (name: string, host: string, more: object = {}) => ({
    zoneId: zone.id,
    name,
    type: "CNAME",
    ttl: 30,
    records: [host],
    ...more,
  });
  const weighted = (host: string) =>
    cname("read.internal", host, { setIdentifier: host, weightedRoutingPolicies: [{ weight: 10 }] });
  return { ...cloud, vpc, zone, cname, weighted };
}

describe("zones", () => {
  it("have ids, name servers and the region of their VPC", async () => {
    const { zone, vpc } = await inZone();
    expect(zone.id).toMatch(/^Z[0-9A-F]{20}$/);
    expect(zone).toMatchObject({
      arn: `arn:aws:route53:::hostedzone/${zone.id}`,
      zoneId: zone.id,
      vpcs: [{ vpcId: vpc.id, vpcRegion: "us-east-1" }],
    });
    expect(zone.nameServers).toHaveLength(4);
  });

  it("are one of a name for a VPC that is there", async () => {
    const { create, vpc } = await inZone();
    await expect(create(ZONE, { name: "internal", vpcs: [{ vpcId: vpc.id }] })).rejects.toThrow(/already exists/);
    await expect(create(ZONE, { name: "other", vpcs: [{ vpcId: "vpc-0" }] })).rejects.toThrow(/no aws:ec2\/vpc:Vpc/);
  });

  it("stay while they have records, unless they may be emptied", async () => {
    const { create, remove, zone, cname } = await inZone();
    const record = await create(RECORD, cname("a.internal", "host"));
    await expect(remove(ZONE, zone.id)).rejects.toThrow(/HostedZoneNotEmpty/);
    await remove(RECORD, record.id);
    await remove(ZONE, zone.id);
  });

  it("are replaced by another name, and not by another comment or VPC", async () => {
    const { replaces } = await inZone();
    expect(replaces(ZONE, { name: "a" }, { name: "b" })).toEqual(["name"]);
    expect(replaces(ZONE, { comment: "a", vpcs: [] }, { comment: "b", vpcs: [{ vpcId: "v" }] })).toEqual([]);
  });
});

describe("records", () => {
  it("have the full name, and an id of zone, name and type", async () => {
    const { create, zone, cname } = await inZone();
    const record = await create(RECORD, cname("postgres", "host"));
    expect(record.fqdn).toBe("postgres.internal");
    expect(record.id).toBe(`${zone.id}_postgres_CNAME`);
  });

  it("stand alone as CNAME, and never at the top of the zone", async () => {
    const { create, check, cname } = await inZone();
    await create(RECORD, cname("a.internal", "host"));
    const address = { ...cname("a.internal", "10.0.0.1"), type: "A" };
    expect(check(RECORD, address)).toEqual([expect.stringContaining("conflicts with other records")]);
    expect(check(RECORD, cname("internal", "host"))).toEqual([expect.stringContaining("at apex")]);
    expect(check(RECORD, cname("b.internal", "host", { records: ["a", "b"] }))).toEqual([
      expect.stringContaining("a CNAME has one value"),
    ]);
  });

  it("share a name when they are weighted, each with its identifier", async () => {
    const { create, check, weighted } = await inZone();
    await create(RECORD, weighted("one"));
    await create(RECORD, weighted("two"));
    await expect(create(RECORD, weighted("two"))).rejects.toThrow(/already exists/);
    expect(check(RECORD, { ...weighted("three"), setIdentifier: undefined })).not.toEqual([]);
  });

  it("that are simple do not stand beside weighted ones", async () => {
    const { create, check, cname, weighted } = await inZone();
    await create(RECORD, weighted("one"));
    expect(check(RECORD, cname("read.internal", "host"))).toEqual([expect.stringContaining("routing policy exists")]);
  });

  it("need a type that AWS knows, a time to live, and values", async () => {
    const { check, cname } = await inZone();
    expect(check(RECORD, cname("a.internal", "host", { type: "CNAEM" }))).toHaveLength(1);
    expect(check(RECORD, cname("a.internal", "host", { ttl: undefined }))).toHaveLength(1);
    expect(check(RECORD, cname("a.internal", "host", { records: undefined }))).toHaveLength(1);
    expect(check(RECORD, { type: "CNAME", ttl: 30, ...unknowns("zoneId", "name", "records") })).toEqual([]);
  });

  it("are replaced by another name or zone, and changed in place by another host", async () => {
    const { replaces, cname } = await inZone();
    expect(replaces(RECORD, cname("a.internal", "one"), cname("a.internal", "two"))).toEqual([]);
    expect(replaces(RECORD, cname("a.internal", "one"), cname("b.internal", "one"))).toEqual(["name"]);
  });
});
