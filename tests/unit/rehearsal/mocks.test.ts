import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { rehearsedMocks, settled } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { TOPIC } from "./madeUp";

/** What a test of a component relies on. */

describe("components without an engine", () => {
  it("get the same answers as in a rehearsal", async () => {
    const { one, world } = rehearsedMocks({ region: "eu-west-1" });
    const topic = new aws.sns.Topic("alerts", { name: "alerts" });
    expect(await resolved(topic.arn)).toBe("arn:aws:sns:eu-west-1:123456789012:alerts");
    expect(one("sns/topic:Topic", "alerts").inputs).toEqual({ name: "alerts" });
    expect(world.all(TOPIC)).toHaveLength(1);
    const { accountId } = await aws.getCallerIdentity();
    expect(accountId).toBe("123456789012");
  });

  it("see secrets as secrets, given or generated", async () => {
    const { all } = rehearsedMocks();
    const { result } = new random.RandomPassword("password", { length: 12 });
    const topic = new aws.sns.Topic("hushed", { displayName: pulumi.secret("hush") });
    expect(await resolved(result)).toHaveLength(12);
    expect(await pulumi.isSecret(result)).toBe(true);
    expect(await resolved(topic.displayName)).toBe("hush");
    expect(await pulumi.isSecret(topic.displayName)).toBe(true);
    expect(await pulumi.isSecret(topic.arn)).toBe(false);
    expect(all("Nothing")).toEqual([]);
  });

  it("know in a preview what they gave, and nothing else", async () => {
    const { made } = rehearsedMocks({ preview: true });
    const topic = new aws.sns.Topic("previewed", { name: "previewed" });
    expect(await resolved(topic.name)).toBe("previewed");
    const ran: unknown[] = [];
    const derived = topic.arn.apply((arn) => ran.push(arn));
    await settled();
    expect([ran, await (derived as unknown as { isKnown: Promise<boolean> }).isKnown]).toEqual([[], false]);
    expect(made.map(({ name }) => name)).toEqual(["previewed"]);
  });

  it("fail where the cloud would refuse, and where none or several are asked for as one", async () => {
    const { one } = rehearsedMocks();
    new aws.sns.Topic("a", { name: "a" });
    const b = new aws.sns.Topic("b", { name: "b" });
    await resolved(b.arn);
    expect(() => one(TOPIC)).toThrow("2 resources of type");
    expect(() => one(TOPIC, "c")).toThrow("0 resources of type");
  });

  it("are all made once they are settled, also those that wait for others, and for what was asked of the cloud", async () => {
    const { made } = rehearsedMocks();
    class Chain extends pulumi.ComponentResource {
      constructor() {
        super("test:chain:Chain", "chain");
        const opts = { parent: this };
        const { accountId } = aws.getCallerIdentityOutput({}, opts);
        const first = new aws.sns.Topic("first", { name: pulumi.interpolate`${accountId}-first` }, opts);
        const second = new aws.sns.Topic("second", { displayName: first.arn.apply((arn) => arn.slice(-5)) }, opts);
        new aws.sns.Topic("third", { displayName: second.id }, opts);
        this.registerOutputs({ first });
      }
    }
    new Chain();
    expect(made.map(({ name }) => name)).not.toContain("third");
    await settled();
    expect(made.map(({ name }) => name)).toEqual(expect.arrayContaining(["chain", "first", "second", "third"]));
  });
});
