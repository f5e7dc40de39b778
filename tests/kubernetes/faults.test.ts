import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Captured } from "../../crosscheck/captured";
import { withExported } from "../../crosscheck/export";
import { isObjectType } from "../../crosscheck/kubernetes";
import { runKubeScore } from "../../crosscheck/kubeScore";
import { violationsOf } from "../../crosscheck/ours";
import { RULES } from "../../policy/rules";
import { type Kubernetes, startKubernetes } from "../servers/kubernetes";
import type { KubernetesObject } from "../servers/kubernetesApi";
import { run } from "../servers/run";
import { OPTIONS, promtool } from "../servers/tools";
import { copyProject } from "../support/project";
import { type Catcher, FAULTS, type Fault } from "./faults";
import { danglingReferences } from "./references";
import { type RehearsedObjects, rehearsedObjects, SELF_HOSTED } from "./rehearsedObjects";

const project = copyProject();
afterAll(project.remove);

let kubernetes: Kubernetes;
let stack: RehearsedObjects;
beforeAll(async () => {
  stack = await rehearsedObjects(project, SELF_HOSTED);
  kubernetes = await startKubernetes();
  for (const { object } of stack.objects) if (object.kind === "Namespace") await kubernetes.apply(object);
});
afterAll(() => kubernetes?.stop());

const madeAs = (name: string) => {
  const found = stack.objects.find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`the stack has no ${name}`);
  return found;
};

/** The stack with an object as it is here. */
const stackWith = ({ object: name }: Fault, object: KubernetesObject): readonly Captured[] =>
  stack.resources
    .filter(({ type }) => isObjectType(type))
    .map((one) => (one.urn === madeAs(name).urn ? { ...one, inputs: object } : one));

/** What each catcher says of an object in its stack. */
const SAID: Readonly<Record<Catcher["by"], (fault: Fault, object: KubernetesObject) => Promise<readonly string[]>>> = {
  async "API server"(_, object) {
    const { message, warnings } = await kubernetes.apply(object, { dryRun: true });
    return [message, ...warnings].filter((text) => text !== "");
  },
  async policy(fault, object) {
    return violationsOf(stackWith(fault, object), RULES, "dev").map(({ policy, urn }) => `${policy} ${urn}`);
  },
  async "kube-score"(fault, object) {
    const { findings } = await withExported(stackWith(fault, object), (files) => runKubeScore(files, OPTIONS));
    return findings.map(({ check, urn }) => `${check} ${urn}`);
  },
  async references({ object: name }, object) {
    const { urn } = madeAs(name);
    return danglingReferences(stack.objects.map((one) => (one.urn === urn ? object : one.object)));
  },
  async promtool(_, { spec }) {
    const folder = mkdtempSync(join(tmpdir(), "ladder-rules-"));
    try {
      const file = join(folder, "rules.yaml");
      writeFileSync(file, stringify(spec));
      const { code, stdout, stderr } = await run([await promtool(), "check", "rules", file], { env: process.env });
      return code === 0 ? [] : [stdout + stderr];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

describe("a fault in a manifest", () => {
  it.each(FAULTS)("$what: caught by $caught.by", async (fault) => {
    const { object: right } = madeAs(fault.object);
    const said = SAID[fault.caught.by];
    const before = await said(fault, right);
    const after = (await said(fault, fault.change(right))).filter((text) => !before.includes(text));
    expect(
      after.some((text) => text.includes(fault.caught.says)),
      after.join("\n") || "nobody said anything",
    ).toBe(true);
  });
});
