import { describe, expect, it } from "vitest";
import { UNKNOWN, type Values } from "../../../rehearsal/model";
import { Refused, Unready } from "../../../rehearsal/simulation";
import { World } from "../../../rehearsal/world";
import { madeUp, opened, PASSWORD, SUBSCRIPTION, TOPIC, topic } from "./madeUp";

const NAMED = { name: "alerts" };
const ARN = "arn:aws:sns:us-east-1:123456789012:alerts";
const create = (cloud: ReturnType<typeof madeUp>, name: string, inputs: Values, type = TOPIC) =>
  cloud.simulation.create(cloud.subject(name, type), opened(inputs), false);
const reasonsOf = (cloud: ReturnType<typeof madeUp>, inputs: Values, type = TOPIC): string[] =>
  cloud.simulation
    .check(cloud.subject("checked", type), {}, inputs, "seed")
    .refusals.map(({ property, reason }) => `${property} ${reason}`);

describe("a check", () => {
  it("refuses what the SDK does not know, what it requires, what AWS publishes and what the model forbids", () => {
    const cloud = madeUp();
    expect(reasonsOf(cloud, { ...NAMED, colour: "red", __defaults: [] })).toEqual([`colour is no input of ${TOPIC}`]);
    expect(reasonsOf(cloud, { topic: "x" }, SUBSCRIPTION)).toEqual(["endpoint is required", "protocol is required"]);
    expect(reasonsOf(cloud, { ...NAMED, displayName: "bad" })).toEqual(["displayName is bad"]);
    const published = madeUp({
      models: [{ ...topic, published: { type: "AWS::SNS::Topic", names: { name: "TopicName" } } }],
    });
    expect(reasonsOf(published, { name: "x".repeat(300) })[0]).toMatch(/^name must NOT have more than 256 characters/);
  });

  it("refuses a type and a function that no model describes, and a type that the SDK lacks", () => {
    const cloud = madeUp({ models: [topic, { ...topic, type: "aws:sns/nothing:Nothing" }] });
    expect(() => reasonsOf(cloud, {}, "aws:sqs/queue:Queue")).toThrow(/does not know the type aws:sqs\/queue:Queue/);
    expect(() => reasonsOf(cloud, {}, "aws:sns/nothing:Nothing")).toThrow(/SDK of aws has no type/);
    const { config } = cloud.subject("any");
    expect(() => cloud.simulation.invoke("aws:index/getNothing:getNothing", {}, config)).toThrow(
      /does not know the function/,
    );
    expect(cloud.simulation.invoke("aws:index/getRegion:getRegion", {}, config)).toEqual({ region: "us-east-1" });
  });

  it("makes up a name within its limit where none is given, keeps it, and makes another for a replacement", () => {
    const { simulation, subject } = madeUp();
    const about = subject("a-name-that-is-rather-long");
    const nameOf = (old: Values, inputs: Values, seed: string) =>
      simulation.check(about, old, inputs, seed).inputs.name;
    const first = nameOf({}, {}, "one");
    expect(first).toMatch(/^a-name-that-[0-9a-f-]{8}$/);
    expect(nameOf({ name: first }, {}, "two")).toBe(first);
    expect(nameOf({}, {}, "two")).not.toBe(first);
    expect(nameOf({}, { name: "given" }, "one")).toBe("given");
    expect(nameOf({}, { namePrefix: "given-" }, "one")).toBeUndefined();
  });
});

describe("a diff", () => {
  const diff = (old: Values, oldInputs: Values, now: Values, config = {}) => {
    const { simulation, subject } = madeUp({ config });
    return simulation.diff(subject("t"), old, oldInputs, now);
  };
  const OLD = { ...NAMED, region: "us-east-1", tagsAll: {} };

  it("tells an update from a replacement, which goes first when both would have one name", () => {
    expect(diff(OLD, NAMED, NAMED).changes).toEqual([]);
    expect(diff(OLD, NAMED, { ...NAMED, displayName: "x" })).toMatchObject({
      replaces: [],
      deleteBeforeReplace: false,
    });
    expect(diff(OLD, NAMED, { name: "other" })).toMatchObject({ replaces: ["name"], deleteBeforeReplace: false });
    expect(diff(OLD, NAMED, { ...NAMED, fifoTopic: true })).toMatchObject({
      replaces: ["fifoTopic"],
      deleteBeforeReplace: true,
    });
  });

  it("replaces what moves to another region, whether its own or its provider's is changed", () => {
    const replaced = [{ path: "region", kind: "update" }];
    expect(diff(OLD, NAMED, { ...NAMED, region: "eu-west-1" })).toMatchObject({
      changes: replaced,
      replaces: ["region"],
    });
    expect(diff(OLD, NAMED, NAMED, { region: "eu-west-1" })).toMatchObject({ changes: replaced, replaces: ["region"] });
    // Named now as where it has been all along.
    expect(diff(OLD, NAMED, { ...NAMED, region: "us-east-1" }).changes).toEqual([]);
    const own = { ...NAMED, region: "us-east-1" };
    expect(diff(OLD, own, own, { region: "eu-west-1" }).changes).toEqual([]);
  });

  it("sees the provider's tags", () => {
    const tags = { defaultTags: { project: "ladder" } };
    expect(diff(OLD, NAMED, NAMED, tags).changes).toEqual([{ path: "tagsAll", kind: "update" }]);
    expect(diff({ ...OLD, tagsAll: { project: "ladder" } }, NAMED, NAMED, tags)).toMatchObject({ changes: [] });
  });
});

describe("a creation", () => {
  it("gives inputs, computed outputs, region and all tags, and the same id whenever it is asked", async () => {
    const cloud = madeUp({ config: { defaultTags: { project: "ladder", own: "no" } } });
    const made = await create(cloud, "t", { ...NAMED, tags: { own: "yes" } });
    expect(made.id).toBe(ARN);
    expect(made.values).toMatchObject({
      name: "alerts",
      owner: "123456789012",
      region: "us-east-1",
      tracingConfig: "PassThrough",
      tagsAll: { project: "ladder", own: "yes" },
    });
    expect(made.secrets).toEqual(new Set(["beginningArchiveTime"]));
    expect(cloud.done).toEqual([{ urn: cloud.subject("t").urn, type: TOPIC, op: "create", cloudSeconds: 4 }]);
    const elsewhere = await create(madeUp(), "t", { ...NAMED, region: "eu-west-1" });
    expect(elsewhere.id).toContain(":eu-west-1:");
  });

  it("knows in a preview the inputs and nothing else, makes nothing, and minds no reference", async () => {
    const cloud = madeUp({ faults: [{ at: 1, kind: "refused" }] });
    const made = await cloud.simulation.create(cloud.subject("t"), opened(NAMED, "name"), true);
    expect(made).toMatchObject({
      id: "",
      values: { name: "alerts", arn: UNKNOWN, owner: UNKNOWN, region: "us-east-1" },
    });
    expect(made.secrets).toEqual(new Set(["name"]));
    const dangling = { topic: ARN, protocol: "email", endpoint: "a@example.com" };
    await cloud.simulation.create(cloud.subject("s", SUBSCRIPTION), opened(dangling), true);
    expect(cloud.world.all()).toEqual([]);
  });

  it("refuses a reference that leads nowhere, and a second one of the same name", async () => {
    const cloud = madeUp();
    const dangling = { topic: ARN, protocol: "email", endpoint: "a@example.com" };
    await expect(create(cloud, "s", dangling, SUBSCRIPTION)).rejects.toThrow(`topic: there is no ${TOPIC} ${ARN}`);
    await create(cloud, "t", NAMED);
    await create(cloud, "s", dangling, SUBSCRIPTION);
    await expect(create(cloud, "twin", NAMED)).rejects.toThrow("alerts already exists (made as t)");
  });

  it("seals secrets in the world, and opens them for who knows them", async () => {
    const cloud = madeUp();
    const inputs = { ...NAMED, displayName: "hush" };
    const { id } = await cloud.simulation.create(cloud.subject("t"), opened(inputs, "displayName"), false);
    expect(JSON.stringify(cloud.world.all())).not.toContain("hush");
    expect(cloud.simulation.read(cloud.subject("t"), id, inputs)?.displayName).toBe("hush");
    expect(cloud.simulation.read(cloud.subject("t"), id, {})?.displayName).not.toBe("hush");
  });
});

describe("an update", () => {
  const updated = async (inputs: Values, preview: boolean) => {
    const cloud = madeUp();
    const before = { ...NAMED, displayName: "one", signatureVersion: 2 };
    const { id, values } = await create(cloud, "t", before);
    const made = await cloud.simulation.update(cloud.subject("t"), id, opened(values), opened(inputs), preview, before);
    return { ...made, before: values, held: cloud.world.find(TOPIC, id)?.values };
  };

  it("changes what is held and keeps what the cloud computed", async () => {
    const { values, held, before } = await updated({ ...NAMED, displayName: "two" }, false);
    expect(values).toMatchObject({ displayName: "two", signatureVersion: 1, owner: "123456789012" });
    expect(values.beginningArchiveTime).toBe(before.beginningArchiveTime);
    expect(held).toMatchObject({ displayName: "two" });
  });

  it("promises in a preview all but what it may change and what was taken out", async () => {
    const { values, held } = await updated({ ...NAMED, displayName: "two" }, true);
    expect(values).toMatchObject({ displayName: "two", arn: ARN, owner: UNKNOWN, tracingConfig: "PassThrough" });
    expect(values).not.toHaveProperty("signatureVersion");
    expect(held).toMatchObject({ displayName: "one" });
  });

  it("is refused where the model refuses it, also in a preview", async () => {
    for (const preview of [true, false])
      await expect(updated(NAMED, preview)).rejects.toThrow("displayName: cannot be taken away");
  });

  it("of what is gone says so", async () => {
    const { simulation, subject } = madeUp();
    const nothing = simulation.update(subject("t"), "arn:gone", opened({}), opened(NAMED), false);
    await expect(nothing).rejects.toThrow("is not there any more; run a refresh");
  });
});

describe("a deletion", () => {
  it("is refused while the model refuses it, and done once; the second time there is nothing left to do", async () => {
    const cloud = madeUp();
    const { id } = await create(cloud, "t", NAMED);
    const other = await create(cloud, "s", { topic: id, protocol: "email", endpoint: "a@example.com" }, SUBSCRIPTION);
    await expect(cloud.simulation.delete(cloud.subject("t"), id)).rejects.toThrow("it has subscribers");
    await cloud.simulation.delete(cloud.subject("s", SUBSCRIPTION), other.id);
    await cloud.simulation.delete(cloud.subject("t"), id);
    await cloud.simulation.delete(cloud.subject("t"), id);
    expect(cloud.world.all()).toEqual([]);
    expect(cloud.done.map(({ op }) => op)).toEqual(["create", "create", "delete", "delete"]);
  });
});

describe("a fault at a creation", () => {
  it.each(["throttled", "refused", "cut"] as const)("%s: nothing is made, and the next try makes it", async (kind) => {
    const cloud = madeUp({ faults: [{ at: 1, kind }] });
    await expect(create(cloud, "t", NAMED)).rejects.toThrow(Refused);
    expect(cloud.world.all()).toEqual([]);
    expect((await create(cloud, "t", NAMED)).id).toBe(ARN);
  });

  it("unready: it is made, and the engine is told what and how", async () => {
    const cloud = madeUp({ faults: [{ at: 1, kind: "unready" }] });
    const error = await create(cloud, "t", NAMED).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unready);
    expect(error).toMatchObject({ made: { id: ARN, values: { name: "alerts" } } });
    expect(cloud.world.all()).toHaveLength(1);
  });

  it("unanswered: it is made, nobody hears of it, and the next try finds it instead of making a second one", async () => {
    const cloud = madeUp({ faults: [{ at: 1, kind: "unanswered" }] });
    await expect(create(cloud, "t", NAMED)).rejects.toThrow("read response failed");
    const [held] = cloud.world.all();
    const again = await create(cloud, "t", NAMED);
    expect(cloud.world.all()).toHaveLength(1);
    expect([again.id, cloud.world.all()[0]?.serial]).toEqual([held?.id, held?.serial]);
  });

  it("what the engine never heard of is found again after its death, and what it knows is never taken for that", async () => {
    const world = new World();
    const first = await create(madeUp({ world }), "s", { topic: "", protocol: "email", endpoint: "x" }, SUBSCRIPTION);
    const cloud = madeUp({ world });
    const again = await create(cloud, "s", { topic: "", protocol: "email", endpoint: "y" }, SUBSCRIPTION);
    expect([again.id, world.all().length]).toEqual([first.id, 1]);
    // Once the engine speaks of it by its id, another one of the same URN is its replacement.
    cloud.simulation.confirm(cloud.subject("s", SUBSCRIPTION), again.id);
    const replacement = await create(cloud, "s", { topic: "", protocol: "email", endpoint: "z" }, SUBSCRIPTION);
    expect(replacement.id).not.toBe(first.id);
    expect(world.all()).toHaveLength(2);
  });
});

describe("a fault at an update or a deletion", () => {
  it.each(["throttled", "refused", "cut", "unready", "unanswered"] as const)(
    "%s: a second try ends well",
    async (kind) => {
      const cloud = madeUp({ faults: [2, 4].map((at) => ({ at, kind })) });
      const { id, values } = await create(cloud, "t", NAMED);
      const now = opened({ ...NAMED, displayName: "new" });
      const update = () => cloud.simulation.update(cloud.subject("t"), id, opened(values), now, false);
      await expect(update()).rejects.toThrow("[injected by the rehearsal]");
      await update();
      expect(cloud.world.find(TOPIC, id)?.values.displayName).toBe("new");
      const remove = () => cloud.simulation.delete(cloud.subject("t"), id);
      await expect(remove()).rejects.toThrow("[injected by the rehearsal]");
      await remove();
      expect(cloud.world.all()).toEqual([]);
    },
  );
});

describe("a provider without a cloud", () => {
  const password = { ...topic, type: PASSWORD, autonamed: undefined, unique: undefined, id: () => "none" };
  const stateless = () => {
    const { autonamed, unique, refuseDelete, ...plain } = password;
    return madeUp({
      models: [plain],
      provider: { name: "random", stateless: true },
      faults: [{ at: 1, kind: "refused" }],
    });
  };

  it("keeps nothing and loses nothing: one of an id that all share is never taken for another", async () => {
    const cloud = stateless();
    const [one, other] = [
      await create(cloud, "one", { length: 9 }, PASSWORD),
      await create(cloud, "other", { length: 9 }, PASSWORD),
    ];
    expect([one.id, other.id]).toEqual(["none", "none"]);
    expect(one.values.beginningArchiveTime).not.toBe(other.values.beginningArchiveTime);
    const replacement = await create(cloud, "one", { length: 10 }, PASSWORD);
    expect(replacement.values.beginningArchiveTime).not.toBe(one.values.beginningArchiveTime);
    await cloud.simulation.delete(cloud.subject("one", PASSWORD), "none");
    expect(cloud.simulation.read(cloud.subject("one", PASSWORD), "none", replacement.values)).toEqual(
      replacement.values,
    );
    expect(cloud.world.all()).toEqual([]);
  });
});
