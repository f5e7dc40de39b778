import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ResourceView } from "../../../policy/rule";
import { RULES } from "../../../policy/rules";
import { toValue } from "../../../policy/value";
import { app, judge, resource, ruleNamed, stackOutputs } from "./cases";

const TYPES = [
  "scaling-ladder:app:LocalApp",
  "scaling-ladder:database:SqliteDatabase",
  "scaling-ladder:files:LocalFiles",
  "scaling-ladder:cache:MemoryCache",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "pulumi:pulumi:Stack",
  "aws:rds/instance:Instance",
];
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

const KEYS = [
  "tier",
  "users",
  "replicas",
  "kind",
  "spec",
  "template",
  "containers",
  "env",
  "name",
  "value",
  "dbPassword",
];
const LEAVES = [
  "development",
  "smb",
  "sqlite",
  "DB_TYPE",
  UNKNOWN_TEXT,
  "postgres://a:bcdefgh@c/d",
  1,
  3,
  20_000,
  -1,
  0.5,
];

/** JSON as it may come over the wire: of the shapes that rules look at, with unknowns and secrets, or anything else. */
const { wire } = fc.letrec<{ wire: unknown }>((tie) => ({
  wire: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...LEAVES),
    fc.jsonValue(),
    fc.array(tie("wire"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("wire"), { maxKeys: 5 }),
    tie("wire").map((value) => ({ [SECRET_KEY]: SECRET_MARK, value })),
  ),
}));
const anyResource = fc
  .tuple(fc.constantFrom(...TYPES), wire, fc.string({ maxLength: 5 }))
  .map(([type, props, name]) => resource(type, toValue(props), name));
const anyStack = fc.array(anyResource, { maxLength: 6 });

const violations = (resources: readonly ResourceView[]): number =>
  RULES.flatMap((rule) => judge(rule, resources)).filter((judgement) => judgement.verdict === "violated").length;

describe("rules over any stack", () => {
  test("never throw, whatever the JSON", () => {
    fc.assert(
      fc.property(anyStack, (resources) => {
        for (const rule of RULES) judge(rule, resources);
      }),
      { numRuns: 1000 },
    );
  });

  test("find the same in any order", () => {
    const stackAndOrder = anyStack.chain((resources) =>
      fc.tuple(fc.constant(resources), fc.shuffledSubarray(resources, { minLength: resources.length })),
    );
    fc.assert(
      fc.property(stackAndOrder, ([resources, shuffled]) => {
        for (const rule of RULES) {
          const found = (order: readonly ResourceView[]) =>
            judge(rule, order)
              .map((one) => JSON.stringify(one))
              .sort();
          expect(found(shuffled)).toEqual(found(resources));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("never show a planted secret", () => {
    const planted = fc.stringMatching(/^Zq[A-Za-z0-9]{10,20}$/);
    fc.assert(
      fc.property(anyStack, planted, fc.constantFrom(...KEYS), (resources, secret, key) => {
        const marked = toValue({ [SECRET_KEY]: SECRET_MARK, value: secret });
        const stack = [
          ...resources,
          app({ tier: secret, users: secret, replicas: secret, password: marked }),
          stackOutputs({ [key]: secret, [secret]: secret, url: `redis://:${secret}@cache` }),
        ];
        const said = RULES.flatMap((rule) => judge(rule, stack).map((judgement) => judgement.message));
        expect(said.join("\n")).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });
});

describe("weakening a stack never lowers the number of violations", () => {
  const tier = fc.constantFrom("development", "small-team", "smb", "enterprise", "sharded", "global");
  const small = fc.nat({ max: 200_000 });

  test("more users", () => {
    fc.assert(
      fc.property(tier, small, small, (name, users, more) => {
        expect(violations([app({ tier: name, users: users + more, replicas: 1 })])).toBeGreaterThanOrEqual(
          violations([app({ tier: name, users, replicas: 1 })]),
        );
      }),
    );
  });

  test("more replicas, and storage of a single node", () => {
    const storage = fc.subarray(TYPES.slice(1, 4));
    fc.assert(
      fc.property(storage, storage, fc.nat(5), fc.nat(5), (types, others, replicas, more) => {
        const stack = (all: readonly string[], count: number) => [
          ...all.map((type) => resource(type, {})),
          app({ tier: "smb", users: 5000, replicas: count }),
        ];
        const strong = violations(stack(types, replicas));
        expect(violations(stack([...new Set([...types, ...others])], replicas + more))).toBeGreaterThanOrEqual(strong);
      }),
    );
  });

  test("one more plain output with a credential is one more violation", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()), (outputs) => {
        const rule = ruleNamed("outputs-no-credentials");
        const before = judge(rule, [stackOutputs(outputs)]).length;
        const after = judge(rule, [stackOutputs({ ...outputs, DB_PG_PASSWORD: "correct horse" })]).length;
        expect(after).toBe(before + 1);
      }),
    );
  });
});
