import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Network, type NetworkArgs } from "../../../components/network/network";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const ARGS: NetworkArgs = {
  mode: "adopt",
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: ["subnet-00000001", "subnet-00000002"],
  dataSubnetIds: ["subnet-00000003", "subnet-00000004"],
  natGateways: "per-zone",
  accountId: "123456789012",
  region: "us-east-1",
  deletionProtection: true,
};

/** A VPC that is there answers as it is; the simulated cloud of the rehearsal holds none that it did not make. */
function adopt(dns = { enableDnsHostnames: true, enableDnsSupport: true }) {
  const asked: unknown[] = [];
  pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { ...inputs, zoneId: "Z0" } }),
      call: ({ token, inputs }) => {
        asked.push([token, inputs.id]);
        return { ...inputs, ...dns, cidrBlock: "10.9.0.0/16" };
      },
    },
    "scaling-ladder",
    "test",
    false,
  );
  const records = recording();
  return { network: new Network("network", ARGS, records.opts), asked, ...records };
}

describe("a network that is adopted", () => {
  it("makes nothing but the private zone", async () => {
    const { recorded, made } = adopt();
    await made();
    expect(recorded.map(({ type }) => type)).toEqual(["scaling-ladder:network:Network", "aws:route53/zone:Zone"]);
    expect(recorded[1]?.opts.protect).toBe(true);
  });

  it("is what the settings name, with the range that the VPC has", async () => {
    const { network, asked } = adopt();
    expect(await resolved(network.cidr)).toBe("10.9.0.0/16");
    expect(asked).toEqual([["aws:ec2/getVpc:getVpc", ARGS.vpcId]]);
    expect(await resolved(network.vpcId)).toBe(ARGS.vpcId);
    expect(await Promise.all(network.privateSubnetIds.map(resolved<string>))).toEqual(ARGS.privateSubnetIds);
    expect(await Promise.all(network.dataSubnetIds.map(resolved<string>))).toEqual(ARGS.dataSubnetIds);
    expect(network.publicSubnetIds).toEqual([]);
  });
});
