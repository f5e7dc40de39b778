import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toolchainFor } from "../../../engine/goEnvironment";
import { compareVersions, formatVersion, parseVersion, type Version } from "../../../engine/version";

const version = fc.tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999)) as fc.Arbitrary<Version>;

describe("versions", () => {
  it("reads back what it writes, with or without v and a pre-release part", () => {
    fc.assert(
      fc.property(
        version,
        fc.constantFrom("", "v", "go", "go version go"),
        fc.constantFrom("", "-dev.1", "+meta", "\n"),
        (v, before, after) => {
          expect(parseVersion(`${before}${formatVersion(v)}${after}`)).toEqual(v);
        },
      ),
    );
  });

  it("orders versions by their numbers", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)));
        expect(compareVersions(a, a)).toBe(0);
        expect(compareVersions([a[0] + 1, 0, 0], a)).toBeGreaterThan(0);
      }),
    );
  });

  it.each([
    ["go version go1.26.8 linux/amd64", [1, 26, 8]],
    ["go version go1.25 darwin/arm64", [1, 25, 0]],
    ["v3.259.0\n", [3, 259, 0]],
    ["warning: a new release\n3.190.1-alpha", [3, 190, 1]],
    ["command not found", undefined],
    ["", undefined],
  ])("reads %j", (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });
});

describe("the Go toolchain", () => {
  it.each([
    [[1, 26, 8], "local"],
    [[1, 25, 11], "local"],
    [[1, 25, 0], "auto"],
    [[1, 21, 0], "auto"],
    [[1, 20, 14], "too old"],
  ] as const)("for an installed Go %j is %s when 1.25.11 is needed", (installed, expected) => {
    expect(toolchainFor(installed, [1, 25, 11])).toBe(expected);
  });
});
