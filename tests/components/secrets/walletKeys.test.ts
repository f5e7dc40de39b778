import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import { isSecret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkKeyIds, walletKeyRing } from "../../../components/secrets/walletKeyRing";
import {
  KEY_RING_FIELD,
  WalletKeys,
  type WalletKeysArgs,
  type WalletKeysPlace,
} from "../../../components/secrets/walletKeys";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { parseKeyRing } from "../../../schema/wallets/parseKeyRing";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

async function make(more: Partial<WalletKeysArgs> = {}, inCluster = false) {
  const cloud = rehearsedMocks();
  const records = recording();
  const { arn: keyArn } = new aws.kms.Key("secrets", {});
  const { metadata } = new kubernetes.core.v1.Namespace("aibase", { metadata: { name: "aibase" } });
  const place: WalletKeysPlace = inCluster
    ? { kind: "kubernetes", namespace: metadata.name }
    : { kind: "secretsManager", keyArn };
  const keys = new WalletKeys("wallets", { place, deletionProtection: true, ...more }, records.opts);
  await records.made();
  return { keys, keyArn, ring: await resolved(keys.keyRing), ...cloud, ...records };
}

describe("the keys of the wallets", () => {
  it("S4-67 are generated, and stand in a managed secret as the commands read them", async () => {
    const { keys, keyArn, ring, one, all, find } = await make();
    expect(parseKeyRing(ring, "the secret").labels).toEqual(["k1/h1"]);
    expect(one("secretVersion:SecretVersion").inputs.secretString).toBe(ring);
    expect(one("secret:Secret").inputs).toMatchObject({ kmsKeyId: await resolved(keyArn), recoveryWindowInDays: 30 });
    expect(await resolved(keys.secretId)).toBe(one("secret:Secret").outputs.arn);
    expect(all("RandomPassword").map(({ name }) => find(name).opts.protect)).toEqual([true, true]);
  });

  it("are secret wherever a program could tell them", async () => {
    const { keys } = await make();
    expect(await isSecret(keys.keyRing)).toBe(true);
  });

  it("stand in a Secret of the cluster where there is no cloud", async () => {
    const { keys, ring, one } = await make({}, true);
    const { metadata, data } = one("v1:Secret").inputs;
    expect(metadata).toMatchObject({ name: "wallet-keys", namespace: "aibase" });
    const field = String((data as Record<string, string>)[KEY_RING_FIELD]);
    expect(Buffer.from(field, "base64").toString()).toBe(ring);
    expect(await resolved(keys.secretId)).toBe("wallet-keys");
  });

  it("stay what they are when another is added and made current", async () => {
    const made = ({ all }: Awaited<ReturnType<typeof make>>) =>
      Object.fromEntries(all("RandomPassword").map(({ name, inputs }) => [name, inputs]));
    const before = made(await make());
    const rotated = await make({ keys: { ids: ["k1", "k2"], current: "k2" } });
    // The same resources with the same inputs: a random value is made anew only when one of these differs.
    expect(made(rotated)).toEqual({ ...before, "wallets-encryption-k2": before["wallets-encryption-k1"] });
    expect(JSON.parse(rotated.ring).current).toBe("k2");
    expect(parseKeyRing(rotated.ring, "the secret").labels).toEqual(["k1/h1", "k2/h1"]);
  });
});

describe("ids of keys", () => {
  it.each([
    [{ ids: ["K1"], current: "K1" }, "keys: id K1: allowed are 1 to 40 small letters"],
    [{ ids: ["k1", "k1"], current: "k1" }, "keys: an id stands there twice"],
    [{ ids: ["k1"], current: "k2" }, "keys: k2 is to be current, and there are k1"],
    [{ ids: [], current: "k1" }, "keys: k1 is to be current, and there are "],
  ])("are refused when no ring could be read with them: %j", (ids, says) => {
    expect(() => checkKeyIds("keys", ids)).toThrow(says);
  });

  it("are taken as they are otherwise", () => {
    expect(checkKeyIds("hmac", { ids: ["2026-11", "k_2.b"], current: "k_2.b" })).toBeUndefined();
  });
});

describe("the JSON of the ring", () => {
  it("has the form that is documented, with base64 of what was generated", () => {
    const json = walletKeyRing(
      { current: "b", values: { a: "one", b: "two" } },
      { current: "h", values: { h: "three" } },
    );
    expect(JSON.parse(json)).toEqual({
      current: "b",
      keys: { a: "b25l", b: "dHdv" },
      hmac: { current: "h", keys: { h: "dGhyZWU=" } },
    });
  });
});
