import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations, recordedName } from "../../catalogue/migrations";
import { LOCK } from "../../schema/lock";
import { type CatalogueDatabase, catalogueDatabase } from "../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../servers/postgres";
import { copyProject, type Project, type Run, type Started } from "../support/project";
import { Exit } from "./wrongCase";

const NAME = "ai_company";
const names = loadMigrations(NAME, "postgresql").map(recordedName);

let server: Postgres;
let database: CatalogueDatabase;
/** One whose migrations the tests make up. */
let slow: CatalogueDatabase;
let project: Project;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, NAME, { upTo: 0 });
  slow = await catalogueDatabase(server, "aibase", { upTo: 0 });
  project = copyProject();
  rmSync(project.at("catalogue", "aibase", "postgresql"), { recursive: true });
  for (const [index, seconds] of [0, 2, 0].entries())
    project.write(
      `catalogue/aibase/postgresql/000${index + 1}_step.sql`,
      `CREATE TABLE step_${index + 1} (id int);\nSELECT pg_sleep(${seconds});\n`,
    );
});
afterAll(async () => {
  await server.stop();
  project.remove();
});

/** libpq's variables for a role of a database. */
const variables = (
  of: CatalogueDatabase,
  as: Parameters<CatalogueDatabase["user"]>[0] = "owner",
): NodeJS.ProcessEnv => ({
  PGHOST: server.host,
  PGPORT: String(server.port),
  PGUSER: of.user(as),
  PGPASSWORD: of.password(as),
});

const schema = (args: readonly string[], env: NodeJS.ProcessEnv = variables(database)): Promise<Run> =>
  project.ladder(["schema", ...args], { env });

const on = (action: string, ...more: string[]): Promise<Run> => schema([action, "--database", NAME, ...more]);

describe("ladder schema", () => {
  it("tells what is pending, applies it with a line for each file, and then has nothing to do", async () => {
    const before = await on("status");
    expect({ code: before.code, stderr: before.stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of names) expect(before.stdout).toMatch(new RegExp(`^  ${name} +pending$`, "m"));
    expect(before.stdout).toContain("Nothing was ever applied here.");

    const ready = await on("diff");
    expect(ready.code).toBe(Exit.failed);
    expect(ready.stdout).toBe(names.map((name) => `  + pending: ${name}\n`).join(""));
    expect(ready.stderr).toContain(`${names.length} pending, 0 changed by hand`);

    const applied = await on("apply");
    expect({ code: applied.code, stdout: applied.stdout }).toEqual({
      code: 0,
      stdout: `Applied to ${NAME}: ${names.length} migrations.\n`,
    });
    for (const name of names) expect(applied.stderr).toMatch(new RegExp(`^  ${name}: done in \\d+\\.\\d\\d s$`, "m"));

    const again = await on("apply");
    expect(again).toEqual({
      code: 0,
      stdout: `The schema of ${NAME} was up to date; nothing was changed.\n`,
      stderr: "",
    });
    const after = await on("diff");
    expect(after).toEqual({ code: 0, stdout: `The schema of ${NAME} is that of this release.\n`, stderr: "" });
  });

  it("lists what was changed by hand, and prints JSON when asked", async () => {
    await database.psql("CREATE TABLE by_hand (id int)", "owner");
    const difference = { object: "table public.by_hand", kind: "added", changes: [] };
    const drift = { differences: [difference], partly: false };
    const words = await on("diff");
    expect(words).toMatchObject({
      code: Exit.failed,
      stdout: "  ! by hand: table public.by_hand is of no migration\n",
    });
    const json = await on("diff", "--json");
    expect(json.code).toBe(Exit.failed);
    expect(JSON.parse(json.stdout)).toEqual({ database: NAME, pending: [], drift });
    const status = await on("status", "--json");
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toEqual({
      database: NAME,
      applied: names.map((name) => ({ name, appliedAt: expect.stringMatching(/^\d{4}-.+Z$/) })),
      pending: [],
      drift,
    });
    const apply = await on("apply", "--json");
    expect(apply.code).toBe(0);
    expect(apply.stderr).toContain(`1 changed by hand in ${NAME}`);
    expect(JSON.parse(apply.stdout)).toEqual({ database: NAME, applied: [], pending: [], drift });
    await database.psql("DROP TABLE by_hand", "owner");
  });

  it("connects by a URL as well, which wins over the variables", async () => {
    const url = {
      ...variables(database),
      PGPASSWORD: "wrong",
      LADDER_DATABASE_URL: `${database.url("owner")}?sslmode=disable`,
    };
    expect(await schema(["diff", "--database", NAME], url)).toMatchObject({ code: 0, stderr: "" });
  });

  it("refuses a history that is another one with exit code 4", async () => {
    const asAnother = { ...variables(database), PGDATABASE: NAME };
    const { code, stderr } = await schema(["apply", "--database", "circle"], asAnother);
    expect(code).toBe(Exit.refused);
    expect(stderr).toMatch(
      /^error: Database ai_company was left as it is: it holds the logical database ai_company \(\w+ is recorded for it\), not circle\. .+\n$/,
    );
  });
});

describe("ladder schema in trouble says so in one line, without the password", () => {
  it.concurrent.each<[string, () => NodeJS.ProcessEnv, number, string]>([
    [
      "a wrong password",
      () => ({ ...variables(database), PGPASSWORD: "my secret" }),
      Exit.usage,
      `Role ai_company_owner may not connect to database ai_company at 127.0.0.1:`,
    ],
    [
      "no such database",
      () => ({ ...variables(database), PGDATABASE: "nope" }),
      Exit.usage,
      "There is no database nope at 127.0.0.1:",
    ],
    [
      "no right to connect",
      () => ({ ...variables(slow), PGDATABASE: NAME }),
      Exit.usage,
      "Role aibase_owner may not connect to database ai_company at",
    ],
    [
      "a role that does not own it",
      () => variables(database, "app"),
      Exit.usage,
      "Role ai_company cannot work on the schema of database ai_company: it belongs to ai_company_owner",
    ],
    [
      "nobody there",
      () => ({ ...variables(database), PGPORT: "1" }),
      Exit.failed,
      "No connection to database ai_company at 127.0.0.1:1: connect ECONNREFUSED",
    ],
    ["no server named", () => ({}), Exit.usage, "Which server? Set PGHOST"],
    [
      "a URL that is none",
      () => ({ LADDER_DATABASE_URL: "my secret" }),
      Exit.usage,
      "LADDER_DATABASE_URL is no URL of a PostgreSQL database.",
    ],
    [
      "a server without encryption",
      () => ({ ...variables(database), PGSSLMODE: "require" }),
      Exit.failed,
      "The server does not support SSL connections. Look at PGSSLMODE",
    ],
  ])("%s", async (_what, env, exitCode, says) => {
    const { code, stdout, stderr } = await schema(["apply", "--database", NAME], env());
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(says);
    for (const secret of ["my secret", database.password("owner"), slow.password("owner")])
      expect(stderr).not.toContain(secret);
  });
});

describe("ladder schema apply, when Ctrl-C is pressed", () => {
  const start = (): Started => project.start(["schema", "apply", "--database", "aibase"], { env: variables(slow) });
  /** Until it has written these words, or has ended. */
  const says = ({ process, ended }: Started, words: string): Promise<unknown> => {
    const said = new Promise<void>((done) => {
      let text = "";
      process.stderr?.on("data", (part) => {
        text += String(part);
        if (text.includes(words)) done();
      });
    });
    return Promise.race([said, ended]);
  };

  it("waits for nobody any more", async () => {
    const other = await slow.connect("owner");
    await other.query("SELECT pg_advisory_lock($1::bigint)", [LOCK]);
    const run = start();
    await says(run, "Waiting for another run: process");
    run.process.kill("SIGINT");
    expect(await run.ended).toMatchObject({ code: 130, stdout: "" });
    await other.end();
    expect(await slow.psql("SELECT to_regclass('step_1') IS NULL", "owner")).toBe("t");
  });

  it("finishes the file at work, begins no other, and tells what was applied and what is left", async () => {
    const run = start();
    await says(run, "0002_step ...");
    run.process.kill("SIGINT");
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toContain(
      "Stopped. Applied: 0001_step, 0002_step. Still pending: 0003_step. Run the same command again: it goes on from there.",
    );
    const rest = await project.ladder(["schema", "apply", "--database", "aibase"], { env: variables(slow) });
    expect(rest).toMatchObject({ code: 0, stdout: "Applied to aibase: 1 migration.\n" });
    expect(await slow.psql("SELECT to_regclass('step_3') IS NOT NULL", "owner")).toBe("t");
  });
});

describe("ladder schema bootstrap", () => {
  const master = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...variables(database, "superuser"),
    ...more,
  });
  const bootstrap = (env: NodeJS.ProcessEnv, ...more: string[]) =>
    schema(["bootstrap", "--database", "ai_breeding", ...more], env);
  const PASSWORD = "password of the owner";

  it("makes roles and database on a server that nobody prepared, and migrations follow as the owner", async () => {
    const passwords = {
      PASSWORD_ai_breeding_owner: PASSWORD,
      PASSWORD_ai_breeding_readonly: "of the reader",
      PASSWORD_ai_breeding_replication: "of the stream",
    };
    const without = await bootstrap(master(passwords), "--app-role", "breeder");
    expect([without.code, without.stderr]).toEqual([
      Exit.usage,
      "error: The role breeder is not there yet and has no password. Give one in the variable PASSWORD_breeder.\n",
    ]);
    const made = await bootstrap(master({ ...passwords, PASSWORD_breeder: "of the app" }), "--app-role", "breeder");
    expect({ code: made.code, stdout: made.stdout }).toEqual({
      code: 0,
      stdout:
        "Roles and rights of ai_breeding are right, and the database is new.\n" +
        "Next, as ai_breeding_owner: npx ladder schema apply --database ai_breeding\n",
    });
    expect(made.stderr).not.toContain(PASSWORD);
    const owner = { ...variables(database), PGUSER: "ai_breeding_owner", PGPASSWORD: PASSWORD };
    expect((await schema(["apply", "--database", "ai_breeding"], owner)).code).toBe(0);
    expect(await server.psql("SELECT has_table_privilege('breeder', 'agents', 'INSERT')", "ai_breeding")).toBe("t");
    const again = await bootstrap(master(), "--app-role", "breeder", "--json");
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([
      0,
      { database: "ai_breeding", created: false, without: expect.arrayContaining(["breeder"]) },
    ]);
  });

  it("refuses, in one line, a role that may not make roles", async () => {
    const refused = await bootstrap(variables(database));
    expect(refused.code).toBe(Exit.usage);
    expect(refused.stderr).toMatch(/^error: .*ai_company_owner.*\n$/);
  });
});
