import { mkdirSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withProject } from "../support/project";
import { Exit } from "./wrongCase";

describe("ladder compose", () => {
  it.concurrent("renders a stack, makes its passwords once, and says what to do next", () =>
    withProject(async (project) => {
      const first = await project.ladder(["compose", "smb"]);
      expect(first.code, first.stderr).toBe(0);
      expect(first.stdout).toContain("compose.yaml");
      expect(first.stdout).toContain(
        `Set in ${project.at("deploy/smb/.env")} first: DB_PASSWORD, DB_ADMIN_PASSWORD, MINIO_ROOT_PASSWORD, FILE_STORAGE_S3_SECRET_KEY, CACHE_REDIS_PASSWORD.`,
      );
      expect(first.stdout).toContain("The same command with --secrets makes random passwords.");
      expect(first.stdout).toContain(`cd ${project.at("deploy/smb")} && docker compose up --detach`);
      expect(project.read("deploy/smb/compose.yaml")).toContain("Pulumi.smb.yaml");

      const second = await project.ladder(["compose", "smb", "--secrets", "--json"]);
      expect(JSON.parse(second.stdout)).toMatchObject({
        stack: "smb",
        tier: "smb",
        folder: project.at("deploy/smb"),
        files: expect.arrayContaining([{ path: "compose.yaml", state: "same" }]),
        generated: expect.arrayContaining(["DB_PASSWORD"]),
        missing: [],
        notes: [
          expect.stringContaining("begins empty"),
          expect.stringContaining("Nothing backs it up"),
          "One container of the application instead of 3 replicas.",
        ],
      });
      const env = project.read("deploy/smb/.env");
      expect(statSync(project.at("deploy/smb/.env")).mode & 0o777).toBe(0o600);
      for (const value of env.matchAll(/=([0-9a-f]+)$/gm))
        expect(second.stdout + second.stderr).not.toContain(value[1]);

      const third = await project.ladder(["compose", "smb", "--secrets"]);
      expect(third.stdout).not.toMatch(/Random|Set in/);
      expect(project.read("deploy/smb/.env")).toBe(env);
    }));

  it.concurrent("renders tier small-team where it is told to, and asks for the keys that only the user has", () =>
    withProject(async (project) => {
      const { code, stdout, stderr } = await project.ladder(["compose", "team", "--out", "server one", "--secrets"]);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain("Random passwords in .env (mode 0600): CACHE_REDIS_PASSWORD.");
      expect(stdout).toContain("first: BACKUP_S3_ACCESS_KEY, BACKUP_S3_SECRET_KEY.");
      expect(project.read("server one/migrations/migrations.tsv")).toContain("ai_company");
    }));

  it.concurrent("replaces nothing that somebody changed, unless it is told to", () =>
    withProject(async (project) => {
      expect((await project.ladder(["compose", "smb", "--out", "out"])).code).toBe(0);
      const rendered = project.read("out/compose.yaml");
      project.write("out/compose.yaml", "services: {}\n");
      const { code, stderr } = await project.ladder(["compose", "smb", "--out", "out"]);
      expect(code).toBe(Exit.refused);
      expect(stderr).toContain(`${project.at("out/compose.yaml")} was not written here, or changed since`);
      expect(project.read("out/compose.yaml")).toBe("services: {}\n");
      expect((await project.ladder(["compose", "smb", "--out", "out", "--force"])).code).toBe(0);
      expect(project.read("out/compose.yaml")).toBe(rendered);
    }));

  it.concurrent("builds the application from a folder of the user's", () =>
    withProject(async (project) => {
      mkdirSync(project.at("app"));
      const none = await project.ladder(["compose", "smb", "--build", "app"]);
      expect(none.code).toBe(Exit.usage);
      expect(none.stderr).toContain(`${project.at("app")} has no Dockerfile`);
      project.write("app/Dockerfile", "FROM scratch\n");
      expect((await project.ladder(["compose", "smb", "--build", "app"])).code).toBe(0);
      expect(project.read("deploy/smb/compose.yaml")).toMatch(/build:\n +context: "\.\.\/\.\.\/app"/);
    }));

  it.concurrent.each([
    ["dev", "Tier development needs no server: npx ladder up"],
    ["prod", "Tier enterprise is more than one server carries."],
    ["nope", "There is no stack nope"],
  ])("refuses stack %s in one sentence", (stack, says) =>
    withProject(async (project) => {
      const { code, stdout, stderr } = await project.ladder(["compose", stack, "--json"]);
      expect(code).toBe(Exit.usage);
      expect(stderr).toContain(says);
      expect(JSON.parse(stdout)).toEqual({ error: expect.stringContaining(says), exitCode: Exit.usage });
    }),
  );

  it.concurrent("wants the name of a stack", () =>
    withProject(async (project) => {
      const { code, stderr } = await project.ladder(["compose"]);
      expect(code).toBe(Exit.usage);
      expect(stderr).toContain("missing required argument 'stack'");
    }));
});
