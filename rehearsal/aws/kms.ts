import { type Cloud, type Refusal, type ResourceModel, text, type Values } from "../model";
import { uuid } from "../values";
import { listOf, refusedPolicy, statementsOf } from "./policyDocument";

/** Key Management Service. */

const KEY = "aws:kms/key:Key";

/** Who a statement speaks of, of one kind such as `AWS` or `Service`. */
export const principalsOf = ({ Principal }: Values, kind: string): readonly unknown[] =>
  listOf(typeof Principal === "object" && Principal !== null ? Reflect.get(Principal, kind) : Principal);

/** KMS takes no policy that would keep its own owner from changing it again. */
function lockedOut(inputs: Values, { account }: Cloud): Refusal[] {
  if (text(inputs.policy) === "" || inputs.bypassPolicyLockoutSafetyCheck === true) return [];
  const safe = statementsOf(inputs.policy).some(
    (statement) =>
      statement.Effect === "Allow" &&
      principalsOf(statement, "AWS").some((who) => who === "*" || who === `arn:aws:iam::${account}:root`) &&
      listOf(statement.Action).some((action) => action === "kms:*" || action === "kms:PutKeyPolicy"),
  );
  if (safe) return [];
  return [
    {
      property: "policy",
      reason:
        "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.",
    },
  ];
}

export const kms: readonly ResourceModel[] = [
  {
    type: KEY,
    replaces: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
    source: "hashicorp/terraform-provider-aws internal/service/kms/key.go",
    published: {
      type: "AWS::KMS::Key",
      names: {
        customerMasterKeySpec: "KeySpec",
        deletionWindowInDays: "PendingWindowInDays",
        isEnabled: "Enabled",
        policy: false,
        customKeyStoreId: false,
        xksKeyId: false,
      },
    },
    // The provider waits until policy and tags have spread.
    seconds: { create: 8, update: 5, delete: 1 },
    check: (inputs, cloud) => [
      ...refusedPolicy("policy", inputs.policy, "resource"),
      ...lockedOut(inputs, cloud),
      ...(inputs.rotationPeriodInDays !== undefined && inputs.enableKeyRotation === undefined
        ? [{ property: "rotationPeriodInDays", reason: "needs enableKeyRotation" }]
        : []),
    ],
    id: (_inputs, { hex }) => uuid(hex(32)),
    outputs: (inputs, { arn, hex }) => ({
      arn: arn("kms", `key/${uuid(hex(32))}`),
      keyId: uuid(hex(32)),
      keyUsage: inputs.keyUsage ?? "ENCRYPT_DECRYPT",
      customerMasterKeySpec: inputs.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT",
      isEnabled: inputs.isEnabled ?? true,
      multiRegion: inputs.multiRegion ?? false,
    }),
  },
  {
    type: "aws:kms/alias:Alias",
    replaces: ["name", "namePrefix"],
    source: "hashicorp/terraform-provider-aws internal/service/kms/alias.go",
    published: { type: "AWS::KMS::Alias", names: { name: "AliasName", namePrefix: false } },
    references: { targetKeyId: { types: [KEY] } },
    seconds: { create: 1, delete: 1 },
    unique: (inputs, { region }) => (text(inputs.name) ? `${region} ${inputs.name}` : undefined),
    check: (inputs) =>
      text(inputs.name).startsWith("alias/aws/")
        ? [{ property: "name", reason: "NotAuthorizedException: alias/aws/ is reserved for AWS" }]
        : [],
    id: (inputs) => text(inputs.name),
    outputs: (inputs, { arn, find }) => ({
      arn: arn("kms", text(inputs.name)),
      targetKeyArn: text(find(KEY, text(inputs.targetKeyId))?.values.arn),
    }),
  },
];
