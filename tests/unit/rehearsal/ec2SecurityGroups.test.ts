import { describe, expect, it } from "vitest";
import { ec2Cloud, GROUP, INGRESS, inVpc } from "./ec2Cloud";

const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

describe("security groups", () => {
  it("have a name made from a prefix, and a name once in a VPC", async () => {
    const { create, check, vpc } = await inVpc();
    const group = await create(GROUP, { vpcId: vpc.id, namePrefix: "aibase-test-" });
    expect(group.name).toMatch(/^aibase-test-\w{26}$/);
    await create(GROUP, { vpcId: vpc.id, name: "one" });
    await expect(create(GROUP, { vpcId: vpc.id, name: "one" })).rejects.toThrow(/already exists/);
    expect(check(GROUP, { vpcId: vpc.id, name: "sg-one" })).toEqual(["name: cannot begin with sg-"]);
    expect(check(GROUP, { vpcId: vpc.id, description: "Ä" })).toEqual([expect.stringContaining("description")]);
  });

  it("take over the default group of the VPC", async () => {
    const { create, vpc } = await inVpc();
    const group = await create(DEFAULT_GROUP, { vpcId: vpc.id, ingress: [], egress: [] });
    expect(group.id).toBe(vpc.defaultSecurityGroupId);
    expect(group.name).toBe("default");
  });

  it.each([
    [{ ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/16" }, 0],
    [{ ipProtocol: "-1", cidrIpv4: "10.0.0.0/16" }, 0],
    [{ ipProtocol: "tcp", fromPort: 443, toPort: 443 }, 1],
    [{ ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/16", prefixListId: "pl-1" }, 1],
    [{ ipProtocol: "tcp", cidrIpv4: "10.0.0.0/16" }, 1],
    [{ ipProtocol: "tcp", fromPort: 444, toPort: 443, cidrIpv4: "10.0.0.0/16" }, 1],
    [{ ipProtocol: "-1", fromPort: 0, toPort: 0, cidrIpv4: "10.0.0.0/16" }, 1],
  ])("a rule such as %j has %i mistakes", (rule, mistakes) => {
    expect(ec2Cloud().check(INGRESS, { securityGroupId: "sg-1", ...rule })).toHaveLength(mistakes);
  });

  it("stay while a rule of another group names them", async () => {
    const { create, remove, vpc } = await inVpc();
    const [one, other] = [
      await create(GROUP, { vpcId: vpc.id, name: "one" }),
      await create(GROUP, { vpcId: vpc.id, name: "other" }),
    ];
    const rule = await create(INGRESS, {
      securityGroupId: other.id,
      referencedSecurityGroupId: one.id,
      ipProtocol: "-1",
    });
    await expect(remove(GROUP, one.id)).rejects.toThrow(/DependencyViolation/);
    await remove(INGRESS, rule.id);
    await remove(GROUP, one.id);
  });
});
