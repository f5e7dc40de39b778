import { expect, it } from "vitest";
import { made, reportOn } from "./tools";

const group = made("aws:ec2/securityGroup:SecurityGroup", "group", { description: "of the database" });

const database = (references: Readonly<Record<string, readonly string[]>>) => ({
  ...made("aws:rds/instance:Instance", "database", { engine: "postgres", vpcSecurityGroupIds: [group.id] }),
  references,
});

/** The check "security groups are attached to another resource". */
const ATTACHED = "CKV2_AWS_5";

it("checks about several resources see what belongs together, and only that", async () => {
  const joined = await reportOn([group, database({ vpcSecurityGroupIds: [group.urn] })]);
  expect(joined.satisfied).toContain(ATTACHED);
  const apart = await reportOn([group, database({})]);
  expect(apart.findings).toContainEqual(expect.objectContaining({ check: ATTACHED, urn: group.urn }));
});
