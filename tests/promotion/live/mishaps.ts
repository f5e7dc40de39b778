import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { connect } from "../../../schema/connection";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { contentsOfPostgres, contentsOfSqlite } from "./oracle";
import { makeScene, type Scene } from "./scene";
import type { Job } from "./tool";
import { type Result, ToolProcess } from "./tools";

/** A scene with a connection of its application. */
export type Open = Scene & { readonly db: Database };

/** A server and a tool for all tests of a file. */
export function serverAndTool() {
  let server: Postgres;
  let tool: ToolProcess;
  beforeAll(async () => {
    server = await startPostgres();
    tool = new ToolProcess();
  });
  afterAll(async () => {
    tool.kill();
    await server.stop();
  });
  let seed = 0;
  const run = (...args: Parameters<ToolProcess["run"]>) => tool.run(...args);
  return {
    server: () => server,
    run,
    /** It goes with the test. */
    async scene(): Promise<Open> {
      seed += 1;
      const made = await makeScene(server, seed);
      const db = new Sqlite(made.file);
      onTestFinished(async () => {
        db.close();
        await made.remove();
      });
      return { ...made, db };
    },
    /** Runs it to PostgreSQL serving, which then holds what SQLite held. */
    async expectPromoted(where: Open, job: Job = where.job("soak")): Promise<void> {
      expect(await run(job)).toMatchObject({ outcome: { serving: "postgresql", done: "soak" } });
      const client = await connect(where.connection);
      try {
        expect(await contentsOfPostgres(client)).toEqual(contentsOfSqlite(where.db));
      } finally {
        await client.end();
      }
    },
  };
}

export const bytesOf = (file: string): string =>
  ["", "-wal"]
    .filter((suffix) => existsSync(file + suffix))
    .map((suffix) =>
      createHash("sha256")
        .update(readFileSync(file + suffix))
        .digest("hex"),
    )
    .join();

/** Refused in one clear line, with nothing in it that the user does not understand. */
export function expectRefused(result: Result, exitCode: number, says: RegExp): void {
  expect(result).toMatchObject({ exitCode, error: expect.stringMatching(says) });
  if ("error" in result) expect(result.error).not.toMatch(/\n|SQLITE_|owner's secret/);
}

export const write = (db: Database): void => {
  expect(db.prepare("INSERT INTO events VALUES ('still writable', 1)").run().changes).toBe(1);
};

/** Another process of the tool; it goes with the test. */
export function anotherTool(): ToolProcess {
  const other = new ToolProcess();
  onTestFinished(() => other.kill());
  return other;
}
