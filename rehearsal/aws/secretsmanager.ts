import {
  type Cloud,
  type InvokeModel,
  type Making,
  type Refusal,
  type ResourceModel,
  text,
  UNKNOWN,
  type Values,
} from "../model";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const STACK = "aws:serverlessrepository/cloudFormationStack:CloudFormationStack";

/** Largest value of a secret, bytes (Secrets Manager quotas). */
const LARGEST = 65_536;

function checkSecret({ name, recoveryWindowInDays: days }: Values): Refusal[] {
  const window = Number(days ?? 30);
  return [
    ...(text(name) === "" || /^[A-Za-z0-9/_+=.@-]{1,512}$/.test(text(name))
      ? []
      : [{ property: "name", reason: "letters, digits and /_+=.@- only, at most 512 characters" }]),
    ...(window === 0 || (window >= 7 && window <= 30)
      ? []
      : [{ property: "recoveryWindowInDays", reason: "must be 0 or 7 to 30" }]),
  ];
}

/** The name, or the one that the provider makes of a prefix. */
const nameOf = ({ name, namePrefix }: Values, { hex }: Pick<Making, "hex">): string =>
  text(name) || `${text(namePrefix)}${hex(26, "name")}`;

const arnOf = (inputs: Values, making: Making): string =>
  making.arn("secretsmanager", `secret:${nameOf(inputs, making)}-${making.hex(6, "suffix")}`);

/** Deleting schedules the end; the simulated cloud forgets it at once, so a name can be used again here and not at AWS. */
const secret: ResourceModel = {
  type: SECRET,
  replaces: ["name", "namePrefix"],
  source: "hashicorp/terraform-provider-aws internal/service/secretsmanager/secret.go",
  published: { type: "AWS::SecretsManager::Secret" },
  references: { kmsKeyId: { types: ["aws:kms/key:Key"], by: "arn" } },
  autonamed: { property: "name", limit: 512 },
  seconds: { create: 2 },
  unique: ({ name }, { region }) => (text(name) === "" ? undefined : `${region}/${text(name)}`),
  check: checkSecret,
  id: arnOf,
  outputs: (inputs, making, old) => ({
    arn: old?.arn ?? arnOf(inputs, making),
    name: nameOf(inputs, making),
    policy: inputs.policy ?? "",
    replicas: [],
  }),
};

function checkVersion({ secretString, secretBinary, secretStringWo }: Values): Refusal[] {
  const given = [secretString, secretBinary, secretStringWo].filter((value) => value !== undefined);
  if (given.length !== 1)
    return [
      { property: "secretString", reason: "exactly one of secretString, secretBinary, secretStringWo is required" },
    ];
  return typeof secretString === "string" && Buffer.byteLength(secretString) > LARGEST
    ? [{ property: "secretString", reason: `must be at most ${LARGEST} bytes` }]
    : [];
}

const version: ResourceModel = {
  type: VERSION,
  replaces: ["secretId", "secretString", "secretBinary", "secretStringWoVersion"],
  source: "hashicorp/terraform-provider-aws internal/service/secretsmanager/secret_version.go",
  references: { secretId: { types: [SECRET] } },
  seconds: { create: 2 },
  check: checkVersion,
  id: ({ secretId }, { hex }) => `${text(secretId)}|terraform-${hex(26, "version")}`,
  outputs: ({ secretId, versionStages }, { hex }) => ({
    arn: secretId,
    secretArn: secretId,
    versionId: `terraform-${hex(26, "version")}`,
    versionStages: versionStages ?? ["AWSCURRENT"],
    hasSecretStringWo: false,
  }),
};

function checkRotation({ secretId, rotationLambdaArn, rotationRules }: Values, cloud: Cloud): Refusal[] {
  const rules = typeof rotationRules === "object" && rotationRules !== null ? { ...rotationRules } : {};
  const days: unknown = Reflect.get(rules, "automaticallyAfterDays");
  const schedule: unknown = Reflect.get(rules, "scheduleExpression");
  const valued = cloud.all(VERSION).some(({ values }) => values.secretId === secretId);
  const functions = cloud.all(STACK).map(({ values }) => Reflect.get(Object(values.outputs), "RotationLambdaARN"));
  return [
    ...(cloud.settled && typeof secretId === "string" && !valued
      ? [{ property: "secretId", reason: "InvalidRequestException: the secret has no value to rotate (no AWSCURRENT)" }]
      : []),
    ...(cloud.settled && typeof rotationLambdaArn === "string" && !functions.includes(rotationLambdaArn)
      ? [
          {
            property: "rotationLambdaArn",
            reason: `AccessDeniedException: Secrets Manager cannot invoke the function ${rotationLambdaArn}`,
          },
        ]
      : []),
    ...((days === undefined) === (schedule === undefined) && rotationRules !== UNKNOWN
      ? [{ property: "rotationRules", reason: "one of automaticallyAfterDays, scheduleExpression is required" }]
      : []),
    ...(typeof days === "number" && (days < 1 || days > 1000)
      ? [{ property: "rotationRules.automaticallyAfterDays", reason: "must be 1 to 1000" }]
      : []),
  ];
}

const rotation: ResourceModel = {
  type: "aws:secretsmanager/secretRotation:SecretRotation",
  replaces: ["secretId"],
  source: "hashicorp/terraform-provider-aws internal/service/secretsmanager/secret_rotation.go",
  published: {
    type: "AWS::SecretsManager::RotationSchedule",
    names: { rotationLambdaArn: "RotationLambdaARN", rotateImmediately: "RotateImmediatelyOnUpdate" },
  },
  references: { secretId: { types: [SECRET] } },
  seconds: { create: 5 },
  check: checkRotation,
  id: ({ secretId }) => text(secretId),
  outputs: () => ({ rotationEnabled: true }),
};

/** Secrets Manager. */
export const secretsmanager: readonly ResourceModel[] = [secret, version, rotation];

/** What stands for a secret's value: the simulated cloud keeps fingerprints of secrets and not what they say. */
export const secretInvokes: Readonly<Record<string, InvokeModel>> = {
  "aws:secretsmanager/getSecretVersion:getSecretVersion": (args, cloud) => {
    const version = cloud.all(VERSION).find(({ values }) => values.secretId === args.secretId);
    if (version === undefined)
      throw new Error(`Secrets Manager can't find the specified secret value for ${text(args.secretId)}`);
    return {
      ...args,
      arn: text(args.secretId),
      id: `${text(args.secretId)}|AWSCURRENT`,
      region: cloud.region,
      secretBinary: "",
      secretString: JSON.stringify({ username: "platform_master", password: "password-of-the-rehearsal" }),
      versionId: text(version.values.versionId),
      versionStage: "AWSCURRENT",
      versionStages: ["AWSCURRENT"],
    };
  },
};
