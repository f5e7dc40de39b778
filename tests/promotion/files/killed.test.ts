import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { moveBack } from "../../../promotion/files/back";
import { moveFolder } from "../../../promotion/files/move";
import { moveRows } from "../../../promotion/files/rows/move";
import { verifyRows } from "../../../promotion/files/rows/verify";
import { verifyFolder } from "../../../promotion/files/verify";
import { contentsOf, filesForThisFile, keyOf, makeFiles } from "../../database/files/files";
import { startCode } from "../../support/children";
import { contents, place, s3ForThisFile, settingsOf } from "./setup";

const s3 = s3ForThisFile();
const files = filesForThisFile();

const FILES = 150;

/** A process of its own that does one thing with a store, and is killed `after` milliseconds of it. */
async function killed(use: string, settings: object, after: number): Promise<void> {
  const child = startCode(`
    const { openStore } = require("./promotion/files/store/store");
    openStore(${JSON.stringify(settings)}).then(async (store) => {
      console.log("begun");
      ${use}
      console.log("ended");
      process.exit(0);
    });`);
  await child.said("begun");
  await new Promise((resume) => setTimeout(resume, after));
  child.process.kill("SIGKILL");
  const { output } = await child.finished;
  expect(output.replace("begun", "").replace("ended", "").trim()).toBe("");
}

/** Sends half of an object of 4 MB, and waits for its other half. */
const HALF = `const { Readable } = require("node:stream");
  const part = Buffer.alloc(2_000_000, "x");
  const body = () => Readable.from((async function* () {
    yield part;
    await new Promise((resume) => setTimeout(resume, 60_000));
    yield part;
  })(), { objectMode: false });
  const sha256 = require("node:crypto").createHash("sha256").update(part).update(part).digest("hex");
  await store.put({ key: "half", bytes: 4_000_000, sha256, body, contentType: "text/plain", metadata: {} });`;

const MOMENTS = [20, 150, 300, 600];

describe("a mover that is killed", () => {
  it("goes on from where it was at any moment: each file once in the bucket, none of others touched", async () => {
    const here = await place(s3());
    const { folder, journal } = here;
    for (let n = 0; n < FILES; n++) here.write(`folder ${n % 7}/file ${n}`, contents(n, 1000 + n));
    here.write("large", contents(1, 20_000_000));
    const use = `const { moveFolder } = require("./promotion/files/move");
      await moveFolder({ store, folder: ${JSON.stringify(folder)}, journal: ${JSON.stringify(journal)} });`;
    const settings = settingsOf(s3(), here.bucket);
    for (const [round, after] of MOMENTS.entries()) {
      await killed(use, settings, after);
      // What may have been put and not noted changes before anybody looks.
      for (let n = round; n < FILES; n += 10)
        here.write(`folder ${n % 7}/file ${n}`, contents(n + 1000 * round, 900 + n));
    }
    const moved = await moveFolder(here);
    expect(moved).toMatchObject({ files: FILES + 1, open: 0, left: { count: 0 } });
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({ agrees: true, objects: FILES + 1, others: 0 });
  });

  it("leaves no half object", async () => {
    const { bucket } = await place(s3());
    await killed(HALF, settingsOf(s3(), bucket), 200);
    // The store notices by itself that nobody sends the rest.
    await new Promise((resume) => setTimeout(resume, 300));
    expect(await s3().list(bucket)).toEqual([]);
  });

  it("on its way back goes on too, and leaves no half file", async () => {
    const here = await place(s3());
    const { folder, journal } = here;
    here.write("first", "first");
    await moveFolder(here);
    for (let n = 0; n < 60; n++) await s3().put(here.bucket, `new/${n}`, contents(n, 50_000));
    const use = `const { moveBack } = require("./promotion/files/back");
      await moveBack({ store, folder: ${JSON.stringify(folder)}, journal: ${JSON.stringify(journal)} });`;
    for (const after of [20, 120]) await killed(use, settingsOf(s3(), here.bucket), after);
    const done = await moveBack(here);
    // A file that was in its place, and not noted, is taken for one of the application until it is compared.
    expect(done.left.count).toBe(0);
    await moveFolder(here);
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({
      agrees: true,
      files: 61,
      objects: 61,
      others: 0,
    });
  });

  it("of rows goes on too: every row says where its contents are, and they are there", async () => {
    await makeFiles(files(), 200);
    const { store, bucket } = await place(s3());
    const use = `const { Client } = require("pg");
      const { moveRows } = require("./promotion/files/rows/move");
      const connect = async () => {
        const client = new Client(${JSON.stringify(files().url("owner"))});
        await client.connect();
        return client;
      };
      await moveRows({ store, connect });`;
    for (const after of [60, 200]) {
      await killed(use, settingsOf(s3(), bucket), after);
      await files().owner.query(`UPDATE "File" SET "data" = $2 WHERE "id" = $1 AND "storageType" = 'database'`, [
        keyOf(after),
        contentsOf(after + 1).toString("base64"),
      ]);
    }
    const move = { store, connect: () => files().connect("owner") };
    expect((await moveRows(move)).left.count).toBe(0);
    expect(await verifyRows(move)).toMatchObject({ agrees: true, places: { s3: 200 }, objects: 200 });
  });
});

describe("an application that writes all the time", () => {
  it("finds every file in the bucket after the last pass", async () => {
    const here = await place(s3());
    let writing = true;
    let n = 0;
    const writer = (async () => {
      while (writing && n < 600) {
        here.write(`folder ${n % 5}/file ${n % 120}`, contents(n, 100 + (n % 3000)));
        n++;
        await new Promise((resume) => setTimeout(resume, 2));
      }
    })();
    writeFileSync(join(here.folder, "first"), "first");
    const live = await moveFolder(here);
    expect(live.passes).toBeGreaterThan(1);
    writing = false;
    await writer;
    const last = await moveFolder(here);
    expect(last.open).toBe(0);
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({
      agrees: true,
      files: last.files,
      objects: last.files,
    });
  });
});
