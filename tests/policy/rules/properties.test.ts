import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../policy/limits";
import { type StackResource, StackView } from "../../../policy/reading/stackView";
import { Secret, toValue, UNKNOWN, Unknown, type Value } from "../../../policy/reading/value";
import { RULES } from "../../../policy/rules";
import { CASES } from "./allCases";
import { app, type Case, judge, resource, ruleNamed, stackOutputs } from "./cases";
import { goldenStack } from "./goldenStack";

const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** Everything that some rule is about: the stacks that we make, and what the cases of the rules are made of. */
const MATERIAL: readonly StackResource[] = [
  ...goldenStack("prod"),
  ...goldenStack("smb"),
  ...Object.values(CASES).flatMap((cases) => cases.flatMap(({ resources }) => resources)),
];

/** JSON as it may come over the wire, with unknowns and secrets. */
const { wire } = fc.letrec<{ wire: unknown }>((tie) => ({
  wire: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(UNKNOWN_TEXT, "*", "", "0.0.0.0/0", 0, 1, -1, 0.5, true, false, null),
    fc.jsonValue(),
    fc.array(tie("wire"), { maxLength: 3 }),
    tie("wire").map((value) => ({ [SECRET_KEY]: SECRET_MARK, value })),
  ),
}));

/** Puts something else in one place of a structure; the number chooses the place. */
function disturb(value: Value, place: number, put: (old: Value) => Value): Value {
  if (value instanceof Secret) return new Secret(disturb(value.value, place, put));
  if (value instanceof Unknown || typeof value !== "object" || value === null) return put(value);
  const keys = Object.keys(value);
  const index = place % (keys.length + 1);
  const key = keys[index];
  if (key === undefined) return put(value);
  const rest = Math.floor(place / (keys.length + 1));
  if (Array.isArray(value)) return value.map((item, at) => (at === index ? disturb(item, rest, put) : item));
  const structure = value as { readonly [key: string]: Value };
  return { ...structure, [key]: disturb(structure[key] ?? null, rest, put) };
}

const disturbed = (put: fc.Arbitrary<(old: Value) => Value>): fc.Arbitrary<StackResource> =>
  fc
    .tuple(fc.constantFrom(...MATERIAL), fc.nat({ max: 100_000 }), put)
    .map(([original, place, change]) => ({ ...original, props: disturb(original.props, place, change) }));

const anything = disturbed(wire.map((raw) => () => toValue(raw)));
/** A URN stands in a stack once. */
const anyStack = fc.uniqueArray(anything, { maxLength: 12, selector: ({ urn }) => urn });

const said = (resources: readonly StackResource[]): string =>
  RULES.flatMap((rule) => judge(rule, resources).map(({ message }) => message)).join("\n");

const violations = (resources: readonly StackResource[]): number =>
  RULES.flatMap((rule) => judge(rule, resources)).filter(({ verdict }) => verdict === "violated").length;

describe("rules over any stack", () => {
  test("never throw, whatever the JSON", () => {
    fc.assert(
      fc.property(anyStack, (resources) => {
        said(resources);
      }),
      { numRuns: 1500 },
    );
  });

  test("never throw, whatever the type holds", () => {
    const types = [...new Set(MATERIAL.map(({ type }) => type))];
    const anyResource = fc.tuple(fc.constantFrom(...types), wire).map(([type, raw]) => resource(type, toValue(raw)));
    fc.assert(
      fc.property(fc.array(anyResource, { maxLength: 6 }), (resources) => {
        said(resources);
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
          const found = (order: readonly StackResource[]) =>
            judge(rule, order)
              .map((one) => JSON.stringify(one))
              .sort();
          expect(found(shuffled), rule.name).toEqual(found(resources));
        }
      }),
      { numRuns: 300 },
    );
  });

  const secrets = fc.stringMatching(/^Zq[A-Za-z0-9]{10,20}$/);

  test("never show a planted secret, marked or not", () => {
    const planted = secrets.chain((secret) =>
      fc.tuple(
        fc.constant(secret),
        fc.array(
          disturbed(
            fc.constantFrom<(old: Value) => Value>(
              () => secret,
              () => new Secret(secret),
              () => [secret],
              () => `postgresql://me:${secret}@db/x`,
              (old) => (typeof old === "string" ? new Secret(`${old}${secret}`) : secret),
            ),
          ),
          { minLength: 1, maxLength: 12 },
        ),
      ),
    );
    fc.assert(
      fc.property(planted, ([secret, resources]) => {
        expect(said(resources)).not.toContain(secret);
      }),
      { numRuns: 1500 },
    );
  });

  test("never show a secret that stands in outputs or facts", () => {
    fc.assert(
      fc.property(anyStack, secrets, (resources, secret) => {
        const stack = [
          ...resources,
          app({ tier: secret, users: secret, replicas: secret, password: new Secret(secret) }),
          stackOutputs({ host: secret, [secret]: secret, url: `redis://:${secret}@cache` }),
        ];
        expect(said(stack)).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });
});

describe("weakening a stack never lowers the number of violations", () => {
  /** A resource that keeps a rule, and the same one that does not. */
  const pairs = RULES.flatMap((rule) => {
    const cases = CASES[rule.name] ?? [];
    const single = (one: Case) => (one.resources.length === 1 ? one.resources : []);
    const sound = cases.filter(({ kind, verdicts }) => kind === "pass" && verdicts.length === 0).flatMap(single);
    const weak = cases.filter(({ kind }) => kind === "fail").flatMap(single);
    return sound
      .slice(0, 1)
      .flatMap((good) => weak.filter(({ urn }) => urn === good.urn).map((bad) => [rule, good, bad] as const));
  });

  test("by what a rule forbids, whatever else there is", () => {
    expect(pairs.length).toBeGreaterThan(50);
    fc.assert(
      fc.property(fc.constantFrom(...pairs), anyStack, ([rule, good, bad], stack) => {
        const others = stack.filter(({ urn }) => urn !== good.urn);
        const count = (one: StackResource): number =>
          judge(rule, [...others, one]).filter(({ verdict }) => verdict === "violated").length;
        expect(count(bad), rule.name).toBeGreaterThanOrEqual(count(good));
      }),
      { numRuns: 500 },
    );
  });

  test("by stricter limits", () => {
    const count = (resources: readonly StackResource[], limits: typeof LIMITS.prod) =>
      RULES.flatMap((rule) =>
        rule.scope === "stack"
          ? rule.check(new StackView(resources), limits)
          : resources.filter(({ type }) => rule.types.includes(type)).flatMap((one) => rule.check(one, limits)),
      ).filter(({ verdict }) => verdict === "violated").length;
    fc.assert(
      fc.property(anyStack, (resources) => {
        expect(count(resources, LIMITS.prod)).toBeGreaterThanOrEqual(count(resources, LIMITS.dev));
      }),
      { numRuns: 200 },
    );
  });

  test("by more users, and more replicas on storage of a single node", () => {
    const tier = fc.constantFrom("development", "small-team", "smb", "enterprise", "sharded", "global");
    const small = fc.nat({ max: 200_000 });
    fc.assert(
      fc.property(tier, small, small, fc.nat(5), fc.nat(5), (name, users, more, replicas, added) => {
        const sqlite = resource("scaling-ladder:database:SqliteDatabase", { kind: "sqlite" });
        const strong = violations([sqlite, app({ tier: name, users, replicas })]);
        expect(
          violations([sqlite, app({ tier: name, users: users + more, replicas: replicas + added })]),
        ).toBeGreaterThanOrEqual(strong);
      }),
    );
  });

  test("by one more plain output with a credential, which is one more violation", () => {
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

test("an unknown in place of the whole of a resource is never taken for a violation that a value would mend", () => {
  for (const one of goldenStack("prod")) {
    const found = RULES.filter((rule) => rule.scope === "resource").flatMap((rule) =>
      judge(rule, [{ ...one, props: UNKNOWN }]),
    );
    expect(
      found.filter(({ verdict }) => verdict === "violated"),
      one.urn,
    ).toEqual([]);
  }
});
