import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { safetyExport } from "../../../promotion/machine/safetyExport";
import { type Connection, connect } from "../../../schema/connection";
import type { Postgres } from "../../servers/postgres";
import type { Begin } from "./application";
import type { Side } from "./operations";
import { contentsOfPostgres, contentsOfSqlite, fill, keptBy, problemsOf, readLogs } from "./oracle";
import type { Job } from "./tool";

const PASSWORD = "owner's secret";

/** A SQLite file with an application's rows, an empty database of PostgreSQL, and who writes where. */
export interface Scene {
  readonly seed: number;
  readonly folder: string;
  readonly file: string;
  readonly connection: Connection;
  job(wish: Job["wish"], change?: Partial<Job>): Job;
  /** What a new writer of the scene begins with. */
  writer(pauseMs: number): Begin;
  /** Whether each side takes a write of the application now. */
  takes(): Promise<Record<Side, boolean>>;
  /** What is wrong with what the serving side holds, and how many transactions each side acknowledged. */
  judge(serving: Side): Promise<{ problems: string[]; kept: Record<Side, number> }>;
  remove(): Promise<void>;
}

let scenes = 0;

/** `backups`: a folder with a proven backup, so that none is made. */
export async function makeScene(
  server: Pick<Postgres, "host" | "port" | "psql">,
  seed: number,
  backups?: string,
): Promise<Scene> {
  scenes += 1;
  const owner = `live_${process.pid}_${scenes}`;
  const role = `${owner}_app`;
  const password = PASSWORD.replaceAll("'", "''");
  await server.psql(
    `CREATE ROLE ${owner} LOGIN PASSWORD '${password}'; CREATE ROLE ${role} LOGIN PASSWORD '${password}'; CREATE DATABASE ${owner} OWNER ${owner}`,
  );
  await server.psql(
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}; ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA public GRANT USAGE ON SEQUENCES TO ${role}`,
    owner,
  );
  const folder = mkdtempSync(join(tmpdir(), "ladder-live-"));
  const file = join(folder, "app.db");
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  fill(db, seed);
  const { host, port } = server;
  const connection: Connection = {
    host,
    port,
    database: owner,
    user: owner,
    password: PASSWORD,
    sslmode: "disable",
    connectTimeoutSeconds: 10,
  };
  const application = { ...connection, user: role };
  const parent = join(folder, "promotions");
  const logs: string[] = [];
  const takesSqlite = (): boolean => {
    try {
      db.prepare("UPDATE clock SET n = n WHERE id = 1").run();
      return true;
    } catch (error) {
      if (error instanceof Error && /^ladder: this database moved/.test(error.message)) return false;
      throw error;
    }
  };
  const takesPostgres = async (): Promise<boolean> => {
    const client = await connect(application);
    try {
      await client.query("UPDATE clock SET n = n WHERE id = 1");
      return true;
    } catch (error) {
      if (
        error instanceof Error &&
        /no longer serving|not serving yet|relation "clock" does not exist/.test(error.message)
      )
        return false;
      throw error;
    } finally {
      await client.end();
    }
  };
  return {
    seed,
    folder,
    file,
    connection,
    job: (wish, change = {}) => ({
      parent,
      stack: "dev",
      wish,
      connection,
      application,
      workers: 1 + (seed % 2),
      export: backups === undefined,
      maxFreezeMs: 5_000,
      beginning: {
        to: "smb",
        source: { path: file, busyTimeoutMs: 10_000 },
        backups: backups ?? join(folder, "backups"),
        quarantine: false,
        resetTarget: false,
      },
      ...change,
    }),
    writer(pauseMs) {
      const writer = `writer${logs.length}`;
      const log = join(folder, `${writer}.jsonl`);
      logs.push(log);
      const contract = join(parent, "application");
      return { writer, seed: seed * 1_000 + logs.length, file, connection: application, contract, log, pauseMs };
    },
    async takes() {
      // In this order: a promotion goes from the one to the other by way of neither.
      const sqlite = takesSqlite();
      return { sqlite, postgresql: await takesPostgres() };
    },
    async judge(serving) {
      const written = readLogs(logs);
      const kept = { sqlite: keptBy(written, "sqlite"), postgresql: keptBy(written, "postgresql") };
      if (serving === "sqlite") return { problems: problemsOf(contentsOfSqlite(db), written, seed), kept };
      const client = await connect(application);
      try {
        return { problems: problemsOf(await contentsOfPostgres(client), written, seed), kept };
      } finally {
        await client.end();
      }
    },
    async remove() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
      // Whoever asks again, because the server was killed meanwhile, may find some of it done.
      await server.psql(
        `DROP DATABASE IF EXISTS ${owner} WITH (FORCE); DROP ROLE IF EXISTS ${role}; DROP ROLE IF EXISTS ${owner}`,
      );
    },
  };
}

/** A folder with a proven backup that serves all scenes. */
export async function provenBackup(server: Pick<Postgres, "host" | "port" | "psql">): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "ladder-backups-"));
  const scene = await makeScene(server, 0);
  await safetyExport({ database: scene.file, folder, onProgress: () => undefined });
  await scene.remove();
  return folder;
}
