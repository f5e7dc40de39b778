import { execFileSync } from "node:child_process";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareSession } from "../../../schema/session";
import { encryptWallets, rotateWallets } from "../../../schema/wallets/encrypt";
import { decryptWallet, findUserByWallet } from "../../../schema/wallets/read";
import { verifyWallets } from "../../../schema/wallets/verify";
import { circleForThisFile, makeUsers } from "../circle/circle";
import { newKey, ring, walletOf } from "./keys";

/** As talkative as a server can be made: what is written here is written nowhere else. */
const circle = circleForThisFile({
  shared_preload_libraries: "pg_stat_statements, auto_explain",
  "pg_stat_statements.track": "all",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_verbose": "on",
  "auto_explain.log_nested_statements": "on",
  log_statement: "all",
  log_min_duration_statement: "0",
  log_parameter_max_length: "-1",
  log_parameter_max_length_on_error: "-1",
  log_min_error_statement: "debug5",
  log_min_messages: "debug1",
  log_error_verbosity: "verbose",
  debug_print_parse: "on",
  debug_print_plan: "on",
});

const keys = { k1: newKey(), k2: newKey() };
const hmac = { h1: newKey(), h2: newKey() };
const first = ring({ keys: { k1: keys.k1 }, hmac: { h1: hmac.h1 } });
const both = ring({ keys, hmac });

/** Every way in which a server may show a key: the text, its bytes in hex, and the bytes of that text in hex. */
const shownAs = (key: string): string[] => [
  key,
  Buffer.from(key, "base64").toString("hex"),
  Buffer.from(key).toString("hex"),
];
const SECRETS = [...Object.values(keys), ...Object.values(hmac)].flatMap(shownAs);
const foundIn = (text: string): string[] =>
  SECRETS.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()));

let owner: Client;
const seen = new Set<string>();

beforeAll(async () => {
  await makeUsers(circle(), 1000);
  owner = await circle().connect("owner");
  await prepareSession(owner);
  const watcher = await circle().connect("superuser");
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const { rows } = await watcher.query<{ query: string }>("SELECT query FROM pg_stat_activity");
      for (const { query } of rows) seen.add(query);
    }
  })();
  await encryptWallets(owner, first, { batchRows: 100 });
  // A statement that fails on the way, which the log has with all that it knows of it.
  await circle().psql("UPDATE users SET wallet_address_encrypted = 'broken' WHERE id = 500", "superuser");
  await rotateWallets(owner, both, { batchRows: 100 });
  await verifyWallets(owner, both);
  await decryptWallet(owner, both, "7");
  await findUserByWallet(owner, both, walletOf(7));
  watching = false;
  await watch;
  await watcher.end();
});
afterAll(() => owner.end());

describe("the keys of the wallets", () => {
  it("are in no line of the log of a server that logs everything", async () => {
    const marker = newKey();
    await owner.query("SELECT $1::text", [marker]);
    const log = circle().server.log();
    // This log would show a key that was given as a parameter.
    expect(log).toContain(marker);
    expect(log).toContain("COPY pg_temp.ladder_wallet_keys FROM STDIN");
    expect(log).toContain("Wrong key or corrupt data");
    expect(log).toContain("pgp_sym_decrypt");
    expect(foundIn(log)).toEqual([]);
  });

  it("are in no view of activity or statistics", async () => {
    expect([...seen].some((query) => query.includes("wallet_address_encrypted"))).toBe(true);
    expect(foundIn([...seen].join("\n"))).toEqual([]);
    const statements = await circle().psql("SELECT query FROM pg_stat_statements", "superuser");
    expect(statements).toContain("pgp_sym_encrypt");
    expect(foundIn(statements)).toEqual([]);
    expect(foundIn(await circle().psql("SELECT * FROM pg_statistic", "superuser"))).toEqual([]);
  });

  it("are in no file of the server: neither table nor write-ahead log", async () => {
    const marker = newKey();
    // Three of them: one that begins on one page of the log and ends on the next is not found.
    const rows = [0, 1, 2].map((n) => `(${5000 + n}, '0x${n}', 'marker ${n}', '${marker}')`).join(", ");
    await circle().psql(
      `INSERT INTO users (id, wallet_address, pseudonym, bio) VALUES ${rows}; CHECKPOINT`,
      "superuser",
    );
    const files = (text: string): string => {
      try {
        return execFileSync("grep", ["-rlaF", "-e", text, circle().server.folder], { encoding: "utf8" });
      } catch {
        return "";
      }
    };
    expect(files(marker)).toMatch(/pg_wal/);
    for (const key of [...Object.values(keys), ...Object.values(hmac)]) expect(files(key)).toBe("");
  });

  it("are gone with the transaction, and out of everybody's reach before", async () => {
    expect(await circle().psql("SELECT count(*) FROM pg_class WHERE relname = 'ladder_wallet_keys'", "superuser")).toBe(
      "0",
    );
  });
});
