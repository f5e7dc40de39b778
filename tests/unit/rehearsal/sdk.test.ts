import { describe, expect, it } from "vitest";
import { shapeOf } from "../../../rehearsal/sdk";
import { PASSWORD, TOPIC } from "./madeUp";

const sorted = (names: ReadonlySet<string> | undefined): string[] => [...(names ?? [])].sort();

describe("the shape that an SDK has for a type", () => {
  it("holds inputs, what is required, and outputs that no input sets", () => {
    const instance = shapeOf("aws:rds/instance:Instance");
    expect(sorted(instance?.required)).toEqual(["instanceClass"]);
    expect(instance?.inputs.has("password")).toBe(true);
    expect(instance?.inputs.has("region")).toBe(true);
    for (const output of ["address", "arn", "endpoint", "tagsAll"])
      expect(instance?.outputs.has(output), output).toBe(true);
    expect(sorted(instance?.outputs).filter((name) => instance?.inputs.has(name))).toEqual([]);
  });

  it("is found for each package, whatever its folders", () => {
    expect(shapeOf(TOPIC)?.outputs.has("arn")).toBe(true);
    expect(sorted(shapeOf(PASSWORD)?.outputs)).toEqual(["bcryptHash", "result"]);
    expect(sorted(shapeOf("postgresql:index/grant:Grant")?.required)).toEqual([
      "database",
      "objectType",
      "privileges",
      "role",
    ]);
    expect(shapeOf("kubernetes:apps/v1:Deployment")?.inputs.has("spec")).toBe(true);
    expect(shapeOf("kubernetes:core/v1:Secret")?.inputs.has("stringData")).toBe(true);
    expect(shapeOf("kubernetes:networking.k8s.io/v1:NetworkPolicy")?.inputs.has("metadata")).toBe(true);
    expect(shapeOf("kubernetes:policy/v1:PodDisruptionBudget")?.outputs.has("status")).toBe(true);
  });

  it("is one and the same for all custom resources, and not for a kind that Kubernetes lacks", () => {
    const shape = shapeOf("kubernetes:postgresql.cnpg.io/v1:Cluster");
    expect(sorted(shape?.inputs)).toEqual(["apiVersion", "kind", "metadata", "spec"]);
    expect(sorted(shape?.outputs)).toEqual(["status"]);
    expect(shapeOf("kubernetes:barmancloud.cnpg.io/v1:ObjectStore")).toBe(shape);
    for (const type of ["kubernetes:apps/v1:Nothing", "kubernetes:networking.k8s.io/v1:Nothing"])
      expect(shapeOf(type), type).toBeUndefined();
  });

  it("is not there for a type that the SDK lacks", () => {
    for (const type of ["aws:rds/nothing:Nothing", "aws:nothing/instance:Instance", "nothing:index/x:X", "", "aws"])
      expect(shapeOf(type), type).toBeUndefined();
  });
});
