import { mkdirSync, symlinkSync } from "node:fs";
import type { Project } from "../support/project";
import { Exit, type WrongCase } from "./wrongCase";

/** A `.env` that the block cannot be written into; `up` looks before it changes anything. */
const envFile = (what: string, prepare: (project: Project) => void, ...says: string[]): WrongCase => ({
  what,
  args: ["up"],
  prepare,
  exitCode: Exit.refused,
  says: [".env", ...says, "nothing was changed"],
});

const BEGIN = "# >>> scaling-ladder dev >>>";
const END = "# <<< scaling-ladder dev <<<";

export const wrongEnvFile: readonly WrongCase[] = [
  envFile(
    ".env is a folder",
    ({ at }) => mkdirSync(at(".env")),
    "it is not a file",
    "Choose another scaling-ladder:app.envFile",
  ),
  envFile(
    ".env sets the same variable itself",
    (project) => project.write(".env", "MINE=1\nexport DB_TYPE=postgresql\n"),
    "line 2 sets DB_TYPE itself, outside the block of stack dev",
    "Remove that line",
  ),
  envFile(
    ".env has a block without an end",
    (project) => project.write(".env", `MINE=1\n${BEGIN}\nDB_TYPE=sqlite\n`),
    "the marks of its block do not match",
    "Mend or remove those lines",
  ),
  envFile(
    ".env has its block twice",
    (project) => project.write(".env", `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`),
    "the marks of its block do not match",
  ),
  envFile(".env is a link to nothing", ({ at }) => symlinkSync("nowhere", at(".env")), "link to", "not there"),
];
