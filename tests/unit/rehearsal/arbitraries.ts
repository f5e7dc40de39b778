import fc from "fast-check";
import { UNKNOWN, type Values } from "../../../rehearsal/model";

/** Made-up values of resources, for properties. */

export const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const secretOf = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** A key as inputs, tags and labels have it. */
export const name = fc
  .oneof(
    fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/),
    fc.stringMatching(/^[a-z]{1,4}(\.[a-z]{1,4}){0,2}\/[a-z "-]{1,6}$/),
  )
  .filter((key) => key !== "constructor");

export const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.boolean(),
);

const nested = (most: fc.Arbitrary<unknown>) =>
  fc.letrec((again) => ({
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      most,
      fc.array(again("any"), { maxLength: 4 }),
      fc.dictionary(name, again("any"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any;

/** Any value without an unknown one in it. */
export const known = nested(leaf);
export const value = nested(fc.oneof({ weight: 5, arbitrary: leaf }, { weight: 1, arbitrary: fc.constant(UNKNOWN) }));

const record = (of: fc.Arbitrary<unknown>): fc.Arbitrary<Values> =>
  fc.dictionary(name, of, { maxKeys: 6, noNullPrototype: true });

export const knownValues = record(known);
export const values = record(value);
