import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isManaged } from "../../../engine/backend";
import { cacheFolders } from "../../../engine/cache";
import { EngineError } from "../../../engine/errors";
import { engineKey, lockedPulumiVersion, neededGo } from "../../../engine/goModules";
import { backendUrl } from "../../../engine/places";
import { proxyFor } from "../../../engine/reach";
import { shellExports } from "../../../engine/shellExports";
import { compareVersions, MINIMUM_PULUMI, parseVersion } from "../../../engine/version";
import { ExitCode } from "../../../settings/errors";

const none = { url: undefined, accessToken: undefined, projectUrl: undefined, loggedInTo: undefined };

describe("the backend", () => {
  it.each([
    [true, none],
    [true, { ...none, url: "file:///ours" }],
    [true, { ...none, url: "file:///ours", loggedInTo: "s3://theirs" }],
    [false, { ...none, url: "s3://theirs" }],
    [false, { ...none, accessToken: "x" }],
    [false, { ...none, projectUrl: "s3://theirs" }],
    [false, { ...none, loggedInTo: "file://~" }],
  ])("is ours: %s (case %#)", (expected, signs) => {
    expect(isManaged(signs, "file:///ours")).toBe(expected);
  });

  it("address of a folder means that folder again when it is decoded", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1 }), (parts) => {
        const folder = `/${parts.map((part) => part.replaceAll("/", "_")).join("/")}`;
        const url = backendUrl(folder);
        expect(decodeURIComponent(url.slice("file://".length))).toBe(folder);
        expect(url).not.toMatch(/[ ?#]/);
      }),
    );
  });
});

describe("the cache", () => {
  it("is the user's, then the project's own", () => {
    expect(cacheFolders("/p", { HOME: "/h" })).toEqual(["/h/.cache/scaling-ladder", "/p/.ladder/cache"]);
    expect(cacheFolders("/p", { HOME: "/h", XDG_CACHE_HOME: "/x" })[0]).toBe("/x/scaling-ladder");
    expect(cacheFolders("/p", { HOME: "/h", XDG_CACHE_HOME: "relative" })[0]).toBe("/h/.cache/scaling-ladder");
    expect(cacheFolders("/p", {})).toEqual(["/p/.ladder/cache"]);
  });

  it("entry is named after the locked version, which is new enough", () => {
    expect(engineKey()).toMatch(
      new RegExp(`^${lockedPulumiVersion()}-${process.platform}-${process.arch}-[0-9a-f]{12}$`),
    );
    const locked = parseVersion(lockedPulumiVersion());
    expect(locked && compareVersions(locked, MINIMUM_PULUMI)).toBeGreaterThanOrEqual(0);
    expect(compareVersions(neededGo(), [1, 24, 0])).toBeGreaterThanOrEqual(0);
  });
});

describe("the proxy", () => {
  it.each([
    [{}, undefined],
    [{ HTTPS_PROXY: "http://proxy:3128" }, "proxy:3128"],
    [{ https_proxy: "proxy:3128" }, "proxy:3128"],
    [{ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "localhost, .example.com" }, undefined],
    [{ HTTPS_PROXY: "http://proxy:3128", no_proxy: "*" }, undefined],
    [{ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "other.com" }, "proxy:3128"],
    [{ HTTPS_PROXY: "http://[" }, undefined],
  ])("for %j is %s", (env, expected) => {
    expect(proxyFor("site.example.com", env)?.host).toBe(expected);
  });
});

describe("exports for a shell", () => {
  it("bring back every value exactly, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("\0")),
        (value) => {
          const lines = shellExports({}, { LADDER_TEST: value }).join("\n");
          const printed = execFileSync("sh", ["-c", `${lines}\nprintf %s "$LADDER_TEST"`], { encoding: "utf8" });
          expect(printed).toBe(value);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("name only what differs", () => {
    expect(shellExports({ A: "1", B: "2" }, { A: "1", B: "3", C: "it's" })).toEqual([
      "export B='3'",
      "export C='it'\\''s'",
    ]);
  });
});

it("EngineError lists every way that was tried and ends with the advice", () => {
  const error = new EngineError(
    [
      { way: "pulumi on PATH", outcome: "not there" },
      { way: "a build with Go", outcome: "too old" },
    ],
    "Do this.",
  );
  expect(error.exitCode).toBe(ExitCode.missing);
  expect(error.message.split("\n").slice(1)).toEqual([
    "  - pulumi on PATH: not there",
    "  - a build with Go: too old",
    "Do this.",
  ]);
});
