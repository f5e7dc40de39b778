import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { LOCK } from "../../../promotion/machine/lock";
import { promote } from "../../../promotion/machine/promote";
import { rehearse } from "../../../promotion/machine/rehearse";
import { connect } from "../../../schema/connection";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { contentOf } from "../../support/project";
import { asLadder, makeWorld, PASSWORD, startWriter, type World } from "./world";

let server: Postgres;
let world: World;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  world = await makeWorld(server);
});
afterEach(() => world.remove());

const objects = (db: Database.Database): unknown[] =>
  db.prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").raw().all();
const inTarget = () =>
  world.query<{ name: string }>(
    "SELECT nspname || '.' || relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname !~ '^pg_|information_schema' AND relkind IN ('r', 'v')",
  );
const writesSqlite = (): void => {
  world.db.prepare("INSERT INTO users (name) VALUES ('written')").run();
};
const writesPostgres = () => world.query("INSERT INTO users (name) VALUES ('written')");

describe("a promotion", () => {
  it("carries every acknowledged write of an application that writes all the while, and carries back what PostgreSQL took (S0-41, C-24, C-25)", async () => {
    const writers = ["anna", "ben"].map((name) => startWriter(world.file, name));
    const outcome = await promote(world.options());
    expect(outcome).toMatchObject({ done: "soak", serving: "postgresql", soak: { changes: 0 } });
    expect(outcome.actions.map(({ action }) => action)).toEqual([
      "prepare",
      "copy",
      "verify",
      "cutover",
      "open",
      "flip",
      "settle",
      "soak",
    ]);
    const told = await Promise.all(writers.map((writer) => writer.stop()));
    const { postgresql, sqlite } = await world.users();
    expect(postgresql).toEqual(sqlite);
    const there = new Map((postgresql as { name: string; score: number }[]).map(({ name, score }) => [name, score]));
    for (const { users, writes, refused } of told) {
      expect(writes).toBeGreaterThan(10);
      expect(refused).toMatch(/^ladder: this database moved to PostgreSQL/);
      for (const [name, score] of users) expect(there.get(name) ?? null, name).toEqual(score);
    }
    expect(writesSqlite).toThrow(/moved to PostgreSQL/);

    await writesPostgres();
    await world.query("UPDATE users SET score = 99.5 WHERE id = 1");
    await world.query("DELETE FROM posts WHERE id = 2");
    await world.query("INSERT INTO notes VALUES ('from PostgreSQL', 2)");
    const back = await promote(world.options({ wish: "rollback" }));
    expect(back).toMatchObject({ done: "rollback", serving: "sqlite" });
    const after = await world.users();
    expect(after.sqlite).toEqual(after.postgresql);
    expect(world.db.prepare("SELECT a FROM notes ORDER BY a").pluck().all()).toEqual(["from PostgreSQL", "x", "x"]);
    expect(world.db.pragma("integrity_check", { simple: true })).toBe("ok");
    world.db.prepare("UPDATE users SET score = 1 WHERE id = 1").run();
    await expect(writesPostgres()).rejects.toThrow(/no longer serving/);

    const again = promote(world.options());
    await expect(again).rejects.toThrow(/The target is not empty.*--reset-target/);
    const anew = await promote(world.options({}, { resetTarget: true }));
    expect(anew).toMatchObject({ serving: "postgresql" });
    expect(anew.id).not.toBe(outcome.id);
  });

  it("goes on from each step, on a machine that has lost its folder, too", async () => {
    const first = await promote(world.options({ wish: "prepare" }));
    expect(first).toMatchObject({ done: "prepare", serving: "sqlite" });
    for (const wish of ["copy", "verify", "cutover", "soak"] as const) {
      if (wish !== "copy") rmSync(world.parent, { recursive: true });
      const outcome = await promote(world.options({ wish }));
      expect(outcome).toMatchObject({ id: first.id, done: wish });
      const events = readFileSync(join(outcome.folder, "journal.jsonl"), "utf8");
      expect(events).toContain('"step":"prepare"');
    }
    const { sqlite, postgresql } = await world.users();
    expect(postgresql).toEqual(sqlite);
  });

  it.each(["prepare", "copy", "verify"] as const)(
    "is taken back after %s, and leaves nothing on either side",
    async (wish) => {
      const before = objects(world.db);
      await promote(world.options({ wish }));
      writesSqlite();
      const outcome = await promote(world.options({ wish: "rollback" }));
      expect(outcome).toMatchObject({ done: "rollback", serving: "sqlite" });
      expect(objects(world.db)).toEqual(before);
      expect(await inTarget()).toEqual([]);
      world.db.prepare("UPDATE users SET score = 3 WHERE id = 3").run();
      await expect(promote(world.options({ wish: "rollback" }))).rejects.toThrow(/There is no promotion of stack dev/);
      expect(await promote(world.options({ wish: "prepare" }))).toMatchObject({ done: "prepare" });
    },
  );

  it("is retired only when PostgreSQL serves; the file stays and refuses writes (C-26)", async () => {
    await expect(promote(world.options({ wish: "retire" }))).rejects.toThrow(/There is no promotion of stack dev/);
    await promote(world.options({ wish: "verify" }));
    await expect(promote(world.options({ asked: { quarantine: true } }))).rejects.toThrow(
      /^--quarantine is not what promotion .* began with/,
    );
    await expect(promote(world.options({ wish: "retire" }))).rejects.toThrow(
      /Only a promotion whose PostgreSQL serves/,
    );
    await promote(world.options());
    const backups = () => readdirSync(join(world.folder, "backups", "daily")).length;
    const before = backups();
    expect(await promote(world.options({ wish: "retire" }))).toMatchObject({ done: "retire", serving: "postgresql" });
    expect(backups()).toBeGreaterThan(before);
    expect((await inTarget()).map(({ name }) => name).filter((name) => !name.startsWith("public."))).toEqual([]);
    await writesPostgres();
    expect(writesSqlite).toThrow(/moved to PostgreSQL/);
    expect(await promote(world.options({ wish: "rollback" }))).toMatchObject({ done: "retire", serving: "postgresql" });
    expect(await promote(world.options())).toMatchObject({ done: "retire" });
    const next = join(world.folder, "next.db");
    new Database(next).exec("PRAGMA journal_mode = WAL; CREATE TABLE t (a)").close();
    const other = world.options(
      { asked: { source: next, quarantine: false } },
      { source: { path: next, busyTimeoutMs: 5_000 } },
    );
    await expect(promote(other)).rejects.toThrow(/The target is not empty/);
    rmSync(world.parent, { recursive: true });
    await expect(promote(world.options())).rejects.toThrow(/has moved to PostgreSQL/);
  });

  it("is rehearsed with a copy, and leaves both sides as they were (S0-40)", async () => {
    const before = contentOf(world.folder);
    const outcome = await rehearse(world.options());
    expect(outcome.actions.map(({ action }) => action)).toEqual(["prepare", "copy", "verify"]);
    expect(await inTarget()).toEqual([]);
    expect(contentOf(world.folder).filter((line) => !line.startsWith(world.parent))).toEqual(before);
    expect(readdirSync(world.parent).filter((name) => name.startsWith("rehearsal"))).toEqual([]);
  });

  it("is not rehearsed where it is begun: a rehearsal would take it back", async () => {
    const { id } = await promote(world.options({ wish: "copy" }));
    await expect(rehearse(world.options())).rejects.toThrow(
      /which a rehearsal would take back\. Rehearse into another/,
    );
    expect(await promote(world.options())).toMatchObject({ id, serving: "postgresql" });
    await expect(rehearse(world.options())).rejects.toThrow(/which a rehearsal would take back/);
    await writesPostgres();
  });

  it("is of the file itself after a rehearsal that was killed, whose copy and tables go", async () => {
    const scratch = join(world.parent, `rehearsal-${randomUUID()}`);
    mkdirSync(scratch, { recursive: true });
    const copy = join(scratch, "shop.db");
    await world.db.backup(copy);
    await promote(
      world.options(
        { rehearsal: true, wish: "copy", parent: join(scratch, "promotions") },
        { source: { path: copy, busyTimeoutMs: 5_000 } },
      ),
    );
    writesSqlite();
    expect(await promote(world.options())).toMatchObject({ serving: "postgresql" });
    expect(existsSync(scratch)).toBe(false);
    expect(writesSqlite).toThrow(/moved to PostgreSQL/);
    const { postgresql, sqlite } = await world.users();
    expect(postgresql).toEqual(sqlite);
  });

  it("writes no password anywhere, and no value of a row", async () => {
    world.db.prepare("UPDATE posts SET body = 'a personal value'").run();
    const { folder } = await promote(world.options());
    const { rows } = {
      rows: await world.query<{ text: string }>(
        "SELECT p::text AS text FROM ladder_promotion.promotion AS p UNION ALL SELECT j::text FROM ladder_promotion.journal AS j",
      ),
    };
    const texts = [
      ...readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")),
      ...rows.map(({ text }) => text),
      ...world.said,
    ];
    for (const text of texts)
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), "a personal value"])
        expect(text).not.toContain(secret);
  });
});

describe("a promotion that meets trouble leaves SQLite serving and says what to do", () => {
  it("one row that differs blocks the cut-over, and the next comparison names it", async () => {
    await promote(world.options({ wish: "verify" }));
    await asLadder(world, (client) => client.query("DELETE FROM users WHERE id = 7"));
    await expect(promote(world.options())).rejects.toThrow(
      /No cut-over: .*users: 299 rows in PostgreSQL, 300 of users/,
    );
    writesSqlite();
    await expect(promote(world.options())).rejects.toThrow(/users/);
    expect(await promote(world.options({ wish: "rollback" }))).toMatchObject({ serving: "sqlite" });
  });

  it("the application changes its schema", async () => {
    await promote(world.options({ wish: "copy" }));
    world.db.exec("ALTER TABLE users ADD COLUMN email TEXT");
    await expect(promote(world.options())).rejects.toThrow(/schema of .* was changed since the promotion began/);
    world.db.prepare("INSERT INTO users (name, email) VALUES ('later', 'x')").run();
    expect(await promote(world.options({ wish: "rollback" }))).toMatchObject({ serving: "sqlite" });
    expect(await inTarget()).toEqual([]);
  });

  it("holding the writers takes too long: they are let go each time, and a longer freeze goes through (C-24)", async () => {
    await promote(world.options({ wish: "verify" }));
    await expect(promote(world.options({ maxFreezeMs: 1 }))).rejects.toThrow(/tried 3 times.*--max-freeze/);
    writesSqlite();
    const keys = await world.query("SELECT FROM pg_constraint WHERE contype = 'f'");
    expect(keys).toEqual([]);
    const { actions } = await promote(world.options());
    expect(actions[0]).toMatchObject({ action: "cutover", figures: { attempts: 1 } });
    const { sqlite, postgresql } = await world.users();
    expect(postgresql).toEqual(sqlite);
  });

  it("two at once: the second is told of the first", async () => {
    const first = promote(world.options());
    await expect(promote(world.options())).rejects.toThrow(/is being promoted by process \d+ on this machine/);
    expect(await first).toMatchObject({ serving: "postgresql" });
    const held = await connect(world.connection);
    await held.query("SELECT pg_advisory_lock($1::bigint)", [LOCK]);
    const elsewhere = promote(world.options({ parent: join(world.folder, "elsewhere") }));
    await expect(elsewhere).rejects.toThrow(/Another promotion is at work in this database \(process \d+, role app_/);
    await held.end();
  });

  it("a file that is in another promotion, and a database that is another stack's", async () => {
    await promote(world.options({ wish: "prepare" }));
    const other = await makeWorld(server, 1);
    const source = { path: world.file, busyTimeoutMs: 5_000 };
    await expect(promote(other.options({}, { source }))).rejects.toThrow(/is in promotion [0-9a-f-]+ already/);
    const stolen = promote(other.options({ connection: world.connection, stack: "prod" }));
    await expect(stolen).rejects.toThrow(/belongs to the promotion of stack dev .* not of prod/);
    const lost = promote(world.options({ connection: other.connection }));
    await expect(lost).rejects.toThrow(/has no notes of it/);
    other.remove();
  });

  it("the file was put back from a backup after the cut-over: neither side is touched", async () => {
    const copy = join(world.folder, "copy.db");
    await world.db.backup(copy);
    await promote(world.options());
    world.db.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(world.file + suffix, { force: true });
    const old = new Database(copy);
    await old.backup(world.file);
    old.close();
    await expect(promote(world.options({ wish: "rollback" }))).rejects.toThrow(/Both sides take writes/);
    expect(existsSync(world.file)).toBe(true);
  });

  it("this machine's clock jumps by years between the steps, and is another one than the server's: nothing is decided by it", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2041-05-05T05:05:05Z") });
    try {
      await promote(world.options({ wish: "verify" }));
      vi.setSystemTime(new Date("2003-01-01T00:00:00Z"));
      writesSqlite();
      const outcome = await promote(world.options());
      expect(outcome).toMatchObject({ serving: "postgresql" });
      expect(outcome.soak?.servingMs).toBeLessThan(600_000);
      await world.query("UPDATE users SET score = 5 WHERE id = 5");
      vi.setSystemTime(new Date("2050-01-01T00:00:00Z"));
      expect(await promote(world.options({ wish: "rollback" }))).toMatchObject({ serving: "sqlite" });
    } finally {
      vi.useRealTimers();
    }
    const { sqlite, postgresql } = await world.users();
    expect(sqlite).toEqual(postgresql);
  });

  it("no fresh backup for --no-export, and a target that is not empty", async () => {
    await expect(promote(world.options({ export: false }))).rejects.toThrow(/--no-export needs a backup/);
    await world.query("CREATE TABLE theirs (id int)");
    await expect(promote(world.options())).rejects.toThrow(/The target is not empty: it has theirs already/);
    expect((await inTarget()).map(({ name }) => name)).toEqual(["public.theirs"]);
    expect(readdirSync(world.parent, { withFileTypes: true }).filter((entry) => entry.isDirectory())).toEqual([]);
  });
});
