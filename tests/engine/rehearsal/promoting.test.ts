import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrivedSettings, promotingSettings, readDocument, writeDocument } from "../../../cli/promotion/stackSettings";
import { copyProject, type Project } from "../../support/project";
import { WITHOUT_CHECKPOINTS } from "../../support/withoutCheckpoints";

/** A stack on its way from development to smb, as `ladder promote` has the engine make it: against simulated clouds. */

interface Rehearsed {
  readonly changes: Readonly<Record<string, number>>;
  readonly policies: { readonly refused: boolean };
  readonly resources: readonly { readonly type: string; readonly inputs: { readonly spec?: unknown } }[];
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
}

let project: Project;
beforeAll(() => {
  project = copyProject("a platform that grows");
});
afterAll(() => project.remove());

async function rehearsed(...args: string[]): Promise<Rehearsed> {
  const { code, stdout, stderr } = await project.ladder(["rehearse", "dev", ...args, "--json"], {
    env: WITHOUT_CHECKPOINTS,
  });
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Rehearsed;
}

const file = () => project.at("Pulumi.dev.yaml");
const typeOf = (urn: string) => urn.split("::").at(-2)?.split("$").at(-1) ?? "";
const replicasOf = ({ resources }: Rehearsed) =>
  resources.find(({ type }) => type.endsWith("apps/v1:Deployment"))?.inputs.spec;

describe("a stack that is promoted", () => {
  it("S4-42: first has both tiers, the new one with its application at rest, and no policy against it", async () => {
    const made = promotingSettings("dev", readDocument(file()), readDocument(project.at("Pulumi.smb.yaml")));
    writeDocument(file(), made);
    const both = await rehearsed("--up");
    expect(both.policies.refused).toBe(false);
    expect(replicasOf(both)).toMatchObject({ replicas: 0 });
    const types = new Set(both.resources.map(({ type }) => type));
    for (const type of ["aws:rds/instance:Instance", "pulumi-nodejs:dynamic/local:SqliteFile"])
      expect(types).toContain(type);
  });

  it("then starts the application there, and lets go of what is on this machine alone", async () => {
    writeDocument(file(), arrivedSettings(readDocument(file())));
    expect(readDocument(file()).get("config")).toEqual(readDocument(project.at("Pulumi.smb.yaml")).get("config"));
    const { steps = [] } = await rehearsed();
    const removed = steps.filter(({ op }) => op === "delete").map(({ urn }) => typeOf(urn));
    expect(removed.filter((type) => !type.startsWith("scaling-ladder:")).sort()).toEqual([
      "pulumi-nodejs:dynamic/local:EnvFile",
      "pulumi-nodejs:dynamic/local:Folder",
      "pulumi-nodejs:dynamic/local:Folder",
      "pulumi-nodejs:dynamic/local:SqliteFile",
    ]);
    const others = steps.filter(({ op }) => op !== "delete");
    expect(others.map(({ op, urn }) => [op, typeOf(urn)]).sort()).toEqual([
      ["update", "kubernetes:apps/v1:Deployment"],
      ["update", "kubernetes:core/v1:ResourceQuota"],
      ["update", "scaling-ladder:app:KubernetesApp"],
    ]);
  });
});
