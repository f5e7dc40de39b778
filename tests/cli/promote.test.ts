import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../servers/postgres";
import { contentOf, copyProject, type LadderOptions, type Project, type Run } from "../support/project";
import { DATABASE, makeDatabase } from "./data";
import { Exit } from "./wrongCase";

const NAME = "ai_company";
const ROWS = 2_000;

let server: Postgres;
let target: CatalogueDatabase;
let project: Project;
/** The application's connection to the SQLite file. */
let application: Database.Database;

beforeAll(async () => {
  server = await startPostgres();
  target = await catalogueDatabase(server, NAME, { upTo: 0 });
  // What an owner has who is alone on a server.
  await target.psql(`ALTER ROLE ${target.user("owner")} CONNECTION LIMIT 5`, "superuser");
  project = copyProject();
  makeDatabase(project, ROWS);
  application = new Database(project.at(DATABASE));
});
afterAll(async () => {
  application.close();
  await server.stop();
  project.remove();
});

const variables = (): NodeJS.ProcessEnv => ({
  PGHOST: server.host,
  PGPORT: String(server.port),
  PGUSER: target.user("owner"),
  PGPASSWORD: target.password("owner"),
  DB_PG_USERNAME: target.user("app"),
  DB_PG_PASSWORD: target.password("app"),
});
const promote = (args: readonly string[], env: NodeJS.ProcessEnv = variables()): Promise<Run> =>
  project.ladder(["promote", "dev", ...args], { env } satisfies LadderOptions);
const ideas = async (): Promise<string> => target.psql("SELECT count(*) FROM ai_ideas", "owner");
const writeSqlite = (title: string) => application.prepare("INSERT INTO ai_ideas (title) VALUES (?)").run(title);
const writePostgres = (title: string) => target.psql(`INSERT INTO ai_ideas (title) VALUES ('${title}')`);

describe("ladder promote", () => {
  it("tells with --plan what each step would do, and changes nothing (S1-46, S1-47)", async () => {
    const relations = () => target.psql("SELECT count(*) FROM pg_class", "owner");
    const before = [...contentOf(project.root), await relations()];
    const run = await promote(["--to", "smb", "--plan"]);
    expect(run, run.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(/would carry \d+ tables with 2,0\d\d rows/);
    for (const step of ["assess", "prepare", "copy", "verify", "cutover", "soak"])
      expect(run.stdout).toMatch(new RegExp(`^${step} \\(to do\\): .+\\n  Way back: `, "m"));
    expect(run.stdout).toMatch(/^Uploaded files go by .+\nThe cache changes from memory to redis, .+Announce it\.$/m);
    expect(run.stdout).toContain("Nothing was changed (--plan).");
    expect([...contentOf(project.root), await relations()]).toEqual(before);

    const unnamed = await promote(["--to", "smb", "--plan", "--json"], {});
    expect(JSON.parse(unnamed.stdout)).toMatchObject({ stack: "dev", problems: [expect.stringContaining("PGHOST")] });
  });

  it("assesses, with a report and a rules file that is ready to edit (S1-38, C-22)", async () => {
    const run = await promote(["--to", "smb", "--step", "assess"], {});
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(run.stdout).toMatch(/The whole report: .+assessment\.md\. Rulings, ready to edit: .+rules\.yaml\n$/);
    const json = await promote(["--to", "smb", "--step", "assess", "--json"], {});
    expect(JSON.parse(json.stdout)).toMatchObject({ catalogue: NAME });
  });

  it("asks before it changes anything, and refuses where nobody can answer", async () => {
    const run = await promote(["--to", "smb"]);
    expect(run, run.stderr).toMatchObject({ code: Exit.usage, stdout: "" });
    expect(run.stderr).toContain("nobody can answer here. Add --yes");
  });

  it("goes on after SIGKILL, ends with PostgreSQL serving, and goes back with all that was written there (S1-70, C-25)", async () => {
    const args = ["--to", "smb", "--yes"];
    const killed = project.start(["promote", "dev", ...args], { env: variables() });
    let said = "";
    killed.process.stderr?.on("data", (text: string) => {
      said += text;
    });
    while (!/^copy: /m.test(said) && killed.process.exitCode === null) await sleep(20);
    killed.process.kill("SIGKILL");
    await killed.ended;
    writeSqlite("between two runs");

    const run = await promote([...args, "--json"]);
    expect(run.code, run.stderr).toBe(0);
    const outcome = JSON.parse(run.stdout);
    expect(outcome.announce).toEqual([expect.any(String), expect.stringContaining("all sessions end")]);
    expect(outcome).toMatchObject({ stack: "dev", done: "soak", serving: "postgresql", soak: { changes: 0 } });
    expect(run.stderr).toContain("DB_TYPE=postgresql");
    for (const secret of [target.password("owner"), target.password("app")]) expect(run.stderr).not.toContain(secret);
    expect(await ideas()).toBe(String(application.prepare("SELECT count(*) FROM ai_ideas").pluck().get()));
    expect(() => writeSqlite("too late")).toThrow(/^ladder: this database moved to/);
    await writePostgres("in PostgreSQL");

    const again = await promote(args);
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(
      /^PostgreSQL serves stack dev\..+\n.+1 changes are logged for a way back\.\nWay back: /m,
    );

    const back = await promote(["--rollback", "--yes"]);
    expect(back, back.stderr).toMatchObject({ code: 0 });
    expect(back.stdout).toContain("the promotion was taken back, and SQLite serves");
    expect(application.prepare("SELECT count(*) FROM ai_ideas WHERE title = 'in PostgreSQL'").pluck().get()).toBe(1);
    writeSqlite("SQLite serves again");
    await expect(writePostgres("too late")).rejects.toThrow(/no longer serving/);
  });

  it("is taken back before the cut-over, and refuses what is in the target until it may remove it", async () => {
    const full = await promote(["--to", "smb", "--yes"]);
    expect(full, full.stderr).toMatchObject({ code: Exit.refused, stdout: "" });
    expect(full.stderr).toContain("--reset-target");
    const half = await promote(["--to", "smb", "--yes", "--reset-target", "--step", "verify"]);
    expect(half, half.stderr).toMatchObject({ code: 0 });
    expect(half.stdout).toContain("SQLite serves stack dev.");
    await expect(writePostgres("too early")).rejects.toThrow(/not serving yet/);
    const back = await promote(["--rollback", "--yes"]);
    expect(back, back.stderr).toMatchObject({ code: 0 });
    expect(await ideas()).toBe("0");
    expect(
      application.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE '\\_ladder%' ESCAPE '\\'").pluck().get(),
    ).toBe(0);
    const nothing = await promote(["--rollback", "--yes", "--json"]);
    expect(nothing.code).toBe(Exit.usage);
    expect(JSON.parse(nothing.stdout)).toMatchObject({
      error: expect.stringContaining("There is no promotion of stack dev"),
    });
  });
});

describe("ladder promote in trouble says so in one line, and changes nothing", () => {
  it.each<[string, readonly string[], () => NodeJS.ProcessEnv, number, string]>([
    [
      "no tier",
      ["--yes"],
      variables,
      Exit.usage,
      "Where to? Name the tier with --to <tier>. Allowed: smb, enterprise.",
    ],
    [
      "a tier without PostgreSQL",
      ["--to", "small-team"],
      variables,
      Exit.usage,
      "Allowed choices are smb, enterprise.",
    ],
    ["no server", ["--to", "smb", "--yes"], () => ({}), Exit.usage, "Which server? Set PGHOST"],
    [
      "a wrong password",
      ["--to", "smb", "--yes"],
      () => ({ ...variables(), PGPASSWORD: "my secret" }),
      Exit.usage,
      "Role ai_company_owner may not connect to database ai_company",
    ],
    [
      "no such file",
      ["--to", "smb", "--yes", "--source", "nope.db"],
      variables,
      Exit.usage,
      "There is no database at ",
    ],
    [
      "two ways at once",
      ["--rollback", "--step", "copy"],
      variables,
      Exit.usage,
      "--rollback and --step cannot be given together",
    ],
    [
      "too many workers",
      ["--to", "smb", "--workers", "99"],
      variables,
      Exit.usage,
      "--workers is 99. Allowed: 1 to 16.",
    ],
    [
      "a way back without a server",
      ["--rollback", "--settings", "Pulumi.smb.yaml", "--yes"],
      () => ({}),
      Exit.usage,
      "Which server? Set PGHOST",
    ],
    ["nothing to retire", ["--step", "retire", "--yes"], variables, Exit.usage, "There is no promotion of stack dev"],
  ])("%s", async (_what, args, env, code, says) => {
    const run = await promote(args, env());
    expect(run, run.stderr).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(says);
    expect(run.stderr).not.toMatch(/my secret|\n {4}at /);
  });

  it("a target whose migrations are newer", async () => {
    await target.psql("INSERT INTO ladder.migrations (name, run_on) VALUES ('9999_future', now())", "owner");
    const run = await promote(["--to", "smb", "--yes"]);
    expect(run, run.stderr).toMatchObject({ code: Exit.refused, stdout: "" });
    expect(run.stderr).toMatch(/9999_future/);
    expect(await target.psql("SELECT to_regnamespace('ladder_promotion') IS NULL", "owner")).toBe("t");
  });
});
