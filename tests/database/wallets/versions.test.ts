import { afterEach, describe, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { applyMigrations } from "../../../schema/apply";
import { dropPlain } from "../../../schema/wallets/dropPlain";
import { encryptWallets, rotateWallets } from "../../../schema/wallets/encrypt";
import { decryptWallet, findUserByWallet } from "../../../schema/wallets/read";
import { verifyWallets } from "../../../schema/wallets/verify";
import { catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { newKey, ring, walletOf } from "./keys";

let server: Postgres | undefined;
afterEach(() => server?.stop());

// Version 15 is what the other files run on.
describe.each([16, 18] as const)("on PostgreSQL %i", (version) => {
  it("wallets are encrypted, put under new keys, compared, and rid of their plain text", async () => {
    server = await startPostgres({ version });
    const circle = await catalogueDatabase(server, "circle", { upTo: 0 });
    const owner = await circle.connect("owner");
    await applyMigrations({ client: owner, database: "circle", migrations: loadMigrations("circle", "postgresql") });
    await circle.psql(
      "INSERT INTO users (id, wallet_address, pseudonym) SELECT n, '0x' || lpad(to_hex(n), 40, '0'), 'user' || n FROM generate_series(1, 600) n",
      "owner",
    );
    const [keys, hmac] = [
      { k1: newKey(), k2: newKey() },
      { h1: newKey(), h2: newKey() },
    ];
    const both = ring({ keys, hmac });
    const all = { done: 600, problems: [], left: 0, meanwhile: 0 };
    expect(await encryptWallets(owner, ring({ keys: { k1: keys.k1 }, hmac: { h1: hmac.h1 } }))).toEqual(all);
    expect(await rotateWallets(owner, both)).toEqual(all);
    expect(await dropPlain(owner, both)).toBe(600);
    expect(await verifyWallets(owner, both)).toEqual({ checked: 600, wrong: 0, problems: [] });
    expect(await findUserByWallet(owner, both, walletOf(9))).toBe("9");
    expect(await decryptWallet(owner, both, "9")).toBe(walletOf(9));
    await owner.end();
  });
});
