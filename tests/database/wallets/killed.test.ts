import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareSession } from "../../../schema/session";
import { encryptWallets, rotateWallets } from "../../../schema/wallets/encrypt";
import { walletStatus } from "../../../schema/wallets/survey";
import { verifyWallets } from "../../../schema/wallets/verify";
import { startCode } from "../../support/children";
import { circleForThisFile, emptied, makeUsers } from "../circle/circle";
import { newKey, type RingText, ring, ringText } from "./keys";
import { startLoad } from "./load";

const USERS = 20_000;
const KILLED = 5;

const circle = circleForThisFile();
const keys = { k1: newKey(), k2: newKey() };
const hmac = { h1: newKey(), h2: newKey() };
const first: RingText = { keys: { k1: keys.k1 }, hmac: { h1: hmac.h1 } };
const both: RingText = { keys, hmac };

let owner: Client;
beforeEach(async () => {
  owner = await circle().connect("owner");
  await prepareSession(owner);
});
afterEach(() => owner.end());

const sql = (text: string): Promise<string> => circle().psql(text, "superuser");

/** Runs a step in a process of its own, which is killed at a random moment of its work. */
async function killed(step: "encryptWallets" | "rotateWallets", keyRing: RingText): Promise<void> {
  const child = startCode(`
    const { Client } = require("pg");
    const { parseKeyRing } = require("./schema/wallets/parseKeyRing");
    const step = require("./schema/wallets/encrypt").${step};
    const client = new Client(${JSON.stringify(circle().url("owner"))});
    client.connect()
      .then(() => step(client, parseKeyRing(${JSON.stringify(ringText(keyRing))}, "test"), { batchRows: 100, onProgress: () => console.log("works") }))
      .then(() => console.log("ready"));
  `);
  await child.said("works");
  await sleep(randomInt(400));
  child.process.kill("SIGKILL");
  const { signal, output } = await child.finished;
  expect({ signal, output }).toMatchObject({ signal: "SIGKILL", output: expect.not.stringContaining("ready") });
}

/** Every row has all of it or nothing, and what it has is right. */
const halfDone = (): Promise<string> =>
  sql(
    "SELECT count(*) FROM users WHERE num_nonnulls(wallet_address_encrypted, wallet_address_hash, wallet_key_id) NOT IN (0, 3)",
  );

describe("20,000 wallets, while others write and read", () => {
  it("are encrypted, though the run is killed again and again", async () => {
    await emptied(circle());
    await makeUsers(circle(), USERS);
    await sql(`SELECT setval('users_id_seq', ${USERS})`);
    const load = await startLoad(circle(), ring(first), { users: USERS, plainOnly: true });
    const progress: number[] = [];
    for (let run = 0; run < KILLED; run++) {
      await killed("encryptWallets", first);
      expect(await halfDone()).toBe("0");
      progress.push(Number(await sql("SELECT count(*) FROM users WHERE wallet_key_id = 'k1/h1'")));
    }
    expect(progress[0]).toBeGreaterThan(0);
    await encryptWallets(owner, ring(first));
    const happened = await load.stop();
    expect(happened.misses).toEqual([]);
    expect(Math.min(happened.lookups, happened.decrypted, happened.written)).toBeGreaterThan(100);
    // What was written last.
    expect(await encryptWallets(owner, ring(first))).toMatchObject({ problems: [], left: 0, meanwhile: 0 });
    expect(await verifyWallets(owner, ring(first))).toEqual({
      checked: Number(await sql("SELECT count(*) FROM users")),
      wrong: 0,
      problems: [],
    });
  });

  it("are put under new keys without one failed lookup, though the run is killed again and again", async () => {
    const before = await sql("SELECT count(*) FROM users WHERE id <= 15000 AND wallet_key_id = 'k1/h1'");
    expect(before).toBe("15000");
    const load = await startLoad(circle(), ring(both), { users: USERS, plainOnly: false });
    for (let run = 0; run < KILLED; run++) {
      await killed("rotateWallets", both);
      expect(await halfDone()).toBe("0");
    }
    const result = await rotateWallets(owner, ring(both));
    expect(result).toMatchObject({ problems: [], left: 0 });
    const happened = await load.stop();
    expect(happened.misses).toEqual([]);
    expect(Math.min(happened.lookups, happened.decrypted, happened.written)).toBeGreaterThan(100);
    await encryptWallets(owner, ring(both));
    const { keys: used, users } = await walletStatus(owner, ring(both));
    expect(used).toEqual([{ label: "k2/h2", rows: users, known: true }]);
    // The old keys are needed no more.
    const onlyNew = ring({ keys: { k2: keys.k2 }, hmac: { h2: hmac.h2 } });
    expect(await verifyWallets(owner, onlyNew)).toEqual({ checked: users, wrong: 0, problems: [] });
  });
});
