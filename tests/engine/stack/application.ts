import { execFileSync } from "node:child_process";
import type { Project } from "../../support/project";

/**
 * What an application does: reads the `.env` file with dotenv, opens the database that it names, writes a row and
 * reads it back. In a process of its own, with the copy's own dependencies.
 */
const APPLICATION = `
  const { config } = require("dotenv");
  const Database = require("better-sqlite3");
  const { parsed } = config({ path: process.argv[1], quiet: true });
  const database = new Database(parsed.DB_SQLITE_PATH, {
    fileMustExist: true,
    timeout: Number(parsed.DB_SQLITE_BUSY_TIMEOUT_MS),
  });
  const title = process.argv[2];
  if (title) database.prepare("INSERT INTO ai_ideas (title) VALUES (?)").run(title);
  const titles = database.prepare("SELECT title FROM ai_ideas ORDER BY id").pluck().all();
  const journal = database.pragma("journal_mode", { simple: true });
  database.close();
  console.log(JSON.stringify({ parsed, titles, journal }));
`;

export interface Application {
  /** What the `.env` file says. */
  readonly parsed: Readonly<Record<string, string>>;
  /** All rows after the insert. */
  readonly titles: readonly string[];
  readonly journal: string;
}

/** Runs the application. With a title it first inserts a row. */
export function runApplication(project: Project, title = "", envFile = ".env"): Application {
  const output = execFileSync(process.execPath, ["--eval", APPLICATION, project.at(envFile), title], {
    cwd: project.root,
    encoding: "utf8",
  });
  return JSON.parse(output) as Application;
}
