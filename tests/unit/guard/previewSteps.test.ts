import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "../../../guard/judge";
import { parsePreview } from "../../../guard/previewSteps";
import { nameOf, urnParts } from "../../../guard/urn";
import { UserError } from "../../../settings";
import { previewJson, stateOf, update, urnOf } from "./steps";

/** What engine 3.259 printed for a small program of dynamic resources; times, places and function texts are taken out. */
const printed = (name: string): string => readFileSync(join(__dirname, "engine", `${name}.json`), "utf8");

/** `operation name: properties` of each finding. */
const found = (text: string): string[] =>
  judge(parsePreview(text)).findings.map(
    ({ operation, urn, properties }) => `${operation} ${nameOf(urn)}: ${properties.join()}`,
  );

describe("what the real engine prints", () => {
  it("of the replacement of a protected resource, which it refuses itself", () => {
    const preview = parsePreview(printed("protectedReplace"));
    expect(judge(preview).findings).toMatchObject([
      {
        operation: "replace",
        properties: ["identifier"],
        cause: 'identifier changes from "a" to "b".',
        urn: "urn:pulumi:dev2::lab::lab:index:Part$pulumi-nodejs:dynamic:Resource::primary",
      },
    ]);
    expect(preview.errors).toEqual([expect.stringContaining("as it is currently marked for protection")]);
  });

  it("of taking the protection off and replacing in one run, which it lets pass", () => {
    expect(found(printed("unprotectedReplace"))).toEqual(["replace primary: identifier", "unprotect primary: protect"]);
    expect(parsePreview(printed("unprotectedReplace")).errors).toEqual([]);
  });

  it("of taking the protection off alone, which is a step `same`", () => {
    expect(found(printed("unprotect"))).toEqual(["unprotect primary: protect"]);
  });

  it("of a deletion of a protected resource", () => {
    expect(found(printed("protectedDelete"))).toEqual(["delete vault: "]);
  });

  it("of a protected resource that something else drags along: only its message names it", () => {
    const { findings, refused, errors } = judge(parsePreview(printed("replacedInTurn")));
    expect(findings).toMatchObject([
      { operation: "replace", cause: expect.stringContaining("dbr, which it depends on") },
    ]);
    expect(findings.map(({ urn }) => nameOf(urn))).toEqual(["child"]);
    expect(refused).toBe(true);
    expect(errors).toHaveLength(1);
  });

  it("of a look at reality: what is gone would be made anew, and a difference there is none of the program", () => {
    expect(found(printed("refreshed"))).toEqual(["recreate vault: "]);
  });
});

describe("a look at reality", () => {
  const urn = urnOf("aws:rds/instance:Instance", "d");
  const stack = "urn:pulumi:prod::scaling-ladder::pulumi:pulumi:Stack::scaling-ladder-prod";
  const refresh = { op: "refresh", urn: stack, oldState: stateOf(stack, {}), newState: stateOf(stack, {}) };
  const seen = update("aws:rds/instance:Instance", "d", { deletionProtection: true }, { deletionProtection: false });
  const plan = (op: string) => ({ op, urn: stack, oldState: stateOf(stack, {}), newState: stateOf(stack, {}) });

  it("is told apart from the plan, where the engine writes what it saw as an update or a deletion", () => {
    const back = update("aws:rds/instance:Instance", "d", { deletionProtection: false }, { deletionProtection: true });
    expect(found(JSON.stringify({ steps: [refresh, seen, plan("same"), back] }))).toEqual([]);
    expect(found(JSON.stringify({ steps: [refresh, plan("same"), seen] }))).toEqual(["update d: deletionProtection"]);
    const gone = { op: "delete", urn, oldState: stateOf(urn, {}) };
    const made = { op: "create", urn, newState: stateOf(urn, {}) };
    expect(found(JSON.stringify({ steps: [refresh, gone, plan("same"), made] }))).toEqual(["recreate d: "]);
  });

  it("hides nothing of a preview of `destroy`, which ends with the stack", () => {
    const gone = { op: "delete", urn, oldState: stateOf(urn, {}) };
    expect(found(JSON.stringify({ steps: [refresh, gone, plan("delete")] }))).toEqual(["delete d: "]);
  });
});

describe("what is no preview is refused, and never passes for one without danger", () => {
  it.each([
    ["nothing", "", "it is empty"],
    ["an error message", "error: no stack selected", "not one JSON value"],
    ["an empty object", "{}", "it has no steps"],
    ["a list", "[]", "no preview"],
    ["the streaming form", '{"sequence":1}\n{"sequence":2}', "not one JSON value"],
    ["steps of another shape", '{"steps":[{"urn":1}]}', "no preview"],
    [
      "an unknown operation",
      previewJson([{ op: "shred", urn: "urn:pulumi:a::b::c:d:E::f", detailedDiff: null }]),
      '"shred"',
    ],
  ])("%s", (_what, text, message) => {
    expect(() => parsePreview(text)).toThrow(UserError);
    expect(() => parsePreview(text)).toThrow(message);
  });

  it("keeps why the engine stopped, once and without its own last line", () => {
    const diagnostics = [
      { severity: "error", message: "error: Preview failed: no credentials\n" },
      { severity: "error", message: "error: no credentials" },
      { severity: "warning", message: "warning: old" },
      { severity: "error", message: "error: preview failed\n" },
    ];
    expect(parsePreview(previewJson([], diagnostics)).errors).toEqual(["no credentials"]);
  });
});

describe("a URN", () => {
  it("is taken apart, also where the name holds colons", () => {
    expect(urnParts("urn:pulumi:prod::p::a:b:C$aws:rds/instance:Instance::x::y")).toEqual({
      stack: "prod",
      type: "aws:rds/instance:Instance",
      name: "x::y",
    });
    expect(urnParts("arn:aws:rds:us-east-1:123456789012:db:x")).toBeUndefined();
  });
});
