import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareSession } from "../../../schema/session";
import { encryptWallets, rotateWallets } from "../../../schema/wallets/encrypt";
import { decryptWallet, findUserByWallet } from "../../../schema/wallets/read";
import { walletStatus } from "../../../schema/wallets/survey";
import { verifyWallets } from "../../../schema/wallets/verify";
import { circleForThisFile, emptied, makeUsers } from "../circle/circle";
import { newKey, ring, walletOf } from "./keys";

const circle = circleForThisFile();
const keys = { k1: newKey(), k2: newKey() };
const hmac = { h1: newKey(), h2: newKey() };
const first = ring({ keys: { k1: keys.k1 }, hmac: { h1: hmac.h1 } });
const both = ring({ keys, hmac });
const second = ring({ keys: { k2: keys.k2 }, hmac: { h2: hmac.h2 } });

let owner: Client;
beforeEach(async () => {
  owner = await circle().connect("owner");
  await prepareSession(owner);
  await emptied(circle());
});
afterEach(() => owner.end());

/** A wallet with letters, in small ones and in capitals. */
const small = (n: number): string => `0xabcdef${String(n).padStart(34, "0")}`;
const capital = (n: number): string => `0x${small(n).slice(2).toUpperCase()}`;

const sql = (text: string): Promise<string> => circle().psql(text, "owner");

describe("encryption of wallets", () => {
  it("S4-65 S4-66 fills the columns that were empty, as pgp_sym_encrypt does, under a key that is no part of any SQL", async () => {
    await makeUsers(circle(), 1201);
    const told: number[] = [];
    const result = await encryptWallets(owner, first, { onProgress: ({ done }) => told.push(done) });
    expect(result).toEqual({ done: 1201, problems: [], left: 0, meanwhile: 0 });
    expect(told).toEqual([500, 1000, 1201]);
    expect(
      await sql(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'wallet_address_encrypted'",
      ),
    ).toBe("bytea");
    // Read as the documents write it.
    const passphrase = keys.k1.replaceAll("'", "''");
    expect(
      await sql(
        `SELECT count(*) FROM users WHERE pgp_sym_decrypt(wallet_address_encrypted, '${passphrase}') = wallet_address AND wallet_key_id = 'k1/h1'`,
      ),
    ).toBe("1201");
    expect(
      await sql(
        "SELECT count(DISTINCT wallet_address_encrypted) || ' ' || count(DISTINCT wallet_address_hash) FROM users",
      ),
    ).toBe("1201 1201");
    // A second run finds nothing to do and writes nothing.
    const rows = await sql("SELECT xmin, ctid FROM users ORDER BY id");
    expect(await encryptWallets(owner, first)).toEqual({ done: 0, problems: [], left: 0, meanwhile: 0 });
    expect(await sql("SELECT xmin, ctid FROM users ORDER BY id")).toBe(rows);
    expect(await verifyWallets(owner, first)).toEqual({ checked: 1201, wrong: 0, problems: [] });
  });

  it("rotates both keys, after which the old ones are needed no more", async () => {
    await makeUsers(circle(), 700);
    await encryptWallets(owner, first);
    expect(await rotateWallets(owner, both)).toEqual({ done: 700, problems: [], left: 0, meanwhile: 0 });
    expect((await walletStatus(owner, both)).keys).toEqual([{ label: "k2/h2", rows: 700, known: true }]);
    expect(await verifyWallets(owner, second)).toEqual({ checked: 700, wrong: 0, problems: [] });
    expect((await verifyWallets(owner, first)).wrong).toBe(700);
    expect(await findUserByWallet(owner, second, walletOf(5))).toBe("5");
    expect(await findUserByWallet(owner, first, walletOf(5))).toBeUndefined();
    expect(await decryptWallet(owner, second, "5")).toBe(walletOf(5));
  });

  it("takes a wallet in any letter case for the same, and keeps the case that was written", async () => {
    const mixed = "0xAbCdEf0123456789aBcDeF0123456789ABCDEF01";
    await sql(`INSERT INTO users (wallet_address, pseudonym) VALUES ('${mixed}', 'mixed')`);
    await encryptWallets(owner, first);
    const id = await sql("SELECT id FROM users");
    for (const typed of [mixed, mixed.toLowerCase(), `0X${mixed.slice(2).toUpperCase()}`])
      expect(await findUserByWallet(owner, both, typed)).toBe(id);
    expect(await decryptWallet(owner, both, id)).toBe(mixed);
    expect(await decryptWallet(owner, both, "99")).toBeUndefined();
    await expect(findUserByWallet(owner, both, "0x12")).rejects.toThrow(
      "This is no wallet address: it has 4 characters",
    );
  });

  it("refuses, before it writes anything, a wallet that two users have, and what is no wallet", async () => {
    await makeUsers(circle(), 3);
    const wallets = [small(1), small(2), "nobody", capital(1), capital(2)];
    for (const [n, wallet] of wallets.entries())
      await sql(`INSERT INTO users (id, wallet_address, pseudonym) VALUES (${10 + n}, '${wallet}', 'user${10 + n}')`);
    const refusal = await encryptWallets(owner, first).catch((error: Error) => error.message);
    expect(refusal).toContain("2 wallets in different letter case with several users: 10 and 13; 11 and 14");
    expect(refusal).toContain("1 user with something else than 0x and 40 hexadecimal digits as wallet_address: 12");
    expect(refusal).not.toMatch(/nobody|0x[0-9a-f]{4}/i);
    expect(await sql("SELECT count(*) FROM users WHERE wallet_key_id IS NOT NULL")).toBe("0");
    const { malformed, duplicates } = await walletStatus(owner, first);
    expect({ malformed, duplicates }).toEqual({
      malformed: { count: 1, ids: ["12"] },
      duplicates: {
        count: 2,
        ids: [
          ["10", "13"],
          ["11", "14"],
        ],
      },
    });
  });

  it("forgets the encrypted form with a changed address, and encrypts the new one", async () => {
    await makeUsers(circle(), 5);
    await encryptWallets(owner, first);
    await circle().psql(`UPDATE users SET wallet_address = '${small(77)}' WHERE id = 3`);
    expect((await walletStatus(owner, first)).encrypted).toBe(4);
    expect(await findUserByWallet(owner, first, walletOf(3))).toBeUndefined();
    expect(await findUserByWallet(owner, first, small(77))).toBe("3");
    expect(await encryptWallets(owner, first)).toMatchObject({ done: 1, meanwhile: 0 });
    expect(await findUserByWallet(owner, first, capital(77))).toBe("3");
    expect((await verifyWallets(owner, first)).wrong).toBe(0);
  });

  it("reports damaged rows by their ids, leaves them as they are, and rotates all others", async () => {
    await makeUsers(circle(), 600);
    await encryptWallets(owner, first);
    await sql(`UPDATE users SET wallet_address_encrypted = substr(wallet_address_encrypted, 1, 80) WHERE id = 17;
      UPDATE users SET wallet_address_encrypted = (SELECT wallet_address_encrypted FROM users WHERE id = 20) WHERE id = 300;
      UPDATE users SET wallet_address_hash = '\\x00' WHERE id = 301`);
    const damaged =
      "SELECT id, wallet_address_encrypted, wallet_address_hash, wallet_key_id FROM users WHERE id IN (17, 300, 301) ORDER BY id";
    const before = await sql(damaged);
    const found = await verifyWallets(owner, first);
    expect(found).toEqual({
      checked: 600,
      wrong: 3,
      problems: [
        { id: "17", problem: "its ciphertext cannot be decrypted by the key that it names" },
        { id: "300", problem: "its ciphertext holds another address than wallet_address" },
        { id: "301", problem: "its hash is not that of its address" },
      ],
    });
    const { done, problems, left } = await rotateWallets(owner, both);
    expect({ done, left, ids: problems.map(({ id }) => id).sort() }).toEqual({
      done: 597,
      left: 0,
      ids: ["17", "300", "301"],
    });
    expect(await sql(damaged)).toBe(before);
    expect((await walletStatus(owner, second)).keys).toEqual([
      { label: "k1/h1", rows: 3, known: false },
      { label: "k2/h2", rows: 597, known: true },
    ]);
    await expect(rotateWallets(owner, second)).rejects.toThrow(
      "3 users encrypted under the keys k1/h1, which the key ring lacks",
    );
  });

  it("passes by rows that others hold, and takes them when they are free", async () => {
    await makeUsers(circle(), 50);
    const other = await circle().connect("app");
    await other.query("BEGIN");
    await other.query("UPDATE users SET bio = 'busy' WHERE id = 25");
    const running = encryptWallets(owner, first);
    await expect.poll(() => sql("SELECT count(*) FROM users WHERE wallet_key_id IS NOT NULL")).toBe("49");
    await other.query("ROLLBACK");
    expect(await running).toEqual({ done: 50, problems: [], left: 0, meanwhile: 0 });
    await other.end();
  });

  it("stops between two batches, and goes on", async () => {
    await makeUsers(circle(), 30);
    const stop = new AbortController();
    const run = encryptWallets(owner, first, { batchRows: 10, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    expect((await walletStatus(owner, first)).encrypted).toBe(10);
    expect((await encryptWallets(owner, first)).done).toBe(20);
  });

  it("needs the owner of the database, and the schema of circle", async () => {
    await makeUsers(circle(), 1);
    const app = await circle().connect("app");
    await expect(encryptWallets(app, first)).rejects.toThrow("Connect as the owner of the database");
    await app.end();
    const server = await circle().connect("superuser");
    await server.query("BEGIN; ALTER TABLE users DROP COLUMN wallet_key_id");
    await expect(walletStatus(server, first)).rejects.toThrow(
      "Database circle has no public.users.wallet_key_id. Wallets are encrypted in the database circle",
    );
    await server.query("ROLLBACK");
    await server.end();
  });
});
