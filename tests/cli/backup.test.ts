import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { type LadderOptions, type Project, withProject } from "../support/project";
import { onDatabase } from "../support/sqlite";
import { makeBackup, makeDatabase } from "./data";

const DAILY = /^ai_company_\d{8}\.db\.gz$/;
const LATER = /^ai_company_\d{8}_\d{6}\.db\.gz$/;

/** Runs a command that is to succeed, and returns what it printed. */
async function done(project: Project, args: readonly string[], options?: LadderOptions): Promise<string> {
  const { code, stdout, stderr } = await project.ladder(args, options);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

async function json<T = unknown>(project: Project, ...args: string[]): Promise<T> {
  return JSON.parse(await done(project, [...args, "--json"])) as T;
}

const next = async (project: Project): Promise<string> => (await json<{ next: string }>(project, "status")).next;

const titles = (file: string): unknown[] =>
  onDatabase(file, (database) => database.prepare("SELECT title FROM ai_ideas ORDER BY id").pluck().all());

it.concurrent("status tells the next step, from nothing to a proven backup", () =>
  withProject(async (project) => {
    expect(await next(project)).toBe("bring it up: npx ladder up dev");
    makeDatabase(project, 50);
    expect(await next(project)).toContain("make a backup: npx ladder backup create dev");
    await done(project, ["backup"]);
    expect(await next(project)).toBe("prove the backup: npx ladder backup verify dev");
    await done(project, ["backup", "verify"]);
    expect(await next(project)).toBe("nothing");
    const shown = await done(project, ["status"]);
    expect(shown).toMatch(/last good backup\s+less than a minute ago, .*ai_company_\d{8}\.db\.gz/);
    expect(shown).toMatch(/last drill\s+passed less than a minute ago/);
  }));

it.concurrent("S0-08: a backup is made, listed, proven and restored to a new file, as typed", () =>
  withProject(async (project) => {
    const database = makeDatabase(project, 300);
    const daily = project.at("backups", "daily");
    const made = await done(project, ["backup", "create"]);
    const [file = ""] = readdirSync(daily).filter((name) => DAILY.test(name));
    expect(made).toContain(`Backup made: ${join(daily, file)}`);
    expect(made).toContain("Prove it with: npx ladder backup verify dev");
    expect(statSync(join(daily, file)).mode & 0o777).toBe(0o600);

    // The second of the day stands beside the first.
    await done(project, ["backup", "create"]);
    const names = readdirSync(daily).filter((name) => name.endsWith(".gz"));
    expect(names).toEqual([expect.stringMatching(DAILY), expect.stringMatching(LATER)]);
    const listed = await done(project, ["backup", "list"]);
    expect(listed.trim().split("\n")).toHaveLength(2);
    for (const name of names) expect(listed).toContain(join(daily, name));

    expect(await done(project, ["backup", "verify"])).toContain("Drill passed: ");
    expect(await done(project, ["backup", "verify", "--file", `backups/daily/${file}`])).toContain(file);

    const restored = await done(project, ["restore", "--to", "new/place/restored.db"]);
    expect(restored).toContain(`to ${project.at("new/place/restored.db")}`);
    expect(restored).toContain("stop the application");
    expect(titles(project.at("new/place/restored.db"))).toEqual(titles(database));
  }));

it.concurrent("every command prints one JSON value with --json", () =>
  withProject(async (project) => {
    makeDatabase(project, 20);
    const { made } = await json<{ made: { file: string }[] }>(project, "backup", "create", "--kind", "weekly");
    const file = made[0]?.file ?? "";
    expect(made).toMatchObject([{ file: expect.stringContaining("/backups/weekly/"), manifest: { kind: "weekly" } }]);
    expect(await json(project, "backup", "list")).toMatchObject({
      stack: "dev",
      backups: [{ file, kind: "weekly", good: true, bytes: statSync(file).size }],
      strays: [],
    });
    expect(await json(project, "backup", "verify")).toMatchObject({ stack: "dev", ok: true, failures: [], file });
    expect(await json(project, "restore", "--to", "restored.db")).toMatchObject({
      stack: "dev",
      backup: file,
      database: project.at("restored.db"),
    });
    expect(await json(project, "status")).toMatchObject({
      stack: "dev",
      tier: "development",
      users: { count: 10, adviseAbove: 1000, refuseAbove: 10_000, verdict: "fits" },
      database: { exists: true, catalogue: "ai_company", journalMode: "wal" },
      backup: { file },
      drill: { ok: true, file },
      next: "nothing",
    });
    expect(await json(project, "backup", "create", "--scheduled")).toMatchObject({ removed: [] });
  }));

it.concurrent("paths mean what they mean where the user stands, also through npm", () =>
  withProject(async (project) => {
    const database = makeDatabase(project, 5);
    const [made] = (await json<{ made: { file: string }[] }>(project, "backup")).made;
    const elsewhere = join(project.outside, "else where");
    mkdirSync(elsewhere);
    const name = basename(made?.file ?? "");
    const from = `../my project/backups/daily/${name}`;
    await done(project, ["restore", "--from", from, "--to", "typed.db"], { cwd: elsewhere });
    expect(titles(join(elsewhere, "typed.db"))).toEqual(titles(database));
    // npm starts scripts in the project folder and says in INIT_CWD where the user is.
    await done(project, ["restore", "--from", from, "--to", "npm.db"], { env: { INIT_CWD: elsewhere } });
    expect(titles(join(elsewhere, "npm.db"))).toEqual(titles(database));
    await done(project, ["backup", "verify", "--file", from], { env: { INIT_CWD: elsewhere } });
  }));

it.concurrent("a backup with one flipped byte fails its drill, and status says so", () =>
  withProject(async (project) => {
    makeDatabase(project, 500);
    const file = (await json<{ made: { file: string }[] }>(project, "backup")).made[0]?.file ?? "";
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = await project.ladder(["backup", "verify", "--json"]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, file, failures: [expect.stringContaining("differs")] });
    expect(stderr).toContain("is not a faithful backup");
    expect(stderr).toContain("Make a new one now: npx ladder backup create");
    expect(await next(project)).toContain("the last drill failed");
  }));

it.concurrent("S0-08: a schedule is shown without being installed, installed once, and removed again", () =>
  withProject(async (project) => {
    const bin = join(project.outside, "bin");
    const crontab = join(project.outside, "crontab");
    mkdirSync(bin);
    writeFileSync(crontab, "# mine\n");
    // A machine without systemd, whose crontab is a file of the test.
    writeFileSync(join(bin, "systemctl"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const script = '#!/bin/sh\nif [ "$1" = -l ]; then cat "$CRONTAB"; else cat > "$CRONTAB"; fi\n';
    writeFileSync(join(bin, "crontab"), script, { mode: 0o755 });
    const options = { env: { PATH: `${bin}:${project.env.PATH}`, CRONTAB: crontab } };
    const schedule = (...args: string[]) => done(project, ["backup", "schedule", ...args], options);

    const shown = await schedule("show");
    expect(shown).toContain(`cd '${project.root}' && `);
    expect(shown).toContain("npx ladder backup schedule install dev");
    expect(JSON.parse(await schedule("--json"))).toMatchObject({ stack: "dev", scheduler: "cron", installed: false });
    expect(readFileSync(crontab, "utf8")).toBe("# mine\n");

    expect(await schedule("install")).toContain("Installed the nightly backup of stack dev (cron).");
    expect(await schedule("install")).toContain("nothing changed");
    const line = shown.split("\n")[0] ?? "";
    expect(readFileSync(crontab, "utf8")).toContain(line);
    expect(JSON.parse(await schedule("remove", "--json"))).toEqual({ stack: "dev", scheduler: "cron", changed: true });
    expect(readFileSync(crontab, "utf8")).toBe("# mine\n");
  }));

it.concurrent("S0-08: two stacks that share a place are refused, and both are named", () =>
  withProject(async (project) => {
    await makeBackup(project);
    project.settings(["tier: development", "users: 10", "database:", "    path: second/ai_company.db"], "second");
    for (const args of [
      ["up", "second"],
      ["preview", "second"],
      ["backup", "create", "second"],
      ["backup", "verify", "dev"],
      ["restore", "dev", "--to", "restored.db"],
    ]) {
      const { code, stdout, stderr } = await project.ladder(args);
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/backup\.path of stack (dev|second) is "backups", backup\.path of stack (dev|second) is/);
    }
    expect(existsSync(project.at("restored.db"))).toBe(false);
    const nightly = await project.ladder(["backup", "create", "dev", "--scheduled"]);
    expect(nightly.code, nightly.stderr).toBe(0);
    expect(nightly.stderr).toContain("warning: Stack dev shares places");
    const { code, stderr } = await project.ladder(["status", "second"]);
    expect(code, stderr).toBe(0);
    expect(stderr.match(/warning: Stack second shares places/g)).toHaveLength(1);
  }));

it.concurrent("status takes a drill of a backup from elsewhere for none of its own", () =>
  withProject(async (project) => {
    await makeBackup(project);
    await withProject(async (other) => {
      const file = await makeBackup(other);
      expect(await done(project, ["backup", "verify", "--file", file])).toContain("Drill passed: ");
    });
    expect(await next(project)).toBe("prove the backup: npx ladder backup verify dev");
  }));

it.concurrent("S1-22: advice about the number of users is given once, also where settings are read twice", () =>
  withProject(async (project) => {
    project.settings(["tier: development", "users: 2000"]);
    const { code, stdout, stderr } = await project.ladder(["destroy", "--yes"]);
    expect(code, stdout + stderr).toBe(0);
    expect(stderr.match(/warning: scaling-ladder:users/g)).toHaveLength(1);
  }));

it.concurrent("doctor goes on where the crontab is forbidden", () =>
  withProject(async (project) => {
    const bin = join(project.outside, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "systemctl"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    writeFileSync(join(bin, "crontab"), "#!/bin/sh\necho 'not allowed' >&2\nexit 1\n", { mode: 0o755 });
    const { stdout, stderr } = await project.ladder(["doctor", "--json"], {
      env: { PATH: `${bin}:${project.env.PATH}` },
    });
    const findings: unknown = JSON.parse(stdout);
    expect(findings, stderr).toContainEqual(
      expect.objectContaining({ part: "scheduler for backups", verdict: "optional" }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ part: "sqlite3" }));
  }));

it.concurrent("a systemd timer is installed with the word that it ends at logout", () =>
  withProject(async (project) => {
    const bin = join(project.outside, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "systemctl"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    const env = { PATH: `${bin}:${project.env.PATH}`, HOME: project.outside, XDG_CONFIG_HOME: undefined };
    expect(await done(project, ["backup", "schedule", "install"], { env })).toContain("loginctl enable-linger");
  }));
