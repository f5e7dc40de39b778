import { beforeEach, describe, expect, it } from "vitest";
import { iam } from "../../../rehearsal/aws/iam";
import { refusedPolicy } from "../../../rehearsal/aws/policyDocument";
import { UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const USER = "aws:iam/user:User";
const KEY = "aws:iam/accessKey:AccessKey";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment";

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const trust = policy({ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" });
const list = { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::files" };

let cloud: ReturnType<typeof oneCloud>;
beforeEach(() => {
  cloud = oneCloud(iam);
});

describe("documents of IAM", () => {
  const wrong: [string, unknown, "identity" | "resource" | "trust"][] = [
    ["no JSON", "{", "identity"],
    ["no version", JSON.stringify({ Statement: [list] }), "identity"],
    ["no statement", JSON.stringify({ Version: "2012-10-17" }), "identity"],
    ["an effect that is none", policy({ ...list, Effect: "Maybe" }), "identity"],
    ["an action without service", policy({ ...list, Action: "ListBucket" }), "identity"],
    ["a resource that is no ARN", policy({ ...list, Resource: "files" }), "identity"],
    ["a missing resource", policy({ Effect: "Allow", Action: "s3:ListBucket" }), "identity"],
    ["a principal on a principal", policy({ ...list, Principal: "*" }), "identity"],
    ["a missing principal", policy(list), "resource"],
    ["a principal of no kind", policy({ ...list, Principal: { Human: "me" } }), "resource"],
    ["a service that is none", policy({ ...list, Principal: { Service: "s3" } }), "resource"],
    ["trust with a resource", policy({ ...list, Principal: "*" }), "trust"],
    ["an unknown operator", policy({ ...list, Condition: { StringIs: { a: "b" } } }), "identity"],
    ["an unknown key", policy({ ...list, Resources: "*" }), "identity"],
    ["too many characters", policy({ ...list, Sid: "x".repeat(7000) }), "identity"],
  ];
  it.each(wrong)("are malformed with %s", (_, document, kind) => {
    const reasons = refusedPolicy("policy", document, kind).map(({ reason }) => reason);
    expect(reasons.join()).toMatch(/^MalformedPolicyDocument: /);
  });

  it("may be unknown still", () => {
    expect(refusedPolicy("policy", UNKNOWN, "identity")).toEqual([]);
  });
});

describe("roles, users and policies", () => {
  it("have ids and ARNs as AWS gives them", async () => {
    const role = await cloud.create(ROLE, { name: "files", assumeRolePolicy: trust });
    const user = await cloud.create(USER, { name: "files", path: "/apps/" });
    const made = await cloud.create(POLICY, { name: "files", policy: policy(list) });
    expect(role).toMatchObject({ id: "files", arn: "arn:aws:iam::123456789012:role/files" });
    expect(user).toMatchObject({ id: "files", arn: "arn:aws:iam::123456789012:user/apps/files" });
    expect(made).toMatchObject({ id: made.arn, arn: "arn:aws:iam::123456789012:policy/files" });
  });

  it("get names of their own where none is given", async () => {
    const role = await cloud.create(ROLE, { assumeRolePolicy: trust }, "role");
    expect(role.name).toMatch(/^role-[0-9a-f]{7}$/);
  });

  it("make a new role for another name or path, a new policy for another description, and rename a user in place", async () => {
    await cloud.create(ROLE, { name: "files", assumeRolePolicy: trust });
    await cloud.create(USER, { name: "files" });
    const { id } = await cloud.create(POLICY, { name: "files", policy: policy(list), description: "one" });
    expect(cloud.replaces(ROLE, "files", { name: "other" })).toEqual(["name"]);
    expect(cloud.replaces(ROLE, "files", { assumeRolePolicy: policy() })).toEqual([]);
    expect(cloud.replaces(POLICY, String(id), { description: "two" })).toEqual(["description"]);
    expect(cloud.replaces(USER, "files", { name: "other" })).toEqual([]);
  });

  it("are refused with a malformed document", () => {
    expect(cloud.check(ROLE, { assumeRolePolicy: policy(list) })).not.toEqual([]);
    expect(cloud.check(POLICY, { policy: "{}" })).not.toEqual([]);
    expect(cloud.check(ROLE_POLICY, { role: "files", policy: "{}" })).not.toEqual([]);
  });

  it("keep one name for one thing", async () => {
    await cloud.create(USER, { name: "files" });
    await expect(cloud.create(USER, { name: "files" })).rejects.toThrow(/already exists/);
  });
});

describe("attachments", () => {
  const attach = (policyArn: string) => cloud.create(ROLE_ATTACHMENT, { role: "files", policyArn });
  beforeEach(() => cloud.create(ROLE, { name: "files", assumeRolePolicy: trust }));

  it("take policies of the account and AWS's own", async () => {
    const { arn } = await cloud.create(POLICY, { name: "files", policy: policy(list) });
    await attach(String(arn));
    await attach("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy");
  });

  it.each(["arn:aws:iam::aws:policy/AmazonEksClusterPolicy", "arn:aws:iam::123456789012:policy/nobody"])(
    "refuse %s, which does not exist",
    async (arn) => {
      await expect(attach(arn)).rejects.toThrow(/there is no aws:iam\/policy/);
    },
  );

  it("refuse a role that does not exist", async () => {
    const nobody = { role: "nobody", policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" };
    await expect(cloud.create(ROLE_ATTACHMENT, nobody)).rejects.toThrow(/there is no aws:iam/);
  });

  it("keep role, policy and user from being deleted before them", async () => {
    const { id, arn } = await cloud.create(POLICY, { name: "files", policy: policy(list) });
    await attach(String(arn));
    await cloud.create(USER, { name: "files" });
    await cloud.create(USER_ATTACHMENT, { user: "files", policyArn: String(arn) });
    await expect(cloud.remove(ROLE, "files")).rejects.toThrow(/DeleteConflict/);
    await expect(cloud.remove(POLICY, String(id))).rejects.toThrow(/DeleteConflict/);
    await expect(cloud.remove(USER, "files")).rejects.toThrow(/DeleteConflict/);
    await cloud.remove(USER_ATTACHMENT, `files/${String(arn)}`);
    await cloud.remove(ROLE_ATTACHMENT, `files/${String(arn)}`);
    await cloud.remove(POLICY, String(id));
    await cloud.remove(ROLE, "files");
    expect(cloud.world.all().map(({ type }) => type)).toEqual([USER]);
  });
});

describe("access keys", () => {
  beforeEach(() => cloud.create(USER, { name: "files" }));

  it("look like nothing that could be somebody's", async () => {
    const key = await cloud.create(KEY, { user: "files" });
    expect(key.id).toMatch(/^REHEARSALKEY[0-9A-F]{8}$/);
    expect(key.secret).toMatch(/^rehearsal-/);
    expect(cloud.replaces(KEY, key.id, { status: "Inactive" })).toEqual([]);
    expect(cloud.replaces(KEY, key.id, { user: "other" })).toEqual(["user"]);
  });

  it("are on or off, and keep their user from being deleted", async () => {
    expect(cloud.check(KEY, { user: "files", status: "Gone" })).not.toEqual([]);
    await cloud.create(KEY, { user: "files" });
    await expect(cloud.remove(USER, "files")).rejects.toThrow(/DeleteConflict/);
  });
});
