import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLAIN_VARIABLES, partEnvironment, SECRET_KEYS, secretsOf } from "../../../components/app/environment";

const NAMES = fc.oneof(
  fc.constantFrom(...PLAIN_VARIABLES, ...Object.keys(SECRET_KEYS)),
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,30}$/),
  fc.constantFrom("constructor", "toString", "NEW_API_TOKEN"),
);
const VARIABLES = fc.dictionary(NAMES, fc.string(), { noNullPrototype: true });

describe("parting the contract", () => {
  it("loses no variable and doubles none", () => {
    fc.assert(
      fc.property(VARIABLES, (variables) => {
        const { plain, secret } = partEnvironment(variables);
        const named = [...Object.keys(plain), ...secret.map(({ variable }) => variable)];
        expect(named.sort()).toEqual(Object.keys(variables).sort());
        for (const { variable, value } of secret) expect(value).toBe(variables[variable]);
      }),
    );
  });

  it("shows nothing that is not known to be harmless, whatever its name", () => {
    fc.assert(
      fc.property(VARIABLES, (variables) => {
        const { plain } = partEnvironment(variables);
        expect(Object.keys(plain).filter((name) => !PLAIN_VARIABLES.has(name))).toEqual([]);
        expect(Object.keys(plain).filter((name) => Object.hasOwn(SECRET_KEYS, name))).toEqual([]);
      }),
    );
  });

  it("calls nothing harmless that sounds like a secret", () => {
    for (const name of PLAIN_VARIABLES) expect(name).not.toMatch(/PASSWORD|SECRET|TOKEN|CREDENTIAL|_KEY$|URL|USERNAME/);
  });

  it("gives each variable a place of its own in a Secret that Kubernetes takes", () => {
    fc.assert(
      fc.property(VARIABLES, (variables) => {
        const { secret } = partEnvironment(variables);
        const secrets = secretsOf(secret);
        expect([...secrets.values()].flatMap(Object.keys)).toHaveLength(secret.length);
        for (const name of secrets.keys()) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
        for (const { key } of secret) expect(key).toMatch(/^[-._a-zA-Z0-9]+$/);
      }),
    );
  });
});
