import { status } from "@grpc/grpc-js";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../rehearsal/model";
import { type Listening, serve } from "../../../rehearsal/server";
import type { World } from "../../../rehearsal/world";
import { type MadeUpOptions, madeUp, PASSWORD, SUBSCRIPTION, TOPIC, urnOf } from "../../unit/rehearsal/madeUp";
import { asked, type Connection, connect, structOf } from "./provider";

let server: Listening;
let world: World;
const connections: Connection[] = [];

const connected = (port = server.port): Connection => {
  const connection = connect(port);
  connections.push(connection);
  return connection;
};

async function serving(options: MadeUpOptions = {}): Promise<Connection> {
  server?.stop();
  const cloud = madeUp(options);
  world = cloud.world;
  server = await serve(cloud.simulation, { region: "us-east-1", defaultTags: {} });
  return connected();
}

beforeEach(async () => void (await serving()));
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
  server.stop();
});

const URN = urnOf(TOPIC, "alerts");
const NAMED = { name: "alerts" };
const ARN = "arn:aws:sns:us-east-1:123456789012:alerts";

describe("the handshake", () => {
  it("tells the version, takes secrets, attaches, and takes a configuration", async () => {
    const { client, configure } = connected();
    const shake = new messages.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1");
    const answer = await asked<messages.ProviderHandshakeResponse>((done) => client.handshake(shake, done));
    expect(answer.getAcceptSecrets()).toBe(true);
    await asked((done) => client.attach(new PluginAttach().setAddress("127.0.0.1:1"), done));
    const info = await asked<PluginInfo>((done) => client.getPluginInfo(new Empty(), done));
    expect(info.getVersion()).toBe("7.48.0");
    const config = new messages.CheckRequest().setUrn(urnOf("pulumi:providers:aws", "aws")).setNews(structOf(NAMED));
    const checked = await asked<messages.CheckResponse>((done) => client.checkConfig(config, done));
    expect(checked.getInputs()?.toJavaScript()).toEqual(NAMED);
    const configured = await configure({ region: "eu-west-1" });
    expect(configured.toObject()).toMatchObject({ acceptsecrets: true, supportspreview: true });
    await asked((done) => client.cancel(new Empty(), done));
  });

  it("refuses what is not rehearsed, instead of a silent yes or no answer at all", async () => {
    const { client } = connected();
    const calls = [
      asked((done) => client.call(new messages.CallRequest(), done)),
      asked((done) => client.construct(new messages.ConstructRequest(), done)),
      asked((done) => client.parameterize(new messages.ParameterizeRequest(), done)),
      asked((done) => client.getSchema(new messages.GetSchemaRequest(), done)),
      new Promise((resolve, reject) =>
        client.list(new messages.ListRequest()).on("error", reject).on("end", resolve).resume(),
      ),
    ];
    for (const call of calls) await expect(call).rejects.toThrow("is not rehearsed");
  });
});

it("a provider that is configured otherwise is changed, and never replaced", async () => {
  const { client } = connected();
  const diffConfig = async (now: Record<string, string>) => {
    const request = new messages.DiffRequest()
      .setUrn(urnOf("pulumi:providers:aws", "aws"))
      .setOldInputs(structOf({ region: "us-east-1" }))
      .setNews(structOf(now));
    return (await asked<messages.DiffResponse>((done) => client.diffConfig(request, done))).toObject();
  };
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  expect(await diffConfig({ region: "us-east-1" })).toMatchObject({ changes: DIFF_NONE });
  const changed = await diffConfig({ region: "eu-west-1", defaultTags: '{"tags":{"team":"two"}}' });
  expect(changed).toMatchObject({ changes: DIFF_SOME, diffsList: ["defaultTags", "region"], replacesList: [] });
});

describe("two connections", () => {
  it("have configurations of their own, and the same world", async () => {
    const [here, there, plain] = [connected(), connected(), connected()];
    await here.configure({ region: "eu-west-1", defaultTags: JSON.stringify({ tags: { place: "here" } }) });
    await there.configure({ region: "ap-south-1", defaultTags: { tags: { place: "there" } } });
    const made = [];
    for (const [index, connection] of [here, there, plain].entries())
      made.push(await connection.create(urnOf(TOPIC, `t${index}`), { name: `t${index}` }));
    expect(made.map(({ values }) => [values.region, values.tagsAll])).toEqual([
      ["eu-west-1", { place: "here" }],
      ["ap-south-1", { place: "there" }],
      ["us-east-1", {}],
    ]);
    expect(await here.invoke("aws:index/getRegion:getRegion", {})).toEqual({ region: "eu-west-1" });
    expect(world.all()).toHaveLength(3);
    expect((await plain.read(urnOf(TOPIC, "t0"), made[0]?.id ?? "")).values.name).toBe("t0");
  });
});

describe("a resource", () => {
  it("is checked, previewed, made, read, changed and deleted", async () => {
    const { check, create, read, diff, update, remove } = connected();
    const checked = await check(URN, { ...NAMED, displayName: "one" });
    expect(checked).toEqual({ inputs: { ...NAMED, displayName: "one" }, failures: [], secrets: [] });
    const promised = await create(URN, checked.inputs, { preview: true });
    expect(promised).toMatchObject({ id: "", values: { name: "alerts", arn: UNKNOWN, region: "us-east-1" } });
    expect(world.all()).toEqual([]);

    const made = await create(URN, checked.inputs);
    expect(made).toMatchObject({
      id: ARN,
      values: { arn: ARN, displayName: "one" },
      secrets: ["beginningArchiveTime"],
    });
    expect(await read(URN, ARN, made.values)).toMatchObject({ id: ARN, values: made.values });

    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    expect(await diff(URN, ARN, made.values, checked.inputs, checked.inputs)).toMatchObject({ changes: DIFF_NONE });
    const now = { ...NAMED, displayName: "two" };
    const { UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
    expect(await diff(URN, ARN, made.values, checked.inputs, now)).toMatchObject({
      changes: DIFF_SOME,
      diffsList: ["displayName"],
      replacesList: [],
      hasdetaileddiff: true,
      detaileddiffMap: [["displayName", { kind: UPDATE, inputdiff: true }]],
    });
    const states = { old: made.values, oldInputs: checked.inputs, now };
    expect((await update(URN, ARN, { ...states, preview: true })).values).toMatchObject({ owner: UNKNOWN, arn: ARN });
    expect((await update(URN, ARN, states)).values).toMatchObject({ displayName: "two", owner: "123456789012" });
    expect((await read(URN, ARN)).values).toMatchObject({ displayName: "two" });

    expect(await diff(URN, ARN, made.values, checked.inputs, { name: "other" })).toMatchObject({
      replacesList: ["name"],
      detaileddiffMap: expect.arrayContaining([["name", { kind: UPDATE_REPLACE, inputdiff: true }]]),
    });
    await remove(URN, ARN);
    expect((await read(URN, ARN)).id).toBe("");
    expect(world.all()).toEqual([]);
  });

  it("keeps secret what was secret", async () => {
    const { create } = connected();
    const made = await create(URN, { ...NAMED, displayName: "hush" }, { secrets: ["displayName"] });
    expect(made).toMatchObject({ values: { displayName: "hush" }, secrets: ["beginningArchiveTime", "displayName"] });
  });

  it("with wrong inputs is refused property by property", async () => {
    const { failures } = await connected().check(URN, { ...NAMED, displayName: "bad", colour: "red" });
    expect(failures).toEqual([`colour: is no input of ${TOPIC}`, "displayName: is bad"]);
  });

  it("whose parents are part of its URN is known by its own type", async () => {
    const urn = `urn:pulumi:test::p::scaling-ladder:alerting:Alerts$${TOPIC}::alerts`;
    expect((await connected().create(urn, NAMED)).id).toBe(ARN);
  });
});

describe("a read", () => {
  it("gives of the inputs what was given, without what the cloud adds to them, and with what has changed", async () => {
    const type = "kubernetes:core/v1:ConfigMap";
    const given = { metadata: { name: "a", labels: { x: "1" } }, data: { one: "1" } };
    const { create, read } = await serving({
      models: [
        {
          type,
          replaces: [],
          source: "made up",
          id: () => "default/a",
          outputs: ({ metadata }) => ({ metadata: { ...(metadata as object), uid: "u-1" } }),
        },
      ],
      provider: { name: "kubernetes" },
    });
    const urn = urnOf(type, "a");
    const made = await create(urn, given);
    expect(made.values.metadata).toEqual({ name: "a", labels: { x: "1" }, uid: "u-1" });
    expect((await read(urn, "default/a", given)).inputs).toEqual(given);
    const [held] = world.all(type);
    if (held !== undefined) world.put({ ...held, values: { ...made.values, data: { one: "2" } } });
    expect((await read(urn, "default/a", given)).inputs).toEqual({ ...given, data: { one: "2" } });
  });
});

describe("an error", () => {
  it("is the answer to an unknown type and an unknown function, whatever is asked", async () => {
    const { check, diff, create, update, read, remove, invoke } = connected();
    const urn = urnOf("aws:sqs/queue:Queue", "q");
    const states = { old: {}, oldInputs: {}, now: {} };
    for (const call of [
      check(urn, {}),
      diff(urn, "q", {}, {}, {}),
      create(urn, {}, { preview: true }),
      create(urn, {}),
      update(urn, "q", states),
      read(urn, "q"),
      remove(urn, "q"),
    ])
      await expect(call).rejects.toThrow("the rehearsal does not know the type aws:sqs/queue:Queue");
    await expect(invoke("aws:sqs/getQueue:getQueue", {})).rejects.toThrow("does not know the function");
  });

  it("says what the cloud says", async () => {
    const { create } = connected();
    const dangling = { topic: "nowhere", protocol: "email", endpoint: "a@example.com" };
    await expect(create(urnOf(SUBSCRIPTION, "s"), dangling)).rejects.toThrow(`topic: there is no ${TOPIC} nowhere`);
  });

  it("tells the engine of a resource that did not become ready, so that it is not lost", async () => {
    const { create } = await serving({ faults: [{ at: 1, kind: "unready" }] });
    const error = await create(URN, { ...NAMED, displayName: "hush" }, { secrets: ["displayName"] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: status.UNKNOWN, details: expect.stringContaining("timeout while waiting") });
    const bytes = (error as { metadata: { get(key: string): Buffer[] } }).metadata.get("grpc-status-details-bin")[0];
    const [detail] = Status.deserializeBinary(new Uint8Array(bytes ?? [])).getDetailsList();
    expect(detail?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
    const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
    expect(failed.getId()).toBe(ARN);
    expect(failed.getReasonsList()).toEqual([expect.stringContaining("timeout while waiting")]);
    expect(JSON.stringify(failed.getProperties()?.toJavaScript())).toMatch(/"displayName":\{"4dabf[^}]*"value":"hush"/);
    expect(world.all()).toHaveLength(1);
  });

  it("follows a server that stops in the middle", async () => {
    const { read } = connected();
    await read(URN, ARN);
    server.stop();
    await expect(read(URN, ARN)).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });
});

describe("a provider without a cloud", () => {
  it("gives back on a read what the engine knows", async () => {
    const { read, create } = await serving({
      models: [{ type: PASSWORD, replaces: [], source: "made up", id: () => "none", outputs: () => ({ result: "x" }) }],
      provider: { name: "random", stateless: true },
    });
    const urn = urnOf(PASSWORD, "p");
    const made = await create(urn, { length: 9 });
    expect(await read(urn, "none", made.values)).toMatchObject({ id: "none", values: { length: 9, result: "x" } });
    expect(world.all()).toEqual([]);
  });
});
