import {
  type Cloud,
  type CloudResource,
  type Reference,
  type ResourceModel,
  text,
  UNKNOWN,
  type Values,
} from "../model";
import { AWS_MANAGED_POLICIES } from "./managedPolicies";
import { refusedPolicy } from "./policyDocument";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const USER = "aws:iam/user:User";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment";
const ACCESS_KEY = "aws:iam/accessKey:AccessKey";

const SOURCE = "hashicorp/terraform-provider-aws internal/service/iam";
const MADE_AT = "2025-01-01T00:00:00Z";

const pathOf = (inputs: Values): string => text(inputs.path) || "/";

/** A name, or the one that a prefix makes. */
const nameOf = (inputs: Values, hex: (digits: number) => string): string =>
  text(inputs.name) || `${text(inputs.namePrefix)}${hex(26)}`;

/** A policy that is attached must exist: one of this account, or one that AWS keeps. */
const POLICY_REFERENCE: Reference = { types: [POLICY], by: "arn", always: [...AWS_MANAGED_POLICIES] };

/** Why IAM answers DeleteConflict: something of these types still names the thing. */
const stillUsed = (cloud: Cloud, uses: readonly (readonly [string, string])[], value: unknown): string | undefined =>
  uses.some(([type, property]) => cloud.all(type).some(({ values }) => values[property] === value))
    ? "DeleteConflict: cannot delete an entity that still has policies, keys or attachments"
    : undefined;

/** Identity and Access Management. */
export const iam: readonly ResourceModel[] = [
  {
    type: ROLE,
    replaces: ["name", "namePrefix", "path"],
    source: `${SOURCE}/role.go`,
    published: {
      type: "AWS::IAM::Role",
      names: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument", forceDetachPolicies: false },
    },
    autonamed: { property: "name", limit: 64 },
    // The provider waits until the role can be seen everywhere.
    seconds: { create: 10 },
    unique: (inputs) => text(inputs.name),
    references: { managedPolicyArns: POLICY_REFERENCE },
    check: (inputs) => refusedPolicy("assumeRolePolicy", inputs.assumeRolePolicy, "trust"),
    id: (inputs, { hex }) => nameOf(inputs, hex),
    outputs: (inputs, { arn, hex }) => {
      const name = nameOf(inputs, hex);
      return {
        name,
        arn: arn("iam", `role${pathOf(inputs)}${name}`, "global"),
        createDate: MADE_AT,
        uniqueId: `AROA${hex(17, "id").toUpperCase()}`,
      };
    },
    refuseDelete: ({ id, values }, cloud) =>
      values.forceDetachPolicies === true
        ? undefined
        : stillUsed(cloud, [[ROLE_POLICY, "role"] as const, [ROLE_ATTACHMENT, "role"] as const], id),
  },
  {
    type: POLICY,
    replaces: ["name", "namePrefix", "path", "description"],
    source: `${SOURCE}/policy.go`,
    published: {
      type: "AWS::IAM::ManagedPolicy",
      names: { name: "ManagedPolicyName", policy: "PolicyDocument", delayAfterPolicyCreationInMs: false },
    },
    autonamed: { property: "name", limit: 128 },
    unique: (inputs) => text(inputs.name),
    check: (inputs) => refusedPolicy("policy", inputs.policy, "identity"),
    id: (inputs, { arn, hex }) => arn("iam", `policy${pathOf(inputs)}${nameOf(inputs, hex)}`, "global"),
    outputs: (inputs, { arn, hex }) => {
      const name = nameOf(inputs, hex);
      return {
        name,
        arn: arn("iam", `policy${pathOf(inputs)}${name}`, "global"),
        policyId: `ANPA${hex(17, "id").toUpperCase()}`,
        attachmentCount: 0,
      };
    },
    refuseDelete: ({ id }, cloud) =>
      stillUsed(cloud, [[ROLE_ATTACHMENT, "policyArn"] as const, [USER_ATTACHMENT, "policyArn"] as const], id),
  },
  {
    type: ROLE_POLICY,
    replaces: ["name", "namePrefix", "role"],
    source: `${SOURCE}/role_policy.go`,
    published: {
      type: "AWS::IAM::RolePolicy",
      names: { name: "PolicyName", role: "RoleName", policy: "PolicyDocument" },
    },
    autonamed: { property: "name", limit: 128 },
    references: { role: { types: [ROLE] } },
    unique: (inputs) => (inputs.role === UNKNOWN ? undefined : `${text(inputs.role)}:${text(inputs.name)}`),
    check: (inputs) => refusedPolicy("policy", inputs.policy, "identity"),
    id: (inputs, { hex }) => `${text(inputs.role)}:${nameOf(inputs, hex)}`,
    outputs: (inputs, { hex }) => ({ name: nameOf(inputs, hex) }),
  },
  {
    type: ROLE_ATTACHMENT,
    replaces: ["role", "policyArn"],
    source: `${SOURCE}/role_policy_attachment.go`,
    references: { role: { types: [ROLE] }, policyArn: POLICY_REFERENCE },
    id: (inputs) => `${text(inputs.role)}/${text(inputs.policyArn)}`,
    outputs: () => ({}),
  },
  {
    type: USER,
    // Renamed and moved in place, by UpdateUser.
    replaces: [],
    source: `${SOURCE}/user.go`,
    published: { type: "AWS::IAM::User", names: { name: "UserName", forceDestroy: false } },
    autonamed: { property: "name", limit: 64 },
    unique: (inputs) => text(inputs.name),
    id: (inputs) => text(inputs.name),
    outputs: (inputs, { arn, hex }) => ({
      arn: arn("iam", `user${pathOf(inputs)}${text(inputs.name)}`, "global"),
      uniqueId: `AIDA${hex(17, "id").toUpperCase()}`,
    }),
    refuseDelete: ({ id, values }: CloudResource, cloud) =>
      values.forceDestroy === true
        ? undefined
        : stillUsed(cloud, [[USER_ATTACHMENT, "user"] as const, [ACCESS_KEY, "user"] as const], id),
  },
  {
    type: USER_ATTACHMENT,
    replaces: ["user", "policyArn"],
    source: `${SOURCE}/user_policy_attachment.go`,
    references: { user: { types: [USER] }, policyArn: POLICY_REFERENCE },
    id: (inputs) => `${text(inputs.user)}/${text(inputs.policyArn)}`,
    outputs: () => ({}),
  },
  {
    type: ACCESS_KEY,
    replaces: ["user", "pgpKey"],
    source: `${SOURCE}/access_key.go`,
    references: { user: { types: [USER] } },
    check: ({ status }) =>
      status === undefined || status === "Active" || status === "Inactive" || status === UNKNOWN
        ? []
        : [{ property: "status", reason: "must be Active or Inactive" }],
    // Must look like nothing that a search for leaked keys would find.
    id: (_, { hex }) => `REHEARSALKEY${hex(8).toUpperCase()}`,
    secretOutputs: ["secret", "sesSmtpPasswordV4"],
    outputs: (inputs, { hex }) => ({
      secret: `rehearsal-${hex(30, "secret")}`,
      sesSmtpPasswordV4: `rehearsal-${hex(30, "smtp")}`,
      status: inputs.status ?? "Active",
      createDate: MADE_AT,
    }),
  },
];
