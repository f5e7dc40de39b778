import { chmodSync, mkdirSync, rmSync } from "node:fs";
import type { Project } from "../support/project";
import { giveAway, ordinaryUser, otherHome } from "../support/secondUser";
import { DATABASE, makeDatabase } from "./data";
import { Exit, type WrongCase } from "./wrongCase";

const STATE = ".ladder/state/.pulumi/stacks/scaling-ladder/dev.json";
const LOCK = ".ladder/state/.pulumi/locks/organization/scaling-ladder/dev/1.json";

/** Runs the command as a user who is neither root nor the owner of what root made. */
const asOrdinaryUser = async (project: Project) => ({ through: ordinaryUser, env: await otherHome(project) });
const withoutEngine = async (project: Project) => ({
  through: ordinaryUser,
  env: await otherHome(project, { engine: false }),
});

/** A program folder with nothing in it: Node is started by its full path, and finds no npm. */
function withoutPrograms(project: Project) {
  const folder = `${project.outside}/other home`;
  mkdirSync(folder);
  return { env: { PATH: folder } };
}

export const wrongMachine: readonly WrongCase[] = [
  {
    what: "dependencies are missing and there is no npm",
    args: ["status"],
    prepare: ({ at }) => rmSync(at("node_modules")),
    options: withoutPrograms,
    exitCode: Exit.missing,
    says: ["Installing dependencies", "npm could not be started", "Install npm beside Node"],
  },
  {
    what: "the project belongs to somebody else (up)",
    args: ["up"],
    prepare: ({ root }) => chmodSync(root, 0o555),
    options: asOrdinaryUser,
    exitCode: Exit.missing,
    says: ["my project cannot be written by this user", "work in a copy of the project"],
  },
  {
    what: "the database belongs to somebody else (status)",
    args: ["status"],
    prepare: (project) => chmodSync(makeDatabase(project, 10), 0),
    options: withoutEngine,
    exitCode: Exit.refused,
    says: [DATABASE, "cannot be", "Check"],
  },
  {
    what: "the database belongs to somebody else (backup create)",
    args: ["backup", "create"],
    prepare: (project) => chmodSync(makeDatabase(project, 10), 0),
    options: async (project) => {
      chmodSync(project.at("database"), 0o755);
      return await withoutEngine(project);
    },
    exitCode: Exit.failed,
    says: [`${DATABASE} may not be read by this user`, "Run as its owner"],
  },
  {
    what: "the folder of .env may not be written (up)",
    args: ["up"],
    prepare: (project) => {
      project.settings(["tier: development", "users: 10", "app:", "    envFile: config/.env"]);
      giveAway(project.root);
      mkdirSync(project.at("config"), { mode: 0o555 });
    },
    options: asOrdinaryUser,
    exitCode: Exit.refused,
    says: ["config/.env", "nothing was changed"],
  },
  {
    what: "the state has lost its passphrase (up)",
    args: ["up"],
    prepare: (project) => project.write(STATE, "{}"),
    exitCode: Exit.refused,
    says: [".ladder/passphrase is missing", ".ladder/state", "Restore the file from a backup"],
  },
  {
    what: "the state is damaged (up)",
    args: ["up"],
    prepare: (project) => {
      project.write(STATE, '{"half');
      project.write(".ladder/passphrase", "a passphrase\n");
    },
    exitCode: Exit.refused,
    says: [`${STATE} is no readable JSON`, "left as it is", "Move the damaged file away"],
  },
  {
    what: "somebody works on the stack from another machine (up)",
    args: ["up"],
    prepare: (project) =>
      project.write(
        LOCK,
        JSON.stringify({ pid: 1, username: "ada", hostname: "elsewhere.example", timestamp: "2026-01-02T03:04:05Z" }),
      ),
    exitCode: Exit.refused,
    says: ["Stack dev is locked by process 1 of ada@elsewhere.example", "pulumi cancel --stack dev"],
  },
];
