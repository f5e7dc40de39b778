import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { expect, it } from "vitest";
import { withProject } from "../support/project";
import { giveAway, ordinaryUser, otherHome } from "../support/secondUser";

it("npm run ladder works for a user whose home cannot be written, where npx does not", () =>
  withProject(async (project) => {
    const env = { ...project.env, ...(await otherHome(project, { engine: false })) };
    chmodSync(env.HOME ?? "", 0o555);
    giveAway(project.root);
    const [program = "", ...rest] = [...ordinaryUser, "npm", "run", "--silent", "ladder", "--", "status", "--json"];
    const { status, stdout, stderr } = spawnSync(program, rest, { cwd: project.root, env, encoding: "utf8" });
    chmodSync(env.HOME ?? "", 0o755);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stack: "dev" });
  }));
