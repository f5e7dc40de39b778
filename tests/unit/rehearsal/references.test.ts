import { describe, expect, it } from "vitest";
import { type Reference, UNKNOWN, type Values } from "../../../rehearsal/model";
import { refusedReferences } from "../../../rehearsal/references";
import { World } from "../../../rehearsal/world";
import { SUBSCRIPTION, subscription, TOPIC, urnOf } from "./madeUp";

const world = new World();
for (const [serial, name] of ["one", "two"].entries())
  world.put({ type: TOPIC, id: `id-${name}`, urn: urnOf(TOPIC, name), values: { arn: `arn:${name}`, name }, serial });
const cloud = world.view("123456789012", "us-east-1");
const refused = (references: Readonly<Record<string, Reference>>, inputs: Values): string[] =>
  refusedReferences({ ...subscription, references }, inputs, cloud).map(
    ({ property, reason }) => `${property}: ${reason}`,
  );

describe("a reference", () => {
  it("is by id, or by the output that is named", () => {
    expect(refused({ topic: { types: [TOPIC] } }, { topic: "id-one" })).toEqual([]);
    expect(refused({ topic: { types: [TOPIC] } }, { topic: "arn:one" })).toEqual([
      `topic: there is no ${TOPIC} arn:one`,
    ]);
    expect(refused({ topic: { types: [TOPIC], by: "arn" } }, { topic: "arn:one" })).toEqual([]);
    expect(refused({ topic: { types: [TOPIC], by: { [TOPIC]: "name" } } }, { topic: "two" })).toEqual([]);
  });

  it("may be of one of several types, or to what is always there", () => {
    const several = { topic: { types: [SUBSCRIPTION, TOPIC], always: ["public"] } };
    expect(refused(several, { topic: "id-two" })).toEqual([]);
    expect(refused(several, { topic: "public" })).toEqual([]);
    expect(refused(several, { topic: "x" })).toEqual([`topic: there is no ${SUBSCRIPTION} or ${TOPIC} x`]);
  });

  it("is found in groups and lists, each for itself", () => {
    const deep = { "group.rules.topics": { types: [TOPIC] } };
    const inputs = {
      group: { rules: [{ topics: ["id-one", "id-three"] }, { topics: "id-four" }, { other: 1 }, "text"] },
    };
    expect(refused(deep, inputs)).toEqual(
      ["id-three", "id-four"].map((id) => `group.rules.topics: there is no ${TOPIC} ${id}`),
    );
  });

  it("is left alone where it is not given, empty or not known yet", () => {
    for (const topic of [undefined, "", UNKNOWN, [UNKNOWN]])
      expect(
        refused({ topic: { types: [TOPIC] }, "group.topic": { types: [TOPIC] } }, { topic, group: UNKNOWN }),
      ).toEqual([]);
  });
});
