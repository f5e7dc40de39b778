import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { applyMigrations } from "../../../schema/apply";
import { schemaStatus } from "../../../schema/status";
import { dropPlain, planDropPlain } from "../../../schema/wallets/dropPlain";
import { encryptWallets, rotateWallets } from "../../../schema/wallets/encrypt";
import { decryptWallet, findUserByWallet } from "../../../schema/wallets/read";
import { walletStatus } from "../../../schema/wallets/survey";
import { verifyWallets } from "../../../schema/wallets/verify";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { newKey, ring, walletOf } from "./keys";

let server: Postgres;
let circle: CatalogueDatabase;
const migrations = loadMigrations("circle", "postgresql");
const keys = { k1: newKey(), k2: newKey() };
const hmac = { h1: newKey(), h2: newKey() };
const first = ring({ keys: { k1: keys.k1 }, hmac: { h1: hmac.h1 } });
const both = ring({ keys, hmac });

let owner: Client;
beforeAll(async () => {
  server = await startPostgres();
  circle = await catalogueDatabase(server, "circle", { upTo: 0 });
  owner = await circle.connect("owner");
  await applyMigrations({ client: owner, database: "circle", migrations });
  await sql(
    "INSERT INTO users (id, wallet_address, pseudonym) SELECT n, '0x' || lpad(to_hex(n), 40, '0'), 'user' || n FROM generate_series(1, 2500) n",
  );
});
afterAll(async () => {
  await owner.end();
  await server.stop();
});

const sql = (text: string): Promise<string> => circle.psql(text, "superuser");
const plainColumn = (): Promise<string> =>
  sql("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'wallet_address'");

/** Tries to drop the column, which is to stay. */
async function refused(): Promise<string> {
  const refusal = await dropPlain(owner, first, { lockTries: 2 }).catch((error: Error) => error.message);
  expect(await plainColumn()).toBe("1");
  return String(refusal);
}

describe("removal of the plain wallets", () => {
  it("is refused while one user is not encrypted", async () => {
    expect(await refused()).toContain("2500 of 2500 users are not encrypted yet. First: npx ladder wallets encrypt");
    await encryptWallets(owner, first);
    await sql(`INSERT INTO users (id, wallet_address, pseudonym) VALUES (9000, '${walletOf(9000)}', 'late')`);
    expect(await refused()).toContain("1 of 2501 users are not encrypted yet");
    await encryptWallets(owner, first);
  });

  it("is refused while one ciphertext holds something else, or cannot be decrypted", async () => {
    await sql("CREATE TABLE kept AS SELECT id, wallet_address_encrypted AS bytes FROM users WHERE id IN (3, 4)");
    await sql("UPDATE users SET wallet_address_encrypted = (SELECT bytes FROM kept WHERE id = 4) WHERE id = 3");
    expect(await refused()).toContain("user 3: its ciphertext holds another address than wallet_address");
    await sql("UPDATE users SET wallet_address_encrypted = substr(wallet_address_encrypted, 2) WHERE id = 3");
    expect(await refused()).toContain("user 3: its ciphertext cannot be decrypted by the key that it names");
    await sql("UPDATE users SET wallet_address_encrypted = bytes FROM kept WHERE kept.id = users.id; DROP TABLE kept");
  });

  it.each([
    ["a view", "CREATE VIEW seen AS SELECT wallet_address FROM users", "DROP VIEW seen", "view seen"],
    [
      "a policy",
      "CREATE POLICY own ON users USING (wallet_address = 'x')",
      "DROP POLICY own ON users",
      "policy own on table users",
    ],
    [
      "a foreign key of another table",
      "CREATE TABLE paid (wallet varchar(42) REFERENCES users (wallet_address))",
      "DROP TABLE paid",
      "constraint paid_wallet_fkey on table paid",
    ],
    [
      "a function that names it",
      "CREATE FUNCTION mine() RETURNS text LANGUAGE sql AS 'SELECT wallet_address FROM users LIMIT 1'",
      "DROP FUNCTION mine()",
      "function mine(), which names wallet_address",
    ],
  ])("is refused while %s depends on the column, and names it", async (_what, make, unmake, named) => {
    await sql(make);
    expect(await refused()).toContain(named);
    await sql(unmake);
  });

  it("finds a user that is written while the others are compared, under the lock at the latest", async () => {
    // Behind the back of the comparison, which has read the first 2,000 when it is committed; no lock of the table comes before that.
    const other = await circle.connect("owner");
    await other.query("BEGIN; UPDATE users SET wallet_address_hash = '\\x01' WHERE id = 1");
    let done: Promise<unknown> | undefined;
    const refusal = await dropPlain(owner, first, {
      onProgress() {
        done ??= other.query("COMMIT");
      },
      batchRows: 2000,
    }).catch((error: Error) => error.message);
    await done;
    await other.end();
    expect(refusal).toContain("user 1: its hash is not that of its address");
    expect(await plainColumn()).toBe("1");
    await sql("UPDATE users SET wallet_address_encrypted = NULL WHERE id = 1");
    await encryptWallets(owner, first);
  });

  it("gives up, and lets others work, when the table is never free", async () => {
    const other = await circle.connect("app");
    await other.query("BEGIN");
    await other.query("UPDATE users SET bio = 'long' WHERE id = 7");
    expect(await refused()).toContain("others used the table all the time");
    await other.query("ROLLBACK");
    await other.end();
  });

  it("takes away the column, what belongs to it, and nothing else", async () => {
    const plan = await planDropPlain(owner, first);
    expect(plan?.going).toEqual([
      "constraint users_wallet_address_key on table users",
      "index idx_users_wallet",
      "index users_wallet_address_key",
    ]);
    expect(await dropPlain(owner, first)).toBe(2501);
    expect(await plainColumn()).toBe("0");
    expect(await dropPlain(owner, first)).toBeUndefined();
    expect(await sql("SELECT count(*) FROM pg_proc WHERE proname = 'forget_encrypted_wallet'")).toBe("0");
    // What was removed on purpose is no change by hand.
    expect(await schemaStatus({ client: owner, database: "circle", migrations })).toMatchObject({
      pending: [],
      drift: { differences: [] },
    });
    // The application goes on writing, and nobody is without a wallet from now on.
    await circle.psql("UPDATE users SET bio = 'after' WHERE id = 8");
    await expect(circle.psql("INSERT INTO users (pseudonym) VALUES ('nobody')")).rejects.toThrow("not-null");
  });

  it("leaves wallets that are found, read, compared and put under new keys", async () => {
    expect(await walletStatus(owner, both)).toMatchObject({ users: 2501, encrypted: 2501, plainColumn: false });
    expect(await verifyWallets(owner, first)).toEqual({ checked: 2501, wrong: 0, problems: [] });
    expect(await rotateWallets(owner, both)).toEqual({ done: 2501, problems: [], left: 0, meanwhile: 0 });
    expect(await encryptWallets(owner, both)).toEqual({ done: 0, problems: [], left: 0, meanwhile: 0 });
    expect(await verifyWallets(owner, both)).toEqual({ checked: 2501, wrong: 0, problems: [] });
    expect(await findUserByWallet(owner, both, walletOf(9000))).toBe("9000");
    expect(await decryptWallet(owner, both, "9000")).toBe(walletOf(9000));
  });
});
