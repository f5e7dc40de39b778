import { chmodSync, mkdirSync, statSync } from "node:fs";
import { expect, it } from "vitest";
import type { Project, Run } from "../../support/project";
import { withProject } from "../../support/project";
import { giveAway, lendEngine, ordinaryUser, otherHome } from "../../support/secondUser";
import { runApplication } from "./application";

/** What a run that went well must look like where nobody looks at a terminal. */
function expectUp(run: Run, project: Project): void {
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toContain(project.at("database/ai_company.db"));
  expect(run.stdout + run.stderr).not.toContain("\u001b");
}

it.concurrent("three runs at once, on two stacks of one project, all end well, and the stacks keep apart", () =>
  withProject(async (project) => {
    const own = [
      "database:",
      "    path: second/app.db",
      "files:",
      "    path: second/files",
      "backup:",
      "    path: second/backups",
      "app:",
      "    envFile: .env.second",
      "    port: 5050",
    ];
    project.settings(["tier: development", "users: 20", ...own], "second");
    const [first, again, second] = await Promise.all([
      project.ladder(["up"]),
      project.ladder(["up"]),
      project.ladder(["up", "second"]),
    ]);
    for (const run of [first, again, second]) expect(run.code, run.stdout + run.stderr).toBe(0);
    expect([first.stdout, again.stdout].filter((text) => text.includes("10 created"))).toHaveLength(1);
    expect([first.stdout, again.stdout].filter((text) => text.includes("nothing to change"))).toHaveLength(1);
    expect(runApplication(project, "of the first").titles).toEqual(["of the first"]);
    const other = runApplication(project, "of the second", ".env.second");
    expect(other.titles).toEqual(["of the second"]);
    expect(other.parsed).toMatchObject({ DB_SQLITE_PATH: project.at("second/app.db"), PORT: "5050" });

    expect((await project.ladder(["destroy", "second", "--yes"])).code).toBe(0);
    expect((await project.ladder(["preview"])).stdout).toBe("Stack dev: nothing to change.\n");
    expect(runApplication(project).titles).toEqual(["of the first"]);
  }));

it.concurrent("a second user of this machine works on a copy of their own", () =>
  withProject(async (project) => {
    const env = await otherHome(project);
    giveAway(project.root);
    expectUp(await project.ladder(["up"], { env, through: ordinaryUser }), project);
    const { uid } = statSync(project.root);
    for (const path of ["database/ai_company.db", ".env", ".ladder/passphrase"]) {
      const stats = statSync(project.at(path));
      expect({ uid: stats.uid, mode: stats.mode & 0o777 }).toEqual({ uid, mode: 0o600 });
    }
    const status = await project.ladder(["status", "--json"], { env, through: ordinaryUser });
    expect(JSON.parse(status.stdout)).toMatchObject({ database: { exists: true } });
  }, "of the second user"));

it.concurrent("a home that cannot be written: the engine's own things go into the project", () =>
  withProject(async (project) => {
    const env = await otherHome(project);
    const home = env.HOME ?? "";
    chmodSync(home, 0o555);
    chmodSync(`${home}/.cache`, 0o555);
    giveAway(project.root);
    expectUp(await project.ladder(["up"], { env, through: ordinaryUser }), project);
    expect(statSync(project.at(".ladder/pulumi-home")).isDirectory()).toBe(true);
    chmodSync(home, 0o755);
  }, "read-only home"));

it.concurrent("no HOME at all: the engine's own things go into the project", () =>
  withProject(async (project) => {
    mkdirSync(project.at(".ladder"), { mode: 0o700 });
    await lendEngine(project.at(".ladder/cache"));
    const env = { HOME: undefined, XDG_CACHE_HOME: undefined, PULUMI_HOME: undefined, USER: undefined };
    expectUp(await project.ladder(["up"], { env }), project);
    expect(statSync(project.at(".ladder/pulumi-home")).isDirectory()).toBe(true);
    expect(runApplication(project, "a row").titles).toEqual(["a row"]);
  }, "no home"));
