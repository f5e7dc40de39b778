import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Migration, migrationOf } from "../../../catalogue/migrations";
import { applyMigrations } from "../../../schema/apply";
import { schemaStatus } from "../../../schema/status";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { connected, type Fresh, freshDatabase, progressOf, steps } from "./support";

const migrations = steps(3);

let server: Postgres;
/** With the first two migrations; each test has a copy. */
let two: Fresh;
beforeAll(async () => {
  server = await startPostgres();
  two = await freshDatabase(server);
  await run(two, migrations.slice(0, 2));
});
afterAll(() => server.stop());

const run = (database: Fresh, ours: readonly Migration[], catalogue = "made_up") =>
  connected(database, (client) => applyMigrations({ client, database: catalogue, migrations: ours }));

/** Lets `spoil` change something after the first two, and runs again with `ours`. Gives what was thrown. */
async function refusal(
  spoil: string,
  ours: readonly Migration[] = migrations,
  catalogue = "made_up",
): Promise<{ error: unknown; place: string }> {
  const database = await freshDatabase(server, two.name);
  if (spoil !== "") await server.psql(spoil, database.name);
  const before = await progressOf(database);
  const thrown = (work: Promise<unknown>) =>
    work.then(
      () => "nothing",
      (error: unknown) => error,
    );
  const error = await thrown(run(database, ours, catalogue));
  expect(await progressOf(database), "nothing is applied").toEqual(before);
  const status = connected(database, (client) => schemaStatus({ client, database: catalogue, migrations: ours }));
  expect(await thrown(status), "status says the same").toEqual(error);
  return { error, place: `Database ${database.name}` };
}

const [first, second] = migrations.map(({ checksum }) => checksum.slice(0, 12));

describe("a history that is not ours is refused before anything runs", () => {
  it.each<[string, { spoil?: string; ours?: readonly Migration[]; catalogue?: string }, string]>([
    [
      "altered: the file is another one now",
      { ours: [migrationOf(1, "step_1", "SELECT 1;\n"), ...migrations.slice(1)] },
      `migration 0001_step_1 was altered after it was applied: recorded ${first}, present ${migrationOf(1, "step_1", "SELECT 1;\n").checksum.slice(0, 12)}. Put the file back as it was (with what it includes), and write a new migration instead.`,
    ],
    [
      "missing: an earlier migration is not recorded",
      { spoil: "DELETE FROM ladder.migrations WHERE name = '0001_step_1'" },
      "its history lacks 0001_step_1, though 0002_step_2 is recorded. Restore a backup, or mend the table ladder.migrations.",
    ],
    [
      "missing: its checksum is not recorded",
      { spoil: "DELETE FROM ladder.checksums WHERE name = '0002_step_2'" },
      `its history records 0002_step_2 without a checksum (present ${second}). Restore a backup, or mend the table ladder.checksums.`,
    ],
    [
      "missing: the table of checksums is gone",
      { spoil: "DROP TABLE ladder.checksums" },
      `its history records 0001_step_1 without a checksum (present ${first}). Restore a backup, or mend the table ladder.checksums.`,
    ],
    [
      "twice in the history",
      { spoil: "INSERT INTO ladder.migrations (name, run_on) VALUES ('0001_step_1', now())" },
      "its history records 0001_step_1 twice. Restore a backup, or mend the table ladder.migrations.",
    ],
    [
      "newer: this release has fewer",
      { ours: migrations.slice(0, 1) },
      "its history records 0002_step_2, and this release knows none after 0001_step_1. Update scaling-ladder to the release that wrote it.",
    ],
    [
      "renamed since",
      { ours: [migrations[0], migrationOf(2, "other", "SELECT 2;\n")].filter((one) => one !== undefined) },
      "its history records 0002_step_2 where this release has 0002_other. Put the file back under the name that it had, and write a new migration instead.",
    ],
    [
      "foreign: another catalogue's",
      { catalogue: "another" },
      "it holds the logical database made_up (0001_step_1 is recorded for it), not another. Connect to the database of another, or name made_up.",
    ],
  ])("%s", async (_what, { spoil = "", ours, catalogue }, message) => {
    const { error, place } = await refusal(spoil, ours, catalogue);
    expect(error).toMatchObject({ name: "UserError", exitCode: 4, message: `${place} was left as it is: ${message}` });
  });

  it("but a clock that was set back between two runs is no reason", async () => {
    const database = await freshDatabase(server, two.name);
    await server.psql("UPDATE ladder.migrations SET run_on = run_on + interval '1 day' WHERE id = 1", database.name);
    expect((await run(database, migrations)).applied).toEqual(["0003_step_3"]);
  });
});
