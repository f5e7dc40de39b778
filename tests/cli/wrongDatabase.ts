import { mkdirSync, openSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { startCode } from "../support/children";
import type { Project } from "../support/project";
import { onDatabase } from "../support/sqlite";
import { DATABASE, makeBackup, makeDatabase } from "./data";
import { Exit, type WrongCase } from "./wrongCase";

type Damage = NonNullable<WrongCase["prepare"]>;

/** Something wrong with the database, and what a command says about it. */
const damaged = (command: string, what: string, prepare: Damage, ...says: string[]): WrongCase => ({
  what: `${what} (${command})`,
  args: command.split(" "),
  prepare,
  exitCode: Exit.refused,
  says: [DATABASE, ...says],
});

const sql = (text: string) => (project: Project) =>
  onDatabase(makeDatabase(project), (database) => void database.exec(text));

const LEFT = "it was left as it is";

function overwritePages(project: Project): void {
  const file = openSync(makeDatabase(project), "r+");
  writeSync(file, Buffer.alloc(2 * 4096, 0xa5), 0, 2 * 4096, 20 * 4096);
}

/** Held by a process of its own: this one reads the file for comparison, which would let go of its locks. */
async function holdAlone(project: Project): Promise<() => void> {
  const path = makeDatabase(project);
  project.settings(["tier: development", "users: 10", "database:", "    busyTimeoutMs: 200"]);
  const holder = startCode(`
    const database = require("better-sqlite3")(${JSON.stringify(path)});
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO ai_ideas (title) VALUES ('mine')");
    console.log("held");
    setInterval(() => database.inTransaction, 1000);
  `);
  await holder.said("held");
  return () => void holder.process.kill();
}

export const wrongDatabase: readonly WrongCase[] = [
  damaged(
    "up",
    "a folder stands in the database's place",
    ({ at }) => mkdirSync(at(DATABASE), { recursive: true }),
    "is a folder, and a database file is to stand there",
    "nothing was changed",
  ),
  damaged(
    "up",
    "a text stands in the database's place",
    (project) => project.write(DATABASE, "dear diary\n".repeat(99)),
    "is not a SQLite database",
    "choose another scaling-ladder:database.path",
  ),
  damaged(
    "status",
    "a text stands in the database's place",
    (project) => project.write(DATABASE, "dear diary\n"),
    "is not a SQLite database",
  ),
  damaged(
    "up",
    "the database has lost its second half",
    (project) => {
      const path = makeDatabase(project);
      truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096);
    },
    "is damaged",
    LEFT,
    "npx ladder restore <stack> --to",
  ),
  damaged(
    "up",
    "pages of the database are overwritten",
    overwritePages,
    "is damaged",
    LEFT,
    "npx ladder restore <stack> --to",
  ),
  damaged(
    "up",
    "the database is newer than this release",
    sql("INSERT INTO ladder_migrations (version, catalogue, name, checksum) VALUES (2, 'ai_company', 'later', 'x')"),
    "schema version 2, newer than the 1",
    "Update scaling-ladder",
  ),
  damaged(
    "up",
    "the database is another product's",
    sql("UPDATE ladder_migrations SET catalogue = 'ai_breeding'"),
    "holds the logical database ai_breeding, not ai_company",
    "Set scaling-ladder:database.name to ai_breeding",
  ),
  {
    what: "a migration was altered after the database got it (up)",
    args: ["up"],
    prepare: (project) => {
      makeDatabase(project);
      project.write(
        "catalogue/ai_company/sqlite/0001_platform_tables.sql",
        `${project.read("catalogue/ai_company/sqlite/0001_platform_tables.sql")}-- a change\n`,
      );
    },
    exitCode: Exit.refused,
    says: [
      "Migration 1 (platform_tables) of ai_company was altered",
      DATABASE,
      "Put the file back",
      "nothing was changed",
    ],
  },
  damaged("up", "another process holds the database alone", holdAlone, "is locked by another process", LEFT),
  damaged("status", "another process holds the database alone", holdAlone, "is locked by another process", LEFT),
  damaged(
    "up",
    "the database is gone and its backups are there",
    async (project) => {
      await makeBackup(project);
      rmSync(project.at(DATABASE));
    },
    "is gone, and 1 backup of it exist",
    "npx ladder restore dev --to",
  ),
  damaged(
    "up",
    "a part of the database's folder is a file",
    (project) => project.write("database", "mine"),
    "a part of its",
    "Choose another scaling-ladder:database.path",
  ),
  {
    what: "the files' folder is a file (up)",
    args: ["up"],
    prepare: (project) => project.write("uploads", "mine"),
    exitCode: Exit.refused,
    says: ["uploads cannot be made: a file stands there", "scaling-ladder:files.path", "nothing was changed"],
  },
];
