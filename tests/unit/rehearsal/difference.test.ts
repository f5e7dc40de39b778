import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences, forces } from "../../../rehearsal/difference";
import { UNKNOWN, type Values } from "../../../rehearsal/model";
import { holdsUnknown } from "../../../rehearsal/wire";
import { knownValues, name, values } from "./arbitraries";

const paths = (old: Values, now: Values): string[] => differences(old, now).map(({ path }) => path);

describe("what differs between two sets of inputs", () => {
  it("is nothing when, and only when, they are equal", () => {
    fc.assert(
      fc.property(knownValues, knownValues, (old, now) => {
        expect(differences(old, old)).toEqual([]);
        expect(differences(old, structuredClone(old), "ordered")).toEqual([]);
        expect(differences(old, now, "ordered").length === 0).toBe(isDeepStrictEqual(old, now));
      }),
    );
  });

  it("has the same places there and back", () => {
    fc.assert(
      fc.property(knownValues, knownValues, (old, now) => {
        const turned = { add: "delete", delete: "add", update: "update" } as const;
        const back = differences(now, old).map(({ path, kind }) => ({ path, kind: turned[kind] }));
        expect(differences(old, now)).toEqual(back);
      }),
    );
  });

  it("counts a value that is not known yet as changed", () => {
    fc.assert(
      fc.property(values, (now) => {
        if (Object.values(now).some(holdsUnknown)) expect(differences(now, now).length).toBeGreaterThan(0);
      }),
    );
    expect(differences({ a: 1 }, { a: UNKNOWN, b: UNKNOWN })).toEqual([
      { path: "a", kind: "update" },
      { path: "b", kind: "add" },
    ]);
  });

  it("tells each place as the engine writes it", () => {
    expect(paths({ a: { b: 1 }, l: [{ c: 1 }] }, { a: { b: 2 }, l: [{ c: 1 }, { c: 2 }] })).toEqual(["a.b", "l[1].c"]);
    expect(paths({ m: { "app.kubernetes.io/name": 1 } }, { m: {} })).toEqual(['m["app.kubernetes.io/name"]']);
    expect(paths({ m: { x: { 'a"b': 1 } } }, { m: { x: { 'a"b': 2 } } })).toEqual(['m.x["a\\"b"]']);
  });

  it("tells a group that comes or goes by its leaves", () => {
    expect(differences({}, { a: { b: { c: 1 }, d: 2 } })).toEqual([
      { path: "a.b.c", kind: "add" },
      { path: "a.d", kind: "add" },
    ]);
    expect(differences({ a: [{ b: 1 }] }, {})).toEqual([{ path: "a[0].b", kind: "delete" }]);
    expect(differences({}, { a: [], b: {} }).map(({ path }) => path)).toEqual(["a", "b"]);
  });

  it("does not mind the order of plain words, except where order means something", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (list) => {
        const shuffled = [...list].reverse();
        expect(differences({ list }, { list: shuffled })).toEqual([]);
        expect(differences({ list }, { list: shuffled }, "ordered").length === 0).toBe(
          isDeepStrictEqual(list, shuffled),
        );
        expect(differences({ list }, { list: [...list, "one more"] })).toHaveLength(1);
      }),
    );
    expect(paths({ ports: [1, 2] }, { ports: [2, 1] })).toEqual(["ports[0]", "ports[1]"]);
  });
});

describe("a change forces a new resource", () => {
  it("when it is at or below an input that does, through lists, and nowhere else", () => {
    const replaces = ["name", "group.subnetIds", "rules.port"];
    for (const path of ["name", "group.subnetIds", "group.subnetIds[3]", "rules[0].port", 'name["a.b"]', "name.x"])
      expect(forces(replaces, path), path).toBe(true);
    for (const path of ["names", "group", "group.other", "rules[0].portRange", "subnetIds"])
      expect(forces(replaces, path), path).toBe(false);
  });

  it("also when the whole group around that input comes or goes", () => {
    fc.assert(
      fc.property(name, (key) => {
        const group = { [key]: { forced: "x", free: "y" } };
        const [forced] = differences({}, { group: { forced: "x" } });
        expect(forced && forces(["group.forced"], forced.path)).toBe(true);
        for (const { path } of differences({}, { group })) expect(forces(["group.forced"], path)).toBe(false);
      }),
    );
  });
});
