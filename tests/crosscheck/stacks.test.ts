import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { coverageOf, writeCoverage } from "../../crosscheck/coverage";
import { rulesFor } from "../../crosscheck/demands";
import { withExported } from "../../crosscheck/export";
import { type Finding, type Report, together } from "../../crosscheck/finding";
import { leaksInFolder } from "../../crosscheck/gitleaks";
import { type Violation, violationsOf } from "../../crosscheck/ours";
import { judge } from "../../crosscheck/verdict";
import { readWaivers } from "../../crosscheck/waivers";
import type { ProfileName } from "../../policy/limits";
import { RULES } from "../../policy/rules";
import { copyProject } from "../support/project";
import { type Rehearsed, rehearse } from "./rehearsed";
import { OPTIONS, reportOn } from "./tools";

/** The stacks, and the profile of our rules for the tier of each. `hosted` is smb with its database in the cluster. */
const STACKS: Readonly<Record<string, ProfileName>> = { smb: "dev", prod: "prod", team: "dev", hosted: "dev" };

const TODAY = new Date().toISOString().slice(0, 10);

interface Examined extends Rehearsed {
  readonly report: Report;
  readonly violations: readonly Violation[];
}

const project = copyProject();
afterAll(project.remove);

const examined = new Map<string, Examined>();
beforeAll(async () => {
  project.write("Pulumi.hosted.yaml", project.read("Pulumi.smb.yaml").replace("host: aws", "host: kubernetes"));
  for (const [stack, profile] of Object.entries(STACKS)) {
    const rehearsed = await rehearse(project, stack);
    const report = await reportOn(rehearsed.resources);
    examined.set(stack, { ...rehearsed, report, violations: violationsOf(rehearsed.resources, RULES, profile) });
  }
});

function examinedStack(stack: string): Examined {
  const found = examined.get(stack);
  if (found === undefined) throw new Error(`${stack} was not examined`);
  return found;
}

/** Waivers are for all stacks together, so that one which only the other needs is not called needless. */
function verdict(stacks: readonly string[]) {
  const findings = stacks.flatMap((stack) => examinedStack(stack).report.findings);
  const violations = stacks.flatMap((stack) => examinedStack(stack).violations);
  return judge(findings, violations, (check) => rulesFor(check, RULES), readWaivers(), TODAY);
}

const line = ({ check, title, urn }: Finding) => `${check} (${title}): ${urn}`;

describe.each(Object.keys(STACKS))("Checkov and kube-score on %s", (stack) => {
  it("find nothing that is neither found by a rule of ours nor waived", () => {
    const { ours, waived, open } = verdict([stack]);
    const { passed, findings, satisfied } = examinedStack(stack).report;
    process.stdout.write(
      `${stack}: ${passed} checks passed (${satisfied.length} kinds), ${findings.length} failed: ` +
        `${ours.length} ours, ${waived.length} waived, ${open.length} open\n`,
    );
    expect(open.map(line)).toEqual([]);
  });

  it("look at enough: a stack that was not understood would pass", () => {
    const { resources, report } = examinedStack(stack);
    const { passed, satisfied } = report;
    expect(passed).toBeGreaterThan(500);
    const has = (prefix: string) => resources.some(({ type }) => type.startsWith(prefix));
    expect(satisfied).toEqual(
      expect.arrayContaining([
        "CKV_K8S_16",
        "container-resources",
        "pod-networkpolicy",
        ...(has("aws:s3/") ? ["CKV2_AWS_6"] : []),
        ...(has("aws:rds/") ? ["CKV_AWS_16", "CKV_AWS_24"] : []),
      ]),
    );
  });

  it("get to see none of its secrets", async () => {
    const { resources, secrets } = examinedStack(stack);
    const texts = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
    expect(texts.length).toBeGreaterThan(3);
    await withExported(resources, async ({ folder }) => {
      const written = ["plan.json", "manifests.yaml"]
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("\n");
      expect(texts.filter((secret) => written.includes(secret)).length).toBe(0);
    });
  });

  it("and gitleaks find no secret in its state, its settings and its outputs", async () => {
    const found = examinedStack(stack).places.map((place) => leaksInFolder(place, OPTIONS));
    expect((await Promise.all(found)).flat()).toEqual([]);
  });
});

describe("the waivers", () => {
  it("are all needed, and none is past its review", () => {
    expect(verdict(Object.keys(STACKS)).problems).toEqual([]);
  });
});

describe("coverage.tsv", () => {
  it("says what became of each check; `vitest -u` writes it anew", async () => {
    const stacks = Object.keys(STACKS);
    const coverage = coverageOf(together(stacks.map((stack) => examinedStack(stack).report)), verdict(stacks));
    await expect(writeCoverage(coverage)).toMatchFileSnapshot("../../crosscheck/coverage.tsv");
  });
});
