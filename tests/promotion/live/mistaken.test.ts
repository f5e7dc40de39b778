import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { connect } from "../../../schema/connection";
import { ExitCode } from "../../../settings/errors";
import { anotherTool, expectRefused, serverAndTool, write } from "./mishaps";
import type { Scene } from "./scene";
import type { Job } from "./tool";
import type { Result } from "./tools";

const { server, run, scene } = serverAndTool();

describe("the file is not the one that the promotion knows", () => {
  it.each(["between two runs", "in step verify", "in step cutover"])(
    "another file is put in the place of the source %s",
    async (when) => {
      const here = await scene();
      const other = join(here.folder, "other.db");
      await here.db.backup(other);
      const swap = (): void => {
        for (const suffix of ["-wal", "-shm"]) rmSync(here.file + suffix);
        renameSync(other, here.file);
      };
      if (when === "between two runs") {
        await run(here.job("verify"));
        swap();
      }
      const result = await run(here.job("soak"), (step) => {
        if (when.endsWith(step)) swap();
      });
      expectRefused(
        result,
        ExitCode.refused,
        /another file was put in its place|^Another file was put in the place of /,
      );
      const now = new Sqlite(here.file);
      write(now);
      now.close();
      expect(await here.takes()).toMatchObject({ postgresql: false });
    },
  );
});

describe("two promotions at once", () => {
  it("of the same stack, and into the same database from another folder", async () => {
    const here = await scene();
    const first = anotherTool();
    let refused: Promise<Result[]> | undefined;
    const others = async (): Promise<Result[]> => {
      const stack = await run(here.job("soak"));
      const database = await run(here.job("soak", { parent: join(here.folder, "elsewhere") }));
      first.goOn();
      return [stack, database];
    };
    const outcome = await first.run(here.job("soak"), (step) => {
      if (step !== "copy") return;
      first.pause();
      refused = others();
    });
    expect(outcome).toMatchObject({ outcome: { serving: "postgresql" } });
    const [stack, database] = (await refused) ?? [];
    if (stack === undefined || database === undefined) throw new Error("nobody else ran");
    expectRefused(stack, ExitCode.refused, /^Stack dev is being promoted by process \d+ on this machine/);
    expectRefused(
      database,
      ExitCode.refused,
      /^Another promotion is at work in this database \(process \d+, role live_/,
    );
  });

  it("of one file into two databases: one goes through, and the other one is refused and taken back", async () => {
    const [here, there] = [await scene(), await scene()];
    const other = anotherTool();
    const { beginning } = here.job("soak");
    const theirs = (wish: Job["wish"]) => there.job(wish, { beginning });
    const results = await Promise.all([run(here.job("soak")), other.run(theirs("soak"))]);
    const outcomes = results.filter((result) => "outcome" in result);
    expect(outcomes, JSON.stringify(results)).toHaveLength(1);
    for (const result of results)
      if (!("outcome" in result))
        expectRefused(result, ExitCode.refused, / is in promotion |has moved to PostgreSQL \(promotion /);
    const [first, second] = await Promise.all([here, there].map(servesIn));
    expect([first, second].filter(Boolean)).toHaveLength(1);
    await run(first ? theirs("rollback") : here.job("rollback"));
    expect(await Promise.all([here, there].map(servesIn))).toEqual([first, second]);
  });
});

/** Whether the application's tables are there and take writes. */
async function servesIn({ connection }: Scene): Promise<boolean> {
  const client = await connect(connection);
  try {
    await client.query("UPDATE clock SET n = n");
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

it.each([-1, 1])("this machine's clock is off by %i days: nothing is decided by it", async (days) => {
  const here = await scene();
  const other = anotherTool();
  const ahead = { clockAheadMs: days * 86_400_000 };
  expect(await other.run(here.job("soak", ahead))).toMatchObject({ outcome: { serving: "postgresql" } });
  await server().psql("INSERT INTO events VALUES ('in PostgreSQL', 2)", here.connection.database);
  expect(await run(here.job("rollback"))).toMatchObject({ outcome: { serving: "sqlite" } });
  expect(here.db.prepare("SELECT amount FROM events WHERE kind = 'in PostgreSQL'").pluck().all()).toEqual([2]);
});
