import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, drill, dump, type Servers, startServers, stopServers } from "./backupPods";

/** Everything that may have happened to a dump in its bucket, and the one line that a drill ends with. */

const DATABASE = "ai_company";
const SQL = `
  CREATE TABLE agents (id serial PRIMARY KEY, name text NOT NULL, note text);
  INSERT INTO agents (name, note) SELECT 'agent ' || i, md5(i::text) FROM generate_series(1, 500) AS i;
  CREATE TABLE empty (id int);
  CREATE INDEX by_name ON agents (name);
  CREATE VIEW names AS SELECT name FROM agents;`;

interface Dump {
  readonly key: string;
  readonly object: Buffer;
  readonly manifest: string;
}

let servers: Servers;
/** The newest dump of the database, one of another day, and one of another database. */
let good: Dump;
let older: Dump;
let other: Dump;

async function take(database: string, sql: string): Promise<Dump> {
  const { postgres, s3 } = servers;
  await postgres.psql(`CREATE DATABASE ${database}`);
  await postgres.psql(sql, database);
  const { dumped, uploaded } = await dump(servers, database, "daily");
  expect([dumped.code, uploaded.code], JSON.stringify({ dumped, uploaded })).toEqual([0, 0]);
  const [key = "", manifestKey = ""] = await s3.list(BUCKET);
  const [object, manifest] = await Promise.all([s3.get(BUCKET, key), s3.get(BUCKET, manifestKey)]);
  if (object === undefined || manifest === undefined) throw new Error(`no dump of ${database}`);
  for (const each of [key, manifestKey]) await s3.delete(BUCKET, each);
  await postgres.psql(`DROP DATABASE ${database}`);
  return { key, object, manifest: String(manifest) };
}

beforeAll(async () => {
  servers = await startServers();
  older = await take(DATABASE, SQL.replace("500", "499"));
  good = await take(DATABASE, SQL);
  other = await take("circle", SQL);
});
afterAll(() => stopServers(servers));
beforeEach(async () => {
  const { s3 } = servers;
  for (const key of await s3.list(BUCKET)) await s3.delete(BUCKET, key);
});

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

/** A manifest that says of itself and of its object what is true: damage that only what is restored can tell. */
function sealed(manifest: string, object: Buffer): string {
  const lines = manifest.trimEnd().split("\n").slice(0, -1);
  const [first = "", ...rest] = lines;
  const text = `${[first.replace(/[0-9a-f]{64}$/, sha256(object)), ...rest].join("\n")}\n`;
  return `${text}end\tsha256 of the lines above\t\\N\t${sha256(text)}\n`;
}

const edited = (object: Buffer, from: string | RegExp, to: string): Buffer => {
  const sql = String(gunzipSync(object));
  const changed = sql.replace(from, to);
  if (changed === sql) throw new Error(`the dump has no ${from}`);
  return gzipSync(changed);
};

async function drilled(stored: Partial<Dump> & { readonly withManifest?: boolean }, env: Record<string, string> = {}) {
  const { s3 } = servers;
  const { key, object, manifest } = { ...good, ...stored };
  await s3.put(BUCKET, key, object);
  if (stored.withManifest !== false) await s3.put(BUCKET, `${key}.manifest.tsv`, manifest);
  return drill(servers, DATABASE, "daily", { env });
}

describe("a drill", () => {
  it("passes a dump that nothing has happened to", async () => {
    const { code, stdout, stderr } = await drilled({});
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^drill of ai_company: 2 tables, 500 rows equal, [0-9]+ s\n$/);
  });

  it("takes the newest dump of its own database", async () => {
    const { s3 } = servers;
    const yesterday = good.key.replace(/[0-9]{8}/, "20200101");
    await s3.put(BUCKET, yesterday, "broken");
    await s3.put(BUCKET, good.key.replace("ai_company", "ai_company_2"), "broken");
    expect((await drilled({})).code).toBe(0);
  });

  it.each<[string, () => Parameters<typeof drilled>[0], string]>([
    ["cut off", () => ({ object: good.object.subarray(0, -100) }), "its checksum differs"],
    [
      "with one bit flipped",
      () => {
        const object = Buffer.from(good.object);
        object.writeUInt8(object.readUInt8(1000) ^ 4, 1000);
        return { object };
      },
      "its checksum differs",
    ],
    ["of another day", () => ({ object: older.object }), "its checksum differs"],
    ["empty", () => ({ object: Buffer.alloc(0) }), "its checksum differs"],
    ["without a manifest", () => ({ withManifest: false }), "has no manifest that can be read"],
    ["with an empty manifest", () => ({ manifest: "" }), "is empty"],
    [
      "with an altered manifest",
      () => ({ manifest: good.manifest.replace("public.agents\t500", "public.agents\t501") }),
      "is not as it was written",
    ],
    [
      "with a manifest that is cut off",
      () => ({ manifest: good.manifest.split("\n").slice(0, -3).join("\n") }),
      "is not as it was written",
    ],
    ["with the manifest of another", () => ({ manifest: other.manifest }), `belongs to ${"daily/circle_"}`],
    [
      "of another database",
      () => ({ ...other, key: good.key, manifest: sealed(other.manifest.replace(other.key, good.key), other.object) }),
      "is a dump of circle",
    ],
    ["with garbage at its end", () => ({ object: Buffer.concat([good.object, Buffer.from("x")]) }), "checksum differs"],
    [
      "that is too old",
      () => ({ manifest: sealed(good.manifest.replace(/taken\t\d{4}/, "taken\t2020"), good.object) }),
      "is too old: it was taken at 2020-",
    ],
  ])("fails a dump %s", async (_what, stored, reason) => {
    const { code, stdout, stderr } = await drilled(stored());
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/^drill of ai_company failed: .*\n$/);
    expect([code === 0, stdout]).toEqual([false, ""]);
  });

  const row = "7\tagent 7\t8f14e45fceea167a5a36dedd4bea2543\n";
  it.each<[string, () => Buffer, string]>([
    [
      "a table gone",
      () =>
        edited(
          good.object,
          /CREATE TABLE public\.empty [^;]*;|ALTER TABLE public\.empty [^;]*;|COPY public\.empty [^\\]*\\\.\n/gs,
          "",
        ),
      "table public.empty is missing",
    ],
    ["a row gone", () => edited(good.object, row, ""), "table public.agents: 500 dumped, 499 restored"],
    ["a row changed", () => edited(good.object, "agent 7\t", "Agent 7\t"), "table public.agents: other contents"],
    [
      "two rows that take each other's place in one column",
      () =>
        edited(
          edited(edited(good.object, "agent 7\t", "agent x\t"), "agent 8\t", "agent 7\t"),
          "agent x\t",
          "agent 8\t",
        ),
      "table public.agents: other contents",
    ],
    [
      "an index gone",
      () => edited(good.object, /CREATE INDEX by_name[^;]*;/, ""),
      "objects indexes: 2 dumped, 1 restored",
    ],
    [
      "a sequence set back",
      () => edited(good.object, "agents_id_seq', 500", "agents_id_seq', 3"),
      "sequence public.agents_id_seq: 500 dumped, 3 restored",
    ],
    [
      "something more in it",
      () => edited(good.object, /$/, "\nCREATE TABLE public.more (a int);\n"),
      "was not in the database",
    ],
    ["no SQL in it", () => gzipSync("nonsense;"), "cannot be restored: ERROR:"],
    ["its end gone, well packed", () => gzipSync(gunzipSync(good.object).subarray(0, 9000)), "cannot be restored:"],
    ["garbage after what is packed", () => Buffer.concat([good.object, Buffer.alloc(100, 7)]), "cannot be restored:"],
  ])("fails a dump with %s, though its checksum is right", async (_what, object, reason) => {
    const damaged = object();
    const { code, stdout, stderr } = await drilled({ object: damaged, manifest: sealed(good.manifest, damaged) });
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/^drill of ai_company failed: .*\n$/);
    expect([code === 0, stdout]).toEqual([false, ""]);
  });

  it("fails where there is no dump at all", async () => {
    const { code, stderr } = await drill(servers, DATABASE, "daily");
    expect([code, stderr]).toEqual([1, "drill of ai_company failed: there is no daily dump in bucket dumps\n"]);
  });
});
