import { describe, expect, it } from "vitest";
import { type ResourceModel, UNKNOWN } from "../../../rehearsal/model";
import { checkPublished, PUBLISHED_RELEASE, propertyOf } from "../../../rehearsal/published/validate";
import { topic } from "./madeUp";

const published = (more: Partial<ResourceModel["published"]> = {}): ResourceModel => ({
  ...topic,
  published: { type: "AWS::SNS::Topic", names: { name: "TopicName" }, ...more },
});

describe("AWS's published schema", () => {
  it("names its release", () => expect(PUBLISHED_RELEASE).toMatch(/^cfn-lint \d+\.\d+\.\d+/));

  it("is asked by the same name with a capital, unless the model says otherwise", () => {
    const names = { name: "TopicName", policy: false } as const;
    expect(propertyOf({ type: "x", names }, "name")).toBe("TopicName");
    expect(propertyOf({ type: "x", names }, "policy")).toBeUndefined();
    expect(propertyOf({ type: "x" }, "displayName")).toBe("DisplayName");
  });

  it("refuses what it forbids, and tells where that stands", () => {
    expect(checkPublished(published(), { name: "x".repeat(257) })).toEqual([
      {
        property: "name",
        reason: "must NOT have more than 256 characters (AWS::SNS::Topic TopicName, as AWS publishes it)",
      },
    ]);
    expect(
      checkPublished(published({ names: { maximumMessageSize: "MaximumMessageSize" } }), { maximumMessageSize: 5 }),
    ).toHaveLength(1);
    expect(checkPublished(published({ names: { name: false } }), { name: "x".repeat(257) })).toEqual([]);
  });

  it("leaves alone what is not known, no plain value or not published", () => {
    expect(checkPublished(published(), { name: UNKNOWN, tags: { a: "b" }, noSuchProperty: 1 })).toEqual([]);
    expect(checkPublished(published(), { subscription: ["a", UNKNOWN] })).toEqual([]);
    expect(checkPublished(topic, { name: "x".repeat(257) })).toEqual([]);
  });

  it("takes a number that is written as text, as the provider does", () => {
    expect(checkPublished(published({ names: {} }), { maximumMessageSize: "2048", fifoTopic: "true" })).toEqual([]);
  });

  it("is missed when a model names a type that was not extracted", () => {
    expect(() => checkPublished(published({ type: "AWS::No::Such" }), {})).toThrow(
      "no published schema of AWS::No::Such",
    );
  });
});
