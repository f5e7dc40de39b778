import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Approval, Finding } from "../../../guard/finding";
import { judge } from "../../../guard/judge";
import { parsePreview } from "../../../guard/previewSteps";
import { nameOf } from "../../../guard/urn";
import { DANGEROUS_DATABASE } from "./dangerousDatabase";
import { DANGEROUS_ELSEWHERE } from "./dangerousElsewhere";
import { ADVISED, HARMLESS } from "./harmless";
import { DB, PRIMARY } from "./parts";
import { create, previewJson, type RawStep, remove, replace, same, stateOf, urnOf } from "./steps";

const judged = (steps: readonly RawStep[], approvals: readonly Approval[] = []) =>
  judge(parsePreview(previewJson(steps)), approvals);
const DANGEROUS = [...DANGEROUS_DATABASE, ...DANGEROUS_ELSEWHERE];

describe("a dangerous edit is refused, and the finding names resource, property and what to do", () => {
  const cases = DANGEROUS.map(([title, steps, operation, name, property]) => ({
    title,
    steps,
    operation,
    name,
    property,
  }));
  it.each(cases)("$title", ({ steps, operation, name, property }) => {
    const { findings, refused } = judged(steps);
    expect(refused).toBe(true);
    const finding = findings.find((one) => one.operation === operation && nameOf(one.urn) === name);
    expect(finding).toMatchObject({ level: "refuse", approved: false });
    expect(finding?.properties).toEqual(property === undefined ? [] : [property]);
    for (const part of [finding?.cause, finding?.consequence, finding?.instead])
      expect(part?.length).toBeGreaterThan(10);
    if (property !== undefined) expect(finding?.cause).toContain(property);
  });
});

describe("a harmless edit passes", () => {
  it.each(HARMLESS)("%s", (_title, steps) => {
    expect(judged(steps)).toEqual({ findings: [], errors: [], unusedApprovals: [], refused: false });
  });
});

describe("an edit to think about is shown and passes", () => {
  it.each(ADVISED)("%s", (_title, steps, property) => {
    const { findings, refused } = judged(steps);
    expect(refused).toBe(false);
    expect(findings).toMatchObject([{ level: "advise", operation: "update", properties: [property] }]);
  });
});

describe("the cause", () => {
  const only = (steps: readonly RawStep[]): Finding => {
    const [finding] = judged(steps).findings;
    if (finding === undefined) throw new Error("nothing was found");
    return finding;
  };

  it("tells the old and the new value", () => {
    const steps = replace(DB, "database-primary", PRIMARY, { ...PRIMARY, identifier: "db2" });
    expect(only(steps).cause).toBe('identifier changes from "aibase-prod-primary" to "db2".');
  });

  it("shows no secret, and no list or group of values", () => {
    const steps = replace(
      "random:index/randomPassword:RandomPassword",
      "p",
      { length: 1, keepers: { a: "x-1" } },
      { length: 1, keepers: { a: "x-2" } },
    );
    expect(only(steps).cause).toBe("keepers changes.");
    const secret = replace(
      DB,
      "d",
      { ...PRIMARY, username: "[secret]" },
      { ...PRIMARY, username: "[secret]", dbName: "a" },
    );
    const told = secret.map((step) => ({ ...step, replaceReasons: ["username"] }));
    expect(only(told).cause).toBe("username changes.");
  });

  it("follows a value to the resource that it comes from", () => {
    const group = urnOf("aws:rds/subnetGroup:SubnetGroup", "database-subnets");
    const from = { propertyDependencies: { dbSubnetGroupName: [group] } };
    const steps = [
      ...replace("aws:rds/subnetGroup:SubnetGroup", "database-subnets", { name: "a" }, { name: "b" }),
      ...replace(DB, "d", { dbSubnetGroupName: "a" }, { dbSubnetGroupName: "b" }, { old: from, next: from }),
    ];
    const cause = judged(steps).findings.find(({ urn }) => nameOf(urn) === "d")?.cause;
    expect(cause).toBe(
      'dbSubnetGroupName changes from "a" to "b"; it comes from database-subnets, which is replaced because of name.',
    );
  });

  it("tells of another account or region, of a taint, and of a replacement that drags others along", () => {
    const provider = replace(DB, "d", PRIMARY, PRIMARY).map((step) => ({ ...step, replaceReasons: ["provider"] }));
    expect(only(provider).cause).toContain("another account, region or provider configuration");
    expect(only(replace(DB, "d", PRIMARY, PRIMARY, { old: { taint: true } })).cause).toContain("pulumi state taint");
    const parent = urnOf("aws:ec2/vpc:Vpc", "network");
    const dragged = [
      ...replace("aws:ec2/vpc:Vpc", "network", { cidrBlock: "a" }, { cidrBlock: "b" }),
      ...replace(DB, "d", PRIMARY, PRIMARY, { old: { dependencies: [parent] } }),
    ];
    expect(judged(dragged).findings.find(({ urn }) => nameOf(urn) === "d")?.cause).toBe(
      "It depends on network, which is replaced because of cidrBlock.",
    );
    expect(only(replace(DB, "d", PRIMARY, PRIMARY)).cause).toContain("The engine names no property");
  });

  it("recognises a rename without alias, by the new resource that is most like the old one", () => {
    const other = { ...PRIMARY, identifier: "another", allocatedStorage: 20 };
    const steps = [
      create(DB, "a-new-one", other),
      create(DB, "main", PRIMARY),
      remove(DB, "database-primary", PRIMARY),
    ];
    const finding = only(steps);
    expect(finding.cause).toContain("a new one of the same type: main");
    expect(finding.instead).toContain(`aliases: ["${urnOf(DB, "database-primary")}"]`);
  });

  it("calls a resource that moved under another parent a rename too, and one of another type not", () => {
    const moved = [create(DB, "d", PRIMARY, { parent: "a:b:C" }), remove(DB, "d", PRIMARY)];
    expect(only(moved).instead).toContain("aliases");
    const unlike = [create("aws:s3/bucket:Bucket", "d", {}), remove(DB, "d", PRIMARY)];
    expect(only(unlike).instead).not.toContain("aliases");
  });

  it("says that the cloud keeps what is only forgotten, and what an earlier run left", () => {
    expect(only([remove(DB, "d", PRIMARY, { old: { retainOnDelete: true } })]).cause).toContain(
      "the engine forgets it",
    );
    const urn = urnOf(DB, "d");
    const leftOver = {
      op: "delete-replaced",
      urn,
      oldState: stateOf(urn, PRIMARY, { delete: true }),
      detailedDiff: null,
    };
    const finding = only([leftOver, same(DB, "d", PRIMARY)]);
    expect(finding).toMatchObject({ operation: "delete", cause: expect.stringContaining("An earlier run") });
  });
});

describe("an approval", () => {
  const steps = replace(DB, "d", PRIMARY, { ...PRIMARY, identifier: "db2" }, { old: { protect: true } });
  const urn = urnOf(DB, "d");

  it("lets just its operation on its resource pass, and the finding stays visible", () => {
    expect(judged(steps, [{ operation: "replace", urn }])).toMatchObject({
      refused: true,
      findings: [
        { operation: "unprotect", approved: false },
        { operation: "replace", approved: true },
      ],
    });
    const both = judged(steps, [
      { operation: "replace", urn },
      { operation: "unprotect", urn },
    ]);
    expect(both.refused).toBe(false);
    expect(both.findings).toHaveLength(2);
  });

  it("of another operation, another resource or a part of the URN does nothing, and is told", () => {
    const wrong: Approval[] = [
      { operation: "delete", urn },
      { operation: "replace", urn: urnOf(DB, "e") },
      { operation: "replace", urn: urn.slice(0, -1) },
    ];
    expect(judged(steps, wrong)).toMatchObject({ refused: true, unusedApprovals: wrong });
  });
});

describe("whatever else is in the preview", () => {
  const dangers = fc.subarray([...DANGEROUS], { minLength: 1 });
  const harmless = fc.subarray(HARMLESS.map(([, steps]) => steps));
  const keys = ({ findings }: { findings: readonly Finding[] }) =>
    findings.map(({ urn, operation, properties }) => `${operation} ${urn} ${properties.join()}`);

  it("a harmless step takes no finding away, and adds none", () => {
    fc.assert(
      fc.property(dangers, harmless, (bad, good) => {
        const steps = bad.flatMap(([, some]) => [...some]);
        expect(keys(judged([...good.flat(), ...steps]))).toEqual(keys(judged(steps)));
      }),
      { numRuns: 100 },
    );
  });

  it("the order of the steps changes nothing", () => {
    const shuffled = dangers
      .map((bad) => bad.flatMap(([, some]) => [...some]))
      .chain((steps) => fc.tuple(fc.constant(steps), fc.shuffledSubarray(steps, { minLength: steps.length })));
    fc.assert(
      fc.property(shuffled, ([steps, other]) => {
        expect(keys(judged(other))).toEqual(keys(judged(steps)));
      }),
      { numRuns: 100 },
    );
  });
});
