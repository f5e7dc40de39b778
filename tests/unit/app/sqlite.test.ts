import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { output } from "@pulumi/pulumi";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadMigrations } from "../../../catalogue/migrations";
import { LITESTREAM_IMAGE, litestreamConfig, litestreamMemory } from "../../../components/app/sqlite/litestream";
import { migrationFiles, SQLITE_IMAGE } from "../../../components/app/sqlite/migrations";
import { placeIn, type SqliteStore } from "../../../components/app/sqlite/store";
import { LITESTREAM_VERSION, renderLitestreamConfig } from "../../../local/backup/litestream";
import { SQLITE_CATALOGUE_NAMES } from "../../../settings/fields";
import { resolved } from "../../support/mocks";

const store = (more: Partial<SqliteStore> = {}): SqliteStore => ({
  kind: "s3",
  bucket: output("b"),
  region: "us-east-1",
  ...more,
});

describe("Litestream on Kubernetes", () => {
  it("is the release that this machine's own tools name", () => {
    expect(`v${LITESTREAM_IMAGE.split(":")[1]}`).toBe(LITESTREAM_VERSION);
  });

  it("keeps as much, and sends as often, as on one's own machine", async () => {
    const there = parse(await resolved(litestreamConfig("/x.db", "x", store())));
    const here = parse(renderLitestreamConfig("/x.db", { folder: "/y" }));
    expect(there.snapshot).toEqual(here.snapshot);
    expect(there.dbs[0].replica["sync-interval"]).toBe(here.dbs[0].replica["sync-interval"]);
    expect(there.dbs[0]["busy-timeout"]).toBe(here.dbs[0]["busy-timeout"]);
  });

  it("gives back whatever bucket, region and address it was told", async () => {
    const word = fc.string({ minLength: 1, unit: "grapheme" });
    await fc.assert(
      fc.asyncProperty(word, word, word, fc.boolean(), async (bucket, region, endpoint, forcePathStyle) => {
        const given = store({ bucket: output(bucket), region, endpoint, forcePathStyle });
        expect(parse(await resolved(litestreamConfig("/x.db", "x", given))).dbs[0].replica).toMatchObject({
          bucket,
          region,
          endpoint,
          "force-path-style": forcePathStyle,
        });
      }),
      { numRuns: 50 },
    );
  });

  it("has room for an entry of each page of a full volume", () => {
    for (const gib of [1, 50, 100])
      expect(litestreamMemory(gib) * 2 ** 20).toBeGreaterThan((gib * 2 ** 30 * 90) / 4096);
  });
});

describe("the files of the schema", () => {
  it.each(SQLITE_CATALOGUE_NAMES)("are all migrations of %s, in order, as they are recorded", (name) => {
    const { "migrations.tsv": list = "", ...files } = migrationFiles(name);
    const rows = list
      .trimEnd()
      .split("\n")
      .map((row) => row.split("\t"));
    const migrations = loadMigrations(name, "sqlite");
    expect(rows.map(([version, catalogue, title, checksum]) => [Number(version), catalogue, title, checksum])).toEqual(
      migrations.map(({ version, name: title, checksum }) => [version, name, title, checksum]),
    );
    expect(rows.map(([, , , , file = ""]) => files[file])).toEqual(migrations.map(({ sql }) => sql));
  });

  it("are applied by a SQLite without the fault of the write-ahead log", () => {
    const [major = 0, minor = 0, patch = 0] = (SQLITE_IMAGE.split(":")[1] ?? "").split(".").map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003);
  });
});

describe("a place in the bucket", () => {
  it("has no slash too many", () => {
    expect([
      placeIn(store(), "daily/x"),
      placeIn(store({ path: "" }), ""),
      placeIn(store({ path: "a/b" }), "x"),
    ]).toEqual(["daily/x", "", "a/b/x"]);
  });
});

describe("the scripts", () => {
  it("may be run", () => {
    const folder = join(__dirname, "../../../components/app/sqlite/scripts");
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".sh")))
      expect(statSync(join(folder, file)).mode & 0o111, file).not.toBe(0);
  });
});
