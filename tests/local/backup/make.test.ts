import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { listBackups } from "../../../local/backup/list";
import { makeBackups } from "../../../local/backup/make";
import { makeDatabase, scratchFolder } from "./fixture";

it("S0-08: a scheduled run makes what is due and then deletes what has had its time", async () => {
  const folder = scratchFolder();
  const database = makeDatabase(folder);
  const run = async (now: string) => {
    const { made, pruned } = await makeBackups({ kinds: "due", database, folder, now: new Date(now) });
    const names = (list: { manifest: { kind: string; file: string } }[]) =>
      list.map(({ manifest }) => `${manifest.kind}/${manifest.file}`);
    return { made: names(made), pruned: names(pruned) };
  };
  expect(await run("2026-11-22T01:00:00Z")).toEqual({
    made: ["daily/ai_company_20261122.db.gz", "weekly/ai_company_20261122.db.gz"],
    pruned: [],
  });
  expect(await run("2026-11-23T01:00:00Z")).toMatchObject({ made: ["daily/ai_company_20261123.db.gz"] });
  // Six weeks off: the week and the month that were missed are made up for, in a run on a Wednesday.
  expect(await run("2027-01-06T09:00:00Z")).toEqual({
    made: ["daily/ai_company_20270106.db.gz", "weekly/ai_company_20270106.db.gz", "monthly/ai_company_202612.db.gz"],
    pruned: ["daily/ai_company_20261123.db.gz", "daily/ai_company_20261122.db.gz"],
  });
  const before = (await listBackups(folder)).backups.length;
  rmSync(database);
  await expect(run("2028-01-06T09:00:00Z")).rejects.toThrow(/There is no database/);
  expect((await listBackups(folder)).backups).toHaveLength(before);
});
