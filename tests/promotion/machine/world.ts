import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Client } from "pg";
import { manualFlip } from "../../../cli/promotion/manualFlip";
import type { Beginning } from "../../../promotion/machine/assessSource";
import type { PromoteOptions } from "../../../promotion/machine/options";
import { type Connection, connect } from "../../../schema/connection";
import type { Postgres } from "../../servers/postgres";

export const PASSWORD = "owner secret %41 'x";

const SCHEMA = `
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, score REAL, at DATETIME DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), body TEXT);
CREATE INDEX posts_user ON posts (user_id);
CREATE TABLE tags (post INTEGER, tag TEXT, PRIMARY KEY (post, tag)) WITHOUT ROWID;
CREATE TABLE notes (a TEXT, b INTEGER);`;

/** A SQLite file with an application's rows, and an empty database of PostgreSQL, both of their own. */
export interface World {
  readonly folder: string;
  readonly file: string;
  /** The application's own connection. */
  readonly db: Database.Database;
  readonly connection: Connection;
  /** Where the stack's promotions are kept. */
  readonly parent: string;
  /** What `promote` told. */
  readonly said: string[];
  options(change?: Partial<PromoteOptions>, beginning?: Partial<Beginning>): PromoteOptions;
  /** Asks PostgreSQL as the owner, in a session that the gate holds for a stranger. */
  query<T extends object>(sql: string): Promise<T[]>;
  /** Reads users from both sides. */
  users(): Promise<{ sqlite: unknown[]; postgresql: unknown[] }>;
  remove(): void;
}

let worlds = 0;

/** Makes one, with so many users. */
export async function makeWorld(server: Postgres, rows = 300): Promise<World> {
  worlds += 1;
  const name = `app_${process.pid}_${worlds}`;
  await server.psql(
    `CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'; CREATE DATABASE ${name} OWNER ${name}`,
  );
  const folder = mkdtempSync(join(tmpdir(), "ladder-promote-"));
  const file = join(folder, "app.db");
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.exec(SCHEMA);
  const fill = db.transaction(() => {
    for (let n = 1; n <= rows; n += 1) {
      db.prepare("INSERT INTO users (name, score) VALUES (?, ?)").run(`user ${n}`, n / 3);
      db.prepare("INSERT INTO posts (user_id, body) VALUES (?, ?)").run(n, "b".repeat(n % 50));
      db.prepare("INSERT INTO tags VALUES (?, ?)").run(n, "t");
    }
    db.prepare("INSERT INTO notes VALUES ('x', 1), ('x', 1)").run();
  });
  fill();
  const connection: Connection = {
    host: server.host,
    port: server.port,
    database: name,
    user: name,
    password: PASSWORD,
    sslmode: "disable",
    connectTimeoutSeconds: 10,
  };
  const parent = join(folder, "promotions");
  const said: string[] = [];
  const query = async <T extends object>(sql: string): Promise<T[]> => {
    const client = await connect(connection);
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    folder,
    file,
    db,
    connection,
    parent,
    said,
    options: (change = {}, beginning = {}) => ({
      parent,
      stack: "dev",
      wish: "soak",
      connection,
      workers: 2,
      export: true,
      maxFreezeMs: 5_000,
      flip: manualFlip(connection, join(parent, "application")),
      connectAsApplication: () => connect(connection),
      tell: { step: (step) => said.push(step), say: (line) => said.push(line), progress: () => undefined },
      beginning: () => ({
        to: "smb",
        source: { path: file, busyTimeoutMs: 5_000 },
        backups: join(folder, "backups"),
        quarantine: false,
        resetTarget: false,
        ...beginning,
      }),
      ...change,
    }),
    query,
    users: async () => ({
      sqlite: db.prepare("SELECT id, name, score FROM users ORDER BY id").all(),
      postgresql: await query("SELECT id::int AS id, name, score FROM users ORDER BY id"),
    }),
    remove() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A session that passes the gate, as ladder's own. */
export async function asLadder(world: World, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = await connect(world.connection);
  try {
    const { rows } = await client.query<{ id: string }>("SELECT id FROM ladder_promotion.promotion");
    await client.query("SELECT set_config('ladder.promotion', $1, false)", [rows[0]?.id]);
    await work(client);
  } finally {
    await client.end();
  }
}

/** An application that writes into the file, as a process of its own. */
export interface Writer {
  /** Ends it, and gives what each of its users must be (null: gone), and why it was refused, if it was. */
  stop(): Promise<{ users: Map<string, number | null>; writes: number; refused?: string }>;
}

/** Starts one whose users begin with `name`. */
export function startWriter(file: string, name: string): Writer {
  const child: ChildProcess = spawn(process.execPath, [join(__dirname, "writer.cjs"), file, name], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  const closed = once(child, "close");
  return {
    async stop() {
      child.stdin?.end();
      await closed;
      const users = new Map<string, number | null>();
      let refused: string | undefined;
      let writes = 0;
      for (const line of text.split("\n").filter((one) => one !== "")) {
        const told = JSON.parse(line) as [string, number | null] | { refused: string };
        if (Array.isArray(told)) {
          users.set(told[0], told[1]);
          writes += 1;
        } else refused = told.refused;
      }
      return { users, writes, ...(refused === undefined ? {} : { refused }) };
    },
  };
}
