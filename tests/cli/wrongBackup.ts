import { mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import type { Project } from "../support/project";
import { DATABASE, makeBackup, makeDatabase } from "./data";
import { Exit, type WrongCase } from "./wrongCase";

const CREATE = ["backup", "create"];
const VERIFY = ["backup", "verify"];
const RESTORE = ["restore", "--to", "restored.db"];

/** Makes a backup and then does something to its data file. */
const after = (change: (file: string, project: Project) => void) => async (project: Project) => {
  change(await makeBackup(project), project);
};

const manifestOf = (file: string): string => file.replace(/\.db\.gz$/, ".json");

const flipByte = (file: string): void => {
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(file, bytes);
};

const wrong = (
  what: string,
  args: WrongCase["args"],
  exitCode: number,
  prepare: WrongCase["prepare"],
  ...says: string[]
): WrongCase => ({ what, args, exitCode, prepare, says });

export const wrongBackup: readonly WrongCase[] = [
  wrong("a backup of a database that is not there", CREATE, Exit.usage, undefined, DATABASE, "ladder up"),
  wrong(
    "a backup of a text",
    CREATE,
    Exit.usage,
    (project) => project.write(DATABASE, "dear diary\n".repeat(99)),
    `${DATABASE} is not a SQLite database`,
  ),
  wrong(
    "a backup into a folder that is a file",
    CREATE,
    Exit.usage,
    (project) => {
      makeDatabase(project);
      project.write("backups", "mine");
    },
    "backups cannot be a folder",
    "name another folder",
  ),
  wrong("a drill without a backup", VERIFY, Exit.usage, undefined, "There is no backup in", "backups yet", "Make one"),
  wrong(
    "a drill of a backup that is not there",
    [...VERIFY, "--file", "backups/daily/no.db.gz"],
    Exit.usage,
    undefined,
    "There is no backup at",
    "backups/daily/no.db.gz",
    "ladder backup list",
  ),
  wrong(
    "a drill of something that is no backup",
    [...VERIFY, "--file", "README.md"],
    Exit.usage,
    undefined,
    "README.md is not a backup",
    ".db.gz",
  ),
  wrong(
    "a drill of a backup whose manifest is missing",
    [...VERIFY, "--file", "backups/daily/ai_company.db.gz"],
    Exit.usage,
    after((file, { at }) => {
      renameSync(file, at("backups/daily/ai_company.db.gz"));
      rmSync(manifestOf(file));
    }),
    "has no manifest",
    "ai_company.json is missing",
  ),
  wrong(
    "a drill of a renamed backup",
    [...VERIFY, "--file", "backups/daily/old.db.gz"],
    Exit.refused,
    after((file, { at }) => {
      renameSync(file, at("backups/daily/old.db.gz"));
      renameSync(manifestOf(file), at("backups/daily/old.json"));
    }),
    "old.db.gz was renamed: its manifest was written for ai_company_",
    "Give both files their names back",
  ),
  wrong(
    "a drill of a backup with a damaged manifest",
    [...VERIFY, "--file", "backups/daily/x.db.gz"],
    Exit.refused,
    after((file, { at }) => {
      renameSync(file, at("backups/daily/x.db.gz"));
      rmSync(manifestOf(file));
      writeFileSync(at("backups/daily/x.json"), '{"half');
    }),
    "x.json cannot be used: it is not readable as JSON",
    "Choose another backup",
  ),
  wrong(
    "a restore where a file exists already",
    RESTORE,
    Exit.refused,
    async (project) => {
      await makeBackup(project);
      project.write("restored.db", "mine");
    },
    "restored.db already exists",
    "Name a new file",
  ),
  wrong(
    "a restore over the live database",
    ["restore", "--to", DATABASE],
    Exit.refused,
    (project) => makeBackup(project),
    `${DATABASE} already exists, and a restore never writes over anything`,
  ),
  wrong(
    "a restore beside another database's log",
    RESTORE,
    Exit.refused,
    async (project) => {
      await makeBackup(project);
      project.write("restored.db-wal", "mine");
    },
    "restored.db-wal already exists",
  ),
  wrong(
    "a restore into a folder that is a file",
    ["restore", "--to", "package.json/restored.db"],
    Exit.usage,
    (project) => makeBackup(project),
    "package.json cannot be a folder",
  ),
  wrong("a restore without a backup", RESTORE, Exit.usage, undefined, "There is no backup in", "ladder backup create"),
  wrong(
    "a restore of a backup that is not there",
    [...RESTORE, "--from", "no.db.gz"],
    Exit.usage,
    undefined,
    "There is no backup at",
    "no.db.gz",
  ),
  wrong(
    "a restore of a backup with a flipped byte",
    RESTORE,
    Exit.refused,
    after(flipByte),
    "was not restored: the file differs from the one written",
    "Choose another backup",
  ),
  wrong(
    "a restore of a backup that was cut off",
    (project) => [...RESTORE, "--from", project.read("which")],
    Exit.refused,
    after((file, project) => {
      truncateSync(file, statSync(file).size - 100);
      project.write("which", file);
    }),
    "was not restored: the file has",
    "bytes instead of",
  ),
  wrong(
    "a restore from a folder",
    [...RESTORE, "--from", "backups.db.gz"],
    Exit.usage,
    ({ at }) => mkdirSync(at("backups.db.gz")),
    "backups.db.gz",
  ),
];
