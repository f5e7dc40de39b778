import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyOf, makeFiles, move } from "../database/files/files";
import { newKey, ringText, walletOf } from "../database/wallets/keys";
import { type CatalogueDatabase, catalogueDatabase } from "../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../servers/postgres";
import { copyProject, type Project, type Run } from "../support/project";
import { Exit } from "./wrongCase";

const keys = { k1: newKey(), k2: newKey() };
const hmac = { h1: newKey() };
const FIRST = ringText({ keys: { k1: keys.k1 }, hmac });
const BOTH = ringText({ keys, hmac });

let server: Postgres;
let circle: CatalogueDatabase;
let project: Project;

beforeAll(async () => {
  server = await startPostgres();
  circle = await catalogueDatabase(server, "circle");
  project = copyProject();
});
afterAll(async () => {
  project.remove();
  await server.stop();
});

/** Runs `ladder` with the owner's connection, and shows that neither its output nor its arguments hold a secret. */
async function ladder(args: readonly string[], env: NodeJS.ProcessEnv = {}, database = circle): Promise<Run> {
  const connection = {
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGUSER: database.user("owner"),
    PGPASSWORD: database.password("owner"),
  };
  const run = await project.ladder(args, { env: { ...connection, LADDER_WALLET_KEYS: FIRST, ...env } });
  const output = run.stdout + run.stderr;
  for (const secret of [...Object.values(keys), ...Object.values(hmac), database.password("owner")])
    expect(output).not.toContain(secret);
  expect(output).not.toMatch(/\n\s+at |This is a defect of ladder/);
  return run;
}

const wallets = async (name: string, ...options: string[]): Promise<{ code: number | null; json: unknown }> => {
  const { code, stdout } = await ladder(["wallets", name, "--json", ...options]);
  return { code, json: JSON.parse(stdout) };
};

describe("ladder wallets", () => {
  it("tells which variable, file or connection is missing or wrong, before it changes anything", async () => {
    const cases: [string[], NodeJS.ProcessEnv, number, string][] = [
      [
        ["status"],
        { LADDER_WALLET_KEYS: undefined },
        Exit.usage,
        "Which keys? Name the file with --keys <file>, or set LADDER_WALLET_KEYS",
      ],
      [
        ["encrypt"],
        { LADDER_WALLET_KEYS: FIRST.slice(0, 90) },
        Exit.usage,
        "The wallet keys in LADDER_WALLET_KEYS cannot be used: this is no JSON.",
      ],
      [["verify", "--keys", "nowhere.json"], {}, Exit.usage, "nowhere.json (ENOENT)"],
      [["rotate"], { PGHOST: undefined }, Exit.usage, "Which server? Set PGHOST"],
      [["rotate"], { PGPASSWORD: "wrong" }, Exit.usage, "Look at PGUSER and PGPASSWORD"],
      [["encrypt"], { PGDATABASE: "postgres" }, Exit.usage, "belongs to"],
      [["encrypt"], { PGUSER: "circle", PGPASSWORD: circle.password("app") }, Exit.usage, "Connect as circle_owner"],
    ];
    for (const [args, env, exitCode, says] of cases) {
      const { code, stdout, stderr } = await ladder(["wallets", ...args], env);
      expect({ code, stdout }, stderr).toEqual({ code: exitCode, stdout: "" });
      expect(stderr).toContain(says);
    }
  });

  it("refuses what cannot be encrypted as it is", async () => {
    const twice = "0xabcdef0000000000000000000000000000000001";
    await circle.psql(
      `INSERT INTO users (id, wallet_address, pseudonym) VALUES (1, '${twice}', 'a'), (2, '${twice.replace("abc", "ABC")}', 'b')`,
      "owner",
    );
    const { code, stderr } = await ladder(["wallets", "encrypt"]);
    expect(code).toBe(Exit.refused);
    expect(stderr).toContain("1 wallet in different letter case with several users: 1 and 2");
    expect(stderr).not.toContain("abcdef");
    await circle.psql("TRUNCATE users CASCADE", "owner");
  });

  it("encrypts, rotates, compares, and then removes the plain column when that is wanted", async () => {
    await circle.psql(
      "INSERT INTO users (id, wallet_address, pseudonym) SELECT n, '0x' || lpad(to_hex(n), 40, '0'), 'user' || n FROM generate_series(1, 900) n",
      "owner",
    );
    expect((await wallets("verify")).code).toBe(Exit.failed);
    expect(await wallets("encrypt")).toEqual({ code: 0, json: { done: 900, problems: [], left: 0, meanwhile: 0 } });
    project.write("keys.json", BOTH);
    const inFile = ["--keys", "keys.json"];
    const { stdout, stderr } = await ladder(["wallets", "status", ...inFile], { LADDER_WALLET_KEYS: undefined });
    expect(stdout).toMatch(/under k1\/h1 +900 \(older: npx ladder wallets rotate\)/);
    expect(stderr).toContain("Every user of this machine can read the wallet keys");
    expect(await wallets("rotate", ...inFile)).toMatchObject({ code: 0, json: { done: 900 } });
    expect(await wallets("verify", ...inFile)).toEqual({ code: 0, json: { checked: 900, wrong: 0, problems: [] } });

    const refused = await ladder(["wallets", "drop-plain", ...inFile]);
    expect(refused).toMatchObject({ code: Exit.usage, stdout: "" });
    expect(refused.stderr).toContain("goes with it: index idx_users_wallet");
    expect(refused.stderr).toContain("Add --yes to go on");
    const dropped = await ladder(["wallets", "drop-plain", "--yes", ...inFile]);
    expect(dropped).toMatchObject({
      code: 0,
      stdout: "users.wallet_address was removed, after 900 wallets were compared with it.\n",
    });
    expect(dropped.stderr).toContain("The values are hidden, not erased");
    expect(await wallets("drop-plain", "--yes", ...inFile)).toEqual({ code: 0, json: { dropped: false, compared: 0 } });
    expect(await wallets("status", ...inFile)).toMatchObject({
      json: { users: 900, encrypted: 900, plainColumn: false },
    });
    expect(
      await circle.psql(
        `SELECT count(*) FROM users WHERE pgp_sym_decrypt(wallet_address_encrypted, '${keys.k2}') = '${walletOf(5)}'`,
        "owner",
      ),
    ).toBe("1");
  });
});

describe("ladder files drop-data", () => {
  it("removes the contents once they are elsewhere and backed up", async () => {
    const files = await catalogueDatabase(server, "4g3n7db");
    const owner = await files.connect("owner");
    await makeFiles({ ...files, server, owner }, 20);
    const drop = (...options: string[]) => ladder(["files", "drop-data", ...options], {}, files);
    for (const [options, says] of [
      [[], "Name a folder with --backup-folder"],
      [["--dry-run", "--backup-folder", "kept"], "--dry-run writes no backup"],
    ] as const) {
      const { code, stderr } = await drop(...options);
      expect({ code, stderr }).toEqual({ code: Exit.usage, stderr: expect.stringContaining(says) });
    }
    const early = await drop("--backup-folder", "kept", "--yes");
    expect(early).toMatchObject({ code: Exit.refused, stdout: "" });
    expect(early.stderr).toContain("20 of 20 files are in the database");
    for (let n = 1; n <= 20; n++) await move(owner, keyOf(n));
    await owner.end();
    expect((await drop("--dry-run")).stdout).toContain(
      "The data of 20 files agrees with their checksums. Nothing was written",
    );
    expect((await drop("--backup-folder", "kept")).stderr).toContain("Add --yes to go on");
    const { code, stdout } = await drop("--backup-folder", "kept", "--yes", "--json");
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, dropped: true, backup: { rows: 20, wrong: 0 } });
    expect(readdirSync(project.at("kept"))).toHaveLength(2);
    expect(await drop("--dry-run")).toMatchObject({
      code: 0,
      stdout: '"File"."data" was removed before; nothing was looked at.\n',
    });
  });
});
