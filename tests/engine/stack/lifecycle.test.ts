import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { contentOf, copyProject, type Project } from "../../support/project";
import { runApplication } from "./application";

const ROW = "an idea that nobody else may read";
const SECRET = "a-secret-line-of-the-user";
const OWN_LINES = `# mine\nAPI_SECRET=${SECRET}\n`;
const MIGRATION = "catalogue/ai_company/sqlite/0001_platform_tables.sql";
const PREVIEW = ["preview", "--refresh", "--stack", "dev", "--non-interactive"];

let project: Project;
/** Everything that any command said. */
let said = "";

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
    cwd: project.root,
    encoding: "utf8",
  });

async function ladder(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const run = await project.ladder(args);
  said += run.stdout + run.stderr;
  return run;
}

/** Runs a command that is to succeed with one JSON value and nothing else on standard output. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await ladder(...args, "--json");
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

interface Preview {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
  readonly drift: readonly { readonly resource: string; readonly property?: string; readonly is?: unknown }[];
}

interface Up {
  readonly changes: Readonly<Record<string, number>>;
  readonly outputs: unknown;
}

const stepsOf = ({ steps }: Preview): string[] => steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort();
const driftOf = ({ drift }: Preview): string[] =>
  drift.map(({ resource, property, is }) => [resource, property ?? "gone", is].join(" ").trim()).sort();
const modeOf = (...path: string[]): number => statSync(project.at(...path)).mode & 0o777;
const mtimeOf = (...path: string[]): number => statSync(project.at(...path)).mtimeMs;

beforeAll(() => {
  project = copyProject("my platform #1 100% new");
  git("init", "--quiet");
  // A clone has a folder there, which .gitignore names; the copy has a link.
  appendFileSync(project.at(".git/info/exclude"), "node_modules\n");
  git("add", "--all");
  git("commit", "--quiet", "--message", "a clone");
  project.write(".env", OWN_LINES);
});
afterAll(() => project.remove());

it("S1-87 S2-01 S4-01 S0-03: up makes SQLite in WAL mode, a folder and a memory cache, all on this machine", async () => {
  const { code, stdout, stderr } = await ladder("up");
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain("Stack dev (tier development) is up: 10 created.");
  for (const path of ["database/ai_company.db", "uploads", ".env", "backups"])
    expect(stdout).toContain(project.at(path));
  expect(modeOf("database", "ai_company.db")).toBe(0o600);
  expect([modeOf("uploads"), modeOf("backups")]).toEqual([0o700, 0o700]);
});

it("S1-07 S1-08: the application finds its settings in .env, beside the user's own lines, and inserts and reads", () => {
  expect(modeOf(".env")).toBe(0o600);
  expect(project.read(".env").startsWith(OWN_LINES)).toBe(true);
  const { parsed, titles, journal } = runApplication(project, ROW);
  expect(parsed).toEqual({
    API_SECRET: SECRET,
    DB_TYPE: "sqlite",
    DB_SQLITE_PATH: project.at("database/ai_company.db"),
    DB_SQLITE_BUSY_TIMEOUT_MS: "5000",
    FILE_STORAGE_TYPE: "local",
    FILE_STORAGE_LOCAL_PATH: project.at("uploads"),
    CACHE_TYPE: "memory",
    PORT: "5040",
  });
  expect({ titles, journal }).toEqual({ titles: [ROW], journal: "wal" });
  project.write("uploads/picture.txt", "uploaded");
});

it("up again: nothing to change, and nothing is written", async () => {
  const before = contentOf(project.root);
  const times = [mtimeOf(".env"), mtimeOf("database", "ai_company.db"), mtimeOf("uploads")];
  const { code, stdout } = await ladder("up");
  expect(code).toBe(0);
  expect(stdout).toContain("Stack dev (tier development) is up: nothing to change.");
  expect(contentOf(project.root)).toEqual(before);
  expect([mtimeOf(".env"), mtimeOf("database", "ai_company.db"), mtimeOf("uploads")]).toEqual(times);
});

it("a changed setting: preview shows exactly what it concerns, and up changes only that", async () => {
  const settings = project.read("Pulumi.dev.yaml");
  project.write("Pulumi.dev.yaml", `${settings}  scaling-ladder:database:\n    busyTimeoutMs: 9000\n`);
  const changed = ["update app-env", "update database", "update database-file"];
  const preview = await json<Preview>("preview");
  expect(stepsOf(preview)).toEqual(changed);
  expect(preview.drift).toEqual([]);
  expect(project.read(".env")).toContain("DB_SQLITE_BUSY_TIMEOUT_MS=5000");
  const { changes } = await json<Up>("up");
  expect(changes).toEqual({ same: 7, update: 3 });
  expect(runApplication(project).parsed.DB_SQLITE_BUSY_TIMEOUT_MS).toBe("9000");
  expect(project.read("Pulumi.dev.yaml")).toBe(`${settings}  scaling-ladder:database:\n    busyTimeoutMs: 9000\n`);
  git("commit", "--quiet", "--all", "--message", "a longer wait");
});

it("a deleted folder, a changed mode and an edited block show in both previews, and up mends them", async () => {
  rmSync(project.at("uploads"), { recursive: true });
  chmodSync(project.at("database/ai_company.db"), 0o644);
  project.write(".env", project.read(".env").replace("CACHE_TYPE=memory", "CACHE_TYPE=redis"));
  const preview = await json<Preview>("preview");
  expect(driftOf(preview)).toEqual(["app-env block edited", "database-file mode 0644", "files-folder gone"]);
  expect(stepsOf(preview)).toEqual(["create files-folder", "update app-env", "update database-file"]);
  const plain = await ladder("pulumi", "--", ...PREVIEW);
  expect(plain.code, plain.stderr).toBe(0);
  expect(plain.stdout).toMatch(/\+\s+\S+Folder files-folder create/);
  expect(plain.stdout).toMatch(/~\s+\S+SqliteFile database-file update/);
  expect(plain.stdout).toMatch(/~\s+\S+EnvFile app-env update/);
  const { stdout, stderr, code } = await ladder("up");
  expect(code, stdout + stderr).toBe(0);
  expect([modeOf("database", "ai_company.db"), modeOf("uploads")]).toEqual([0o600, 0o700]);
  expect(runApplication(project).parsed).toMatchObject({ CACHE_TYPE: "memory", API_SECRET: SECRET });
  project.write("uploads/picture.txt", "uploaded");
});

it("a deleted .env shows, and up writes it anew", async () => {
  rmSync(project.at(".env"));
  const { stdout } = await ladder("preview");
  expect(stdout).toContain("! app-env is gone");
  expect(stdout).toContain("+ create app-env");
  expect((await ladder("up")).code).toBe(0);
  expect(modeOf(".env")).toBe(0o600);
  appendFileSync(project.at(".env"), OWN_LINES);
  expect(runApplication(project).parsed).toMatchObject({ DB_TYPE: "sqlite", API_SECRET: SECRET });
});

it("an altered migration is refused by name, before anything is changed", async () => {
  const migration = project.read(MIGRATION);
  project.write(MIGRATION, `${migration}-- later\n`);
  const { code, stderr } = await ladder("preview");
  expect(code).toBe(4);
  expect(stderr).toContain("Migration 1 (platform_tables) of ai_company was altered");
  project.write(MIGRATION, migration);
});

it("S0-29: destroy keeps the database and the files, tells where they are, and leaves the user's lines", async () => {
  const { code, stdout } = await ladder("destroy", "--yes");
  expect(code).toBe(0);
  expect(stdout).toContain("Stack dev is down. Its data is kept:");
  for (const path of ["database/ai_company.db", "uploads"]) expect(stdout).toContain(project.at(path));
  expect(project.read("uploads/picture.txt")).toBe("uploaded");
  expect(project.read(".env")).toBe(OWN_LINES);
});

it("S0-29: up adopts what destroy left, with every row", async () => {
  const { code, stdout, stderr } = await ladder("up");
  expect(code, stdout + stderr).toBe(0);
  expect(runApplication(project, "one more").titles).toEqual([ROW, "one more"]);
  expect(project.read("uploads/picture.txt")).toBe("uploaded");
});

it("status and policy print one JSON value, too", async () => {
  expect(await json("status")).toMatchObject({ stack: "dev", tier: "development", database: { exists: true } });
  expect(await json("policy", "dev")).toMatchObject([{ stack: "dev", refused: false }]);
});

it("ladder env makes plain pulumi work in a shell", () => {
  const script = `eval "$("$NODE" cli/ladder.cjs env)" && pulumi stack output --json --stack dev`;
  const env = { ...project.env, NODE: process.execPath };
  const output = execFileSync("sh", ["-c", script], { cwd: project.root, env, encoding: "utf8" });
  said += output;
  expect(JSON.parse(output)).toMatchObject({ tier: "development", contract: "[secret]", app: { port: 5040 } });
});

it("all of that leaves git with nothing to report", () => {
  expect(git("status", "--porcelain")).toBe("");
  expect(git("diff", "HEAD", "--stat")).toBe("");
});

it("neither the state nor anything that was said holds the passphrase, the user's secret or a row", () => {
  const passphrase = project.read(".ladder", "passphrase").trim();
  expect(passphrase.length).toBeGreaterThan(30);
  const state = project.at(".ladder", "state");
  const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = [said, ...files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))];
  expect(texts.some((text) => text.includes("database-file"))).toBe(true);
  for (const secret of [passphrase, SECRET, ROW]) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});
