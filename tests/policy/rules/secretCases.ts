import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "./cases";
import { one as oneCase } from "./oneCase";

const SECRET = "aws:secretsmanager/secret:Secret";
type Props = Readonly<Record<string, Value>>;
const secretOf = (name: string, props: Props = {}) =>
  resource(
    SECRET,
    {
      kmsKeyId: UNKNOWN,
      arn: UNKNOWN,
      id: UNKNOWN,
      name: UNKNOWN,
      namePrefix: `${name}-`,
      recoveryWindowInDays: 7,
      ...props,
    },
    name,
  );
const secret = secretOf("master");
const other = secretOf("other");

const password = resource("random:index/randomPassword:RandomPassword", {}, "password");
const host = resource("aws:rds/instance:Instance", {}, "host");
const version = (of = secret, value: readonly StackResource[] = [password, host]) =>
  resource(
    "aws:secretsmanager/secretVersion:SecretVersion",
    { secretId: UNKNOWN, secretString: new Secret("hush-hush") },
    "version",
    {
      refers: { secretId: of, secretString: value },
    },
  );
const rotation = (
  props: Props = { rotationRules: { automaticallyAfterDays: 90 } },
  of: StackResource | undefined = secret,
) =>
  resource(
    "aws:secretsmanager/secretRotation:SecretRotation",
    { secretId: UNKNOWN, ...props },
    "rotation",
    of === undefined ? {} : { refers: { secretId: of } },
  );
const pods = (from: StackResource) =>
  resource("kubernetes:core/v1:Secret", { data: UNKNOWN }, "pods", { refers: { data: from } });
const user = (from: StackResource, type = "aws:rds/proxy:Proxy") =>
  resource(type, {}, "user", { refers: { auths: from } });

const one = (...[kind, title, resources, verdicts, more]: Parameters<typeof oneCase>): Case =>
  oneCase(kind, title, resources, verdicts, { hides: ["hush-hush"], ...more });
const every = (rules: Value, more: Props = {}) => [secret, rotation({ rotationRules: rules, ...more })];
const rate = (scheduleExpression: Value) => every({ scheduleExpression });

const ROTATED: readonly Case[] = [
  one("pass", "by reference, every 90 days", [secret, rotation()]),
  one("fail", "every 91 days", every({ automaticallyAfterDays: 91 }), ["violated"], {
    says: ["rotation: ", "90 or less"],
  }),
  one("pass", "at a rate of 90 days", rate("rate(90 days)")),
  one("fail", "at a rate of 91 days", rate("rate(91 days)"), ["violated"], { says: ["less often than every 90 days"] }),
  one("pass", "at a rate of one day", rate("rate(1 day)")),
  one("pass", "at a rate of 2160 hours", rate("rate(2160 hours)")),
  one("fail", "at a rate of 2161 hours", rate("rate(2161 hours)"), ["violated"]),
  one("pass", "at a rate of one hour", rate("rate(1 hour)")),
  one("unknown", "by a calendar", rate("cron(0 8 1 * ? *)"), ["unverified"], {
    says: ["is not a rate in days or hours"],
  }),
  one("unknown", "more than a rate", rate("at rate(90 days)"), ["unverified"]),
  one("unknown", "a rate and more", rate("rate(90 days) or so"), ["unverified"]),
  one("wrong type", "a schedule as a number", rate(90), ["unverified"]),
  one("unknown", "the schedule", rate(UNKNOWN), ["unverified"], {
    says: ["The schedule of the rotation is not known"],
  }),
  one("absent", "no rules", [secret, rotation({})], ["violated"]),
  one("wrong type", "days as a text", every({ automaticallyAfterDays: "30" }), ["violated"]),
  one("unknown", "the days", every({ automaticallyAfterDays: UNKNOWN }), ["unverified"]),
  one("fail", "switched off", every({ automaticallyAfterDays: 30 }, { rotationEnabled: false }), ["violated"], {
    says: ["`rotationEnabled` is false"],
  }),
  one("pass", "switched on", every({ automaticallyAfterDays: 30 }, { rotationEnabled: true })),
  one("secret", "rules marked secret", every(new Secret({ automaticallyAfterDays: 30 }))),
  one("absent", "no rotation", [secret], ["violated"], { says: ["master is never rotated."] }),
  one("fail", "the rotation of another", [secret, other, rotation(undefined, other)], ["violated"], {
    says: ["master is never"],
  }),
  one("pass", "in plain text", [
    having(secret, ["arn"], "arn:1"),
    { ...rotation({ secretId: "arn:1", rotationRules: { automaticallyAfterDays: 9 } }), propertyDependencies: {} },
  ]),
  one(
    "fail",
    "another in plain text",
    [secret, { ...rotation({ secretId: "arn:2" }), propertyDependencies: {} }],
    ["violated"],
  ),
  one("unknown", "whose the rotation is", [secret, { ...rotation(), propertyDependencies: {} }], ["unverified"], {
    says: ["Whether master is rotated is not known"],
  }),
  one("pass", "what pods have in their environment", [secret, password, host, version(), pods(password)]),
  one("pass", "access keys in the environment of pods", accessKeys()),
  one("fail", "pods have another part of it only", [secret, password, host, version(), pods(host)], ["violated"]),
  one(
    "fail",
    "pods have another password",
    [secret, password, host, version(secret, [host]), pods(password)],
    ["violated"],
  ),
  one("fail", "something else has the password", [secret, password, host, version(), user(password)], ["violated"]),
  one("fail", "the generator is not in the stack", [secret, version(), pods(password)], ["violated"]),
  one(
    "fail",
    "a value that is typed in",
    [secret, { ...version(), propertyDependencies: { secretId: [secret.urn] } }],
    ["violated"],
  ),
];

function accessKeys(): readonly StackResource[] {
  const key = resource("aws:iam/accessKey:AccessKey", {}, "key");
  return [secret, key, version(secret, [key]), pods(key)];
}

const policy = (document: Value, type = "aws:iam/policy:Policy") => resource(type, { policy: document }, "policy");
const UNUSED = "Nothing in the stack uses master or its value.";
const unused = [secret, password, host, version()];

const CONSUMED: readonly Case[] = [
  one("pass", "the secret is used", [...unused, user(secret)]),
  one("pass", "its value is used", [...unused, user(password)]),
  one("pass", "a rotation gives the value", [secret, rotation(), user(secret)]),
  one("pass", "no secrets", [password]),
  one("absent", "nothing", [secret], ["violated", "violated"], { says: ["master has no value.", UNUSED] }),
  one("fail", "no value", [secret, user(secret)], ["violated"], { says: ["master has no value."] }),
  one("fail", "the value of another", [secret, user(secret), other, user(other), version(other)], ["violated"], {
    says: ["master has no value."],
  }),
  one("fail", "nobody uses it", unused, ["violated"], { says: [UNUSED] }),
  one("fail", "its host is used only", [...unused, user(host)], ["violated"]),
  one("fail", "a rotation does not use it", [...unused, rotation()], ["violated"]),
  one(
    "fail",
    "nor does its policy",
    [...unused, user(secret, "aws:secretsmanager/secretPolicy:SecretPolicy")],
    ["violated"],
  ),
  one("fail", "nor a component", [...unused, user(secret, "scaling-ladder:cache:RedisCache")], ["violated"]),
  ...["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy"].map((type) =>
    one("pass", `named in ${type}`, [
      ...unused,
      policy("arn:aws:secretsmanager:us-east-1:123456789012:secret:master-*", type),
    ]),
  ),
  one("pass", "named by its name", [
    having(secret, ["name"], "hers"),
    version(),
    policy({ Statement: [{ Resource: "x:hers-AbCdEf" }] }),
  ]),
  one("pass", "named by its ARN", [having(secret, ["arn"], "arn:1"), version(), policy("arn:1")]),
  one("fail", "another is named", [...unused, policy("other-*")], ["violated"]),
  one("fail", "a name of nothing", [having(secret, ["namePrefix"], ""), version(), policy("other-*")], ["violated"]),
  one(
    "fail",
    "named beside the policy",
    [...unused, resource("aws:iam/policy:Policy", { description: "master-1" })],
    ["violated"],
  ),
  one(
    "fail",
    "something else of the policy is unknown",
    [...unused, resource("aws:iam/policy:Policy", { arn: UNKNOWN })],
    ["violated"],
  ),
  one("unknown", "a policy that may name it", [...unused, policy(UNKNOWN)], ["unverified"], {
    says: ["Whether a policy lets somebody read master is not known"],
  }),
  one("unknown", "all of a policy", [...unused, resource("aws:iam/policy:Policy", UNKNOWN)], ["unverified"]),
  one("unknown", "a part of a policy", [...unused, policy({ Statement: [{ Resource: UNKNOWN }] })], ["unverified"]),
  one(
    "unknown",
    "whose the value is",
    [secret, user(secret), { ...version(), propertyDependencies: {} }],
    ["unverified"],
    {
      says: ["Whether master has a value is not known"],
    },
  ),
  one(
    "wrong type",
    "a number for a name",
    [secret, user(secret), { ...having(version(), ["secretId"], 7), propertyDependencies: {} }],
    ["violated"],
  ),
  one("secret", "a policy marked secret", [...unused, policy(new Secret("master-*"))]),
];

export const CASES: Cases = {
  "secret-cmk": [
    ...propertyCases(having(secret, ["kmsKeyId"], "arn:aws:kms:us-east-1:123456789012:key/1"), ["kmsKeyId"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: {
        empty: ["", "violated"],
        "AWS's own": ["alias/aws/secretsmanager", "violated"],
        "AWS's own by ARN": ["arn:aws:kms:us-east-1:123456789012:alias/aws/secretsmanager", "violated"],
        "an alias that begins alike": ["alias/aws/secretsmanager-mine", "passes"],
      },
    }),
    one("fail", "AWS's own is told", [having(secret, ["kmsKeyId"], "alias/aws/secretsmanager")], ["violated"], {
      says: ["`kmsKeyId` is AWS's own key."],
    }),
    ...propertyCases(secret, ["recoveryWindowInDays"], {
      absent: "passes",
      unknown: "unverified",
      secret: "passes",
      values: { "six days": [6, "violated"], none: [0, "violated"], text: ["7", "violated"], thirty: [30, "passes"] },
    }),
  ],
  "secret-rotation": ROTATED,
  "secret-consumers": CONSUMED,
};
