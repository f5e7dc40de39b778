import { describe, expect, it } from "vitest";
import { DOCUMENTED, parametersFor } from "../../../components/database/parameters";
import { PARAMETERS } from "../../../rehearsal/aws/rdsGroups";
import { sizeByName } from "../../../settings/tiers";
import { cloudWithGroups, INPUTS, INSTANCE, PARAMETER_GROUP, SUBNETS } from "./databaseCloud";

describe("a subnet group", () => {
  it("is refused with one zone only, and with a subnet that is not there", async () => {
    const { create, a, a2 } = await cloudWithGroups();
    await expect(create(SUBNETS, { name: "one", subnetIds: [a, a2] })).rejects.toThrow(/two availability zones/);
    await expect(create(SUBNETS, { name: "none", subnetIds: [a, "subnet-0123456789"] })).rejects.toThrow(
      /there is no aws:ec2\/subnet:Subnet subnet-0123456789/,
    );
  });

  it("keeps the zone in which an instance is, and stays while it is used", async () => {
    const { update, remove, create, group, a, b, a2 } = await cloudWithGroups();
    const instance = await create(INSTANCE, { ...INPUTS, availabilityZone: "us-east-1b" });
    const id = group.id;
    await expect(update(SUBNETS, id, { name: "data", subnetIds: [a, a2] })).rejects.toThrow(
      /two availability zones|currently in use: db is in us-east-1b/,
    );
    await expect(update(SUBNETS, id, { name: "data", subnetIds: [a2, b] })).resolves.toBeDefined();
    await expect(remove(SUBNETS, id)).rejects.toThrow(/still using it/);
    await remove(INSTANCE, instance.id);
    await expect(remove(SUBNETS, id)).resolves.toBeUndefined();
  });

  it("is replaced by another name only", async () => {
    const { replaces, group, a } = await cloudWithGroups();
    const id = group.id;
    expect(replaces(SUBNETS, id, { name: "other" })).toEqual(["name"]);
    expect(replaces(SUBNETS, id, { subnetIds: [a], description: "x" })).toEqual([]);
  });
});

describe("a parameter group", () => {
  const parameter = (name: string, value: string, applyMethod = "immediate") => ({
    family: "postgres16",
    name: "group",
    parameters: [{ name, value, applyMethod }],
  });

  it("takes every parameter that the component sets", async () => {
    const { create } = await cloudWithGroups();
    for (const tuning of ["documented", "scaled"] as const) {
      const parameters = parametersFor({ tuning, machine: sizeByName("high-load"), storageGiB: 1024 });
      await expect(create(PARAMETER_GROUP, { family: "postgres16", name: tuning, parameters })).resolves.toBeDefined();
    }
    expect(Object.keys(PARAMETERS)).toEqual(expect.arrayContaining(Object.keys(DOCUMENTED)));
  });

  it.each([
    [/Could not find parameter/, parameter("shared_bufers", "32768", "pending-reboot")],
    [/immediate apply method for static parameter shared_buffers/, parameter("shared_buffers", "32768")],
    [/invalid value 256MB/, parameter("shared_buffers", "256MB", "pending-reboot")],
    [/invalid value 1.5/, parameter("checkpoint_completion_target", "1.5")],
    [/invalid value on/, parameter("rds.force_ssl", "on")],
    [/invalid value plpython/, parameter("shared_preload_libraries", "plpython", "pending-reboot")],
    [/ParameterGroupFamily postgres9 is not valid/, { ...parameter("work_mem", "4096"), family: "postgres9" }],
  ])("is refused: %s", async (message, wrong) => {
    const { create } = await cloudWithGroups();
    await expect(create(PARAMETER_GROUP, wrong)).rejects.toThrow(message);
  });

  it("has a name by its prefix, is replaced by another family, and stays while it is used", async () => {
    const { create, remove, replaces } = await cloudWithGroups();
    const group = await create(PARAMETER_GROUP, { namePrefix: "ours-", family: "postgres16" });
    expect(group.name).toMatch(/^ours-.{20,}$/);
    const id = group.id;
    expect(replaces(PARAMETER_GROUP, id, { family: "postgres15" })).toEqual(["family"]);
    expect(replaces(PARAMETER_GROUP, id, { parameters: [] })).toEqual([]);
    await create(INSTANCE, { ...INPUTS, parameterGroupName: group.name });
    await expect(remove(PARAMETER_GROUP, id)).rejects.toThrow(/still members/);
  });
});
