import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentChecksums, contentDifferences } from "../../../../local/sqlite/checksum";
import { exportSource } from "../../../../promotion/export/export";
import { jsonObjects } from "../../../../promotion/once/jsonObjects";
import { sqliteFromJson } from "../../../../promotion/once/jsonSource";
import { temporaryFolder } from "../../../support/temporary";
import { documented } from "../mapping/plan";

async function objectsOf(text: string | Buffer): Promise<string[]> {
  const path = join(temporaryFolder(), "file.json");
  writeFileSync(path, text);
  const found: string[] = [];
  for await (const object of jsonObjects(path)) found.push(object);
  return found;
}

describe("jsonObjects", () => {
  it("property: gives every object of an array, however it is written", async () => {
    const array = fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(array, fc.constantFrom(undefined, 2, "\t"), async (objects, indent) => {
        const found = await objectsOf(JSON.stringify(objects, null, indent));
        expect(found.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(objects)));
      }),
      { numRuns: 40 },
    );
  });

  it("reads across the ends of chunks", async () => {
    const objects = Array.from({ length: 3_000 }, (_, n) => ({ n, text: `${'é😀\\"{['.repeat(n % 40)}` }));
    expect((await objectsOf(JSON.stringify(objects))).map((text) => JSON.parse(text))).toEqual(objects);
  });

  it.each([
    ["nothing", "", "it ends too early"],
    ["an array that was cut off", '[{"a": 1}, {"b"', "it ends too early"],
    ["an object", "{}", "something else stands outside its objects"],
    ["an array of numbers", "[1, 2]", "something else stands outside its objects"],
    ["two arrays", "[] []", "something else stands outside its objects"],
    ["another encoding", Buffer.from('[{"a": "é"}]', "latin1"), "it is not in UTF-8"],
  ])("refuses %s", async (_what, text, why) => {
    await expect(objectsOf(text)).rejects.toThrow(`is no JSON array of objects: ${why}`);
  });
});

describe("sqliteFromJson", () => {
  const FILES = ["agents", "balances", "payments", "messages"];
  const loaded = async (agents: string): Promise<Database.Database> => {
    const folder = temporaryFolder();
    for (const name of FILES) writeFileSync(join(folder, `${name}.json`), name === "agents" ? agents : "[]");
    await sqliteFromJson(folder, join(folder, "made.sqlite"));
    return new Database(join(folder, "made.sqlite"));
  };

  it("S2-36: what export-sqlite writes comes back to the last bit", async () => {
    const source = join(temporaryFolder(), "db.sqlite");
    const from = documented(
      "ai_breeding",
      `INSERT INTO agents (id, name, energy, price, traits) VALUES
         (9007199254740993, 'a' || char(0) || 'b', 9223372036854775807, 1e999, '{"a": "é"}'), (-1, x'00ff', 0.1 + 0.2, -0.0, '');
       INSERT INTO user_balance VALUES ('it''s "me"', 5, 1714557600), (x'01', NULL, 2.5e6);
       INSERT INTO payments (id, amount) VALUES (1, 1e-7), (2, 12);
       INSERT INTO chat_messages (id, message) VALUES (1, '😀' || char(10) || '\\')`,
    );
    writeFileSync(source, from.serialize());
    const folder = temporaryFolder();
    await exportSource({ source: { path: source, busyTimeoutMs: 0 }, folder });
    await sqliteFromJson(folder, join(folder, "made.sqlite"));
    const made = new Database(join(folder, "made.sqlite"));
    expect(contentDifferences(contentChecksums(from), contentChecksums(made))).toEqual([]);
  });

  it("takes objects and truth values as a hand may write them", async () => {
    const db = await loaded('[{"id": 1, "forSale": true, "traits": {"a": [1, 2]}}]');
    expect(db.prepare("SELECT id, forSale, traits, name FROM agents").raw().all()).toEqual([
      [1, 1, '{"a":[1,2]}', null],
    ]);
  });

  it.each([
    [
      "a column that is not there",
      '[{"id": 1}, {"id": 2, "mood": "x"}]',
      'agents.json, object 2: "mood" is no column of agents',
    ],
    [
      "a number beyond 64 bits",
      '[{"id": 1, "xp": 9223372036854775808}]',
      "agents.json, object 1: xp is a whole number beyond 64 bits",
    ],
    ["an id twice", '[{"id": 1}, {"id": 1}]', "agents.json, object 2: its key is there twice"],
    ["what is no JSON", '[{"id": 1,, }]', "agents.json, object 1: malformed JSON"],
  ])("refuses %s with file and object", async (_what, agents, problem) => {
    await expect(loaded(agents)).rejects.toThrow(problem);
  });
});
