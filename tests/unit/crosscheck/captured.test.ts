import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capturedOf, isObject, type Json, MASK } from "../../../crosscheck/captured";
import { exportManifests } from "../../../crosscheck/kubernetes";
import { exportPlan } from "../../../crosscheck/terraform/plan";
import { captured } from "./resources";

const secret = (ciphertext: string): Json => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext,
});

const state = (type: string, inputs: { readonly [key: string]: Json }) => ({
  deployment: { resources: [{ urn: `urn:pulumi:one::p::${type}::one`, type, inputs, outputs: inputs }] },
});

const PLANTED = "planted-secret";

describe("a captured resource", () => {
  it("has a mask where a secret was, at any depth", () => {
    const [database] = capturedOf(
      state("aws:rds/instance:Instance", { password: secret("x"), list: [{ a: secret("y") }] }),
    );
    expect(database?.inputs).toEqual({ password: MASK, list: [{ a: MASK }] });
    expect(database?.outputs).toEqual(database?.inputs);
  });

  it("never has anything that stood in a secret, in any structure", () => {
    const structure = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(null, true, 1, "plain", secret(PLANTED)),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "tags"), tie("any"), { maxKeys: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(structure, (value) => {
        expect(JSON.stringify(capturedOf(state("aws:kms/key:Key", { value })))).not.toContain(PLANTED);
      }),
    );
  });

  it("keeps its references, its parent and its options", () => {
    const resource = {
      urn: "urn:pulumi:one::p::t::one",
      type: "t",
      parent: "urn:pulumi:one::p::t::parent",
      protect: true,
      ignoreChanges: ["spec.replicas"],
      propertyDependencies: { a: ["urn:b"], c: null },
    };
    expect(capturedOf({ deployment: { resources: [resource] } })).toMatchObject([
      {
        parent: resource.parent,
        references: { a: ["urn:b"], c: [] },
        options: { protect: true, ignoreChanges: ["spec.replicas"] },
      },
    ]);
    expect(capturedOf({ deployment: {} })).toEqual([]);
  });
});

describe("manifests", () => {
  const object = (kind: string, more: { readonly [key: string]: Json }) =>
    captured(`kubernetes:core/v1:${kind}`, "one", {
      apiVersion: "v1",
      kind,
      metadata: { name: "thing", namespace: "aibase" },
      ...more,
    });

  it("hold the objects of a stack, each a document, and know what they stand for", () => {
    const service = object("Service", { spec: { type: "ExternalName" } });
    const { manifests, urns } = exportManifests([
      service,
      object("ServiceAccount", {}),
      captured("aws:kms/key:Key", "k", {}),
    ]);
    expect(manifests.split("---\n")).toHaveLength(2);
    expect(manifests).toContain("type: ExternalName");
    expect(urns.get("Service.aibase.thing")).toBe(service.urn);
    expect(urns.get("Service/v1/aibase/thing")).toBe(service.urn);
  });

  it("leave out the content of a Secret, marked or not", () => {
    const { manifests } = exportManifests([
      object("Secret", { data: { a: PLANTED }, stringData: { b: PLANTED }, type: "Opaque" }),
    ]);
    expect(manifests).toContain("type: Opaque");
    expect(manifests).not.toContain(PLANTED);
  });

  it("refuse what is no object of Kubernetes", () => {
    expect(() => exportManifests([captured("kubernetes:core/v1:Service", "one", {})])).toThrow(
      "one is no Kubernetes object",
    );
  });
});

describe("both exports", () => {
  it("do not change what they are given", () => {
    const resources = [captured("aws:kms/key:Key", "k", { tags: { a: "b" } })];
    const before = structuredClone(resources);
    exportPlan(resources);
    exportManifests(resources);
    expect(resources).toEqual(before);
    expect(resources.every(({ inputs }) => isObject(inputs))).toBe(true);
  });
});
