import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { assess } from "../../../promotion/assess/assess";
import { reportJson, reportMarkdown, reportText } from "../../../promotion/assess/report";
import { rulesFile } from "../../../promotion/assess/rulesFile";
import { ExitCode, UserError } from "../../../settings/errors";
import { temporaryFolder } from "../../support/temporary";
import { breedingFile } from "../mapping/breeding";

const ROOT = join(__dirname, "../../..");

/** A database with a write-ahead log that the application still holds open, with rows that are only in the log. */
function live(sql: string, mode = "WAL"): { path: string; app: Database.Database } {
  const path = join(temporaryFolder(), "source.sqlite");
  const app = new Database(path);
  onTestFinished(() => void app.close());
  app.pragma(`journal_mode = ${mode}`);
  app.exec(sql);
  return { path, app };
}

const run = (path: string, more: object = {}) => assess({ source: { path, busyTimeoutMs: 1000 }, ...more });

const SOME = "CREATE TABLE t(id INTEGER PRIMARY KEY, c TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b')";

/** The names in a folder with size, time and content of those that hold data. */
const pictureOf = (folder: string): object =>
  Object.fromEntries(
    readdirSync(folder).map((name) => {
      const { size, mtimeNs, ino } = statSync(join(folder, name), { bigint: true });
      // Readers note in the -shm file which part of the log they use: it is shared memory, and holds no data.
      return [
        name,
        name.endsWith("-shm") ? {} : { size, mtimeNs, ino, bytes: readFileSync(join(folder, name)).toString("base64") },
      ];
    }),
  );

describe("an assessment (S1-38, C-22)", () => {
  it("leaves a database that is being used as it is, and sees the rows that are only in its log", async () => {
    const { path, app } = live(SOME);
    const before = pictureOf(join(path, ".."));
    const { tables } = await run(path);
    expect(pictureOf(join(path, ".."))).toEqual(before);
    expect(tables[0]?.rows).toBe(2);
    expect(app.prepare("INSERT INTO t VALUES (3, 'c')").run().changes).toBe(1);
  });

  it.each(["WAL", "DELETE"])("leaves nothing beside a database that nobody uses, journal mode %s", async (mode) => {
    const { path, app } = live(SOME, mode);
    app.close();
    const before = pictureOf(join(path, ".."));
    await run(path);
    expect(pictureOf(join(path, ".."))).toEqual(before);
    expect(readdirSync(join(path, ".."))).toEqual(["source.sqlite"]);
  });

  it.each([false, true])(
    "reads where the folder may not be written to (a log that nobody holds is there: %s)",
    (crashed) => {
      const { path, app } = live(SOME);
      const folder = join(path, "..");
      if (crashed) {
        const [file, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
        app.close();
        writeFileSync(path, file);
        writeFileSync(`${path}-wal`, log);
      } else app.close();
      chmodSync(folder, 0o555);
      onTestFinished(() => chmodSync(folder, 0o755));
      const script = `
      const { assess } = require(${JSON.stringify(join(ROOT, "promotion/assess/assess.ts"))});
      new (require("better-sqlite3"))(":memory:").close();
      if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
      assess({ source: { path: ${JSON.stringify(path)}, busyTimeoutMs: 1000 } }).then(({ tables }) => console.log(tables[0].rows));
    `;
      const names = readdirSync(folder);
      const child = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
        cwd: ROOT,
        encoding: "utf8",
      });
      expect(child.stderr).toBe("");
      expect(child.stdout.trim()).toBe("2");
      expect(readdirSync(folder)).toEqual(names);
    },
  );

  it("is one snapshot, whatever the application writes meanwhile", async () => {
    const { path, app } = live(`${SOME}; CREATE TABLE u(id INTEGER PRIMARY KEY)`);
    const { tables } = await run(path, {
      onProgress: () => app.exec("INSERT INTO u DEFAULT VALUES"),
    });
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual([
      ["t", 2],
      ["u", 0],
    ]);
    expect(app.prepare("SELECT count(*) FROM u").pluck().get()).toBeGreaterThan(0);
  });

  it("stops at Ctrl-C without a trace", async () => {
    const { path, app } = live(SOME);
    app.close();
    const stop = new AbortController();
    const stopped = run(path, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ exitCode: ExitCode.interrupted });
    expect(readdirSync(join(path, ".."))).toEqual(["source.sqlite"]);
  });

  it.each([
    ["is missing", undefined, /There is no database at/],
    ["is empty", "", /is empty/],
    ["is no database", "hello, this is no database at all", /is not a SQLite database/],
  ])("says in a sentence when the file %s", async (_what, content, message) => {
    const path = join(temporaryFolder(), "other.sqlite");
    if (content !== undefined) writeFileSync(path, content);
    await expect(run(path)).rejects.toThrow(message);
    await expect(run(path)).rejects.toBeInstanceOf(UserError);
    await expect(run(join(path, ".."))).rejects.toThrow(/is a folder, not a database/);
  });

  it("says that a database is damaged", async () => {
    const { path, app } = live(
      `${SOME}; WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, 'row ' || i FROM n`,
      "DELETE",
    );
    app.close();
    const bytes = readFileSync(path);
    bytes.fill(0xab, 8192, 16_384);
    writeFileSync(path, bytes);
    await expect(run(path)).rejects.toThrow(/is damaged/);
  });

  it("estimates time, disk and downtime, and says how", async () => {
    const { path } = live(SOME);
    const { estimates, bytes, walBytes } = await run(path);
    expect(estimates.how).toHaveLength(4);
    for (const figure of [
      estimates.seconds,
      estimates.targetBytes,
      estimates.walBytes,
      estimates.freezeMilliseconds,
      bytes,
      walBytes,
    ])
      expect(figure).toBeGreaterThan(0);
  });

  it("shows keys, and no other value of a row", async () => {
    const { path } = live(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b JSON, c BLOB); INSERT INTO t VALUES (4711, 'verysecret', '{verysecret', 'verysecret')`,
    );
    const found = await run(path);
    for (const text of [reportText(found), reportMarkdown(found), reportJson(found), rulesFile(found)])
      expect(text).not.toContain("verysecret");
    expect(reportText(found)).toContain("Carried");
    expect(reportMarkdown(found)).toContain("id=4711");
  });

  it("keeps names from breaking a terminal, Markdown or YAML", async () => {
    const { path } = live(`CREATE TABLE "a|b\n\u001b[31m"("x: {y}" INTEGER PRIMARY KEY, "true" TEXT, "# c" TEXT)`);
    const found = await run(path);
    expect(reportText(found)).not.toContain("\u001b");
    expect(reportMarkdown(found)).toContain("a\\|b");
    expect(await withRules(path, rulesFile(found))).toMatchObject({ questions: [], plan: expect.anything() });
  });

  it("tells which rows a catalogue's tables do not take, without a table of its own left in the source (C-23)", async () => {
    const path = breedingFile(
      `INSERT INTO agents (id, name, owner, energy) VALUES (7, 'Ada', 'ann', 150), (8, 'Bob', 'only here', 50)`,
    );
    const { cases, plan } = await run(path, { catalogue: "ai_breeding" });
    expect(cases.filter(({ id }) => id === "mapped-row")).toEqual([
      expect.objectContaining({ table: "agents", count: 1, refused: 1, keys: ["id=7"], outcome: "aside" }),
    ]);
    expect(plan?.catalogue).toBe("ai_breeding");
    const db = new Database(path, { readonly: true });
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE '%ladder%'").all()).toEqual([]);
    db.close();
  });

  it("tells why a catalogue's mapping does not fit", async () => {
    const { path } = live(SOME);
    const found = await run(path, { catalogue: "ai_breeding" });
    expect(found.plan).toBeUndefined();
    expect(reportText(found)).toContain(`No plan can be made: ${found.refusal?.slice(0, 20)}`);
  });
});

async function withRules(path: string, text: string) {
  const rules = join(temporaryFolder(), "rules.yaml");
  writeFileSync(rules, text);
  return run(path, { rules });
}

describe("the rules file of an assessment (C-22)", () => {
  const AMBIGUOUS = `CREATE TABLE t(id INTEGER PRIMARY KEY, born DATETIME, any, n INTEGER, "Name" TEXT COLLATE NOCASE);
    INSERT INTO t VALUES (1, 1700000000, x'00', 1, 'a'), (2, '2024-01-01', 5, 2, 'b'); CREATE TABLE old(a PRIMARY KEY)`;

  it("asks for what is ambiguous and leaves the rest as it is", async () => {
    const { path } = live(AMBIGUOUS);
    const found = await run(path);
    expect(found.plan).toBeUndefined();
    expect(found.questions.map((question) => question.split(":")[0])).toEqual(["t.born", "t.any"]);
    expect(reportText(found)).toContain("2 columns need a ruling in rules.yaml");
    const again = await withRules(path, rulesFile(found));
    expect(again.questions).toEqual(found.questions);
  });

  it("leaves no question once its answers are filled in, and then says the same again", async () => {
    const { path } = live(AMBIGUOUS);
    const text = rulesFile(await run(path));
    const answered = text
      .replace(/born:\n(\s+)type:\n\s+from:/, "born:\n$1type: timestamptz\n$1from: seconds")
      .replace(/any:\n(\s+)type:/, "any:\n$1type: bytea");
    expect(answered).not.toBe(text);
    const found = await withRules(path, answered);
    expect(found.questions).toEqual([]);
    expect(found.plan?.tables.map(({ source }) => source)).toEqual(expect.arrayContaining(["t", "old"]));
    expect(found.tables.find(({ name }) => name === "t")?.columns.map(({ type }) => type)).toEqual([
      "bigint",
      "timestamptz",
      "bytea",
      "bigint",
      "text",
    ]);
    expect((await withRules(path, rulesFile(found))).rules).toEqual(found.rules);
  });

  it("means what it says: with every # taken away nothing changes but what is asked", async () => {
    const { path } = live(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a BOOLEAN, b DECIMAL(8,3), c REAL, d JSON, e DATETIME, f DATE, g BLOB, h INTEGER, i TEXT);
       INSERT INTO t VALUES (1, 1, 1.5, 0.5, '{}', '2024-01-01 10:00', '2024-01-01', x'00', 5, 'x')`,
    );
    const found = await run(path);
    const all = rulesFile(found).replace(/^(\s+)# (\w+: \{)/gm, "$1$2");
    const again = await withRules(path, all);
    expect(Object.keys(again.rules.tables.t?.columns ?? {})).toHaveLength(10);
    expect(again.tables[0]?.columns.map(({ codec }) => codec)).toEqual(
      found.tables[0]?.columns.map(({ codec }) => codec),
    );
  });

  it("keeps a table that was left out", async () => {
    const { path } = live(AMBIGUOUS);
    const found = await withRules(path, "version: 1\ntables:\n  t: { skip: true }");
    expect(found.questions).toEqual([]);
    expect(found.plan?.tables.map(({ source }) => source)).toEqual(["old"]);
    expect(existsSync(path)).toBe(true);
    expect(rulesFile(found)).toContain("t:\n    skip: true");
  });
});
