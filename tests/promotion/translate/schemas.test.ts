import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { SCHEMAS } from "./schemas";
import { bothSides, type Sides } from "./sides";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

async function on<T>(schema: string, use: (sides: Sides) => Promise<T>): Promise<T> {
  const sides = await bothSides(server, SCHEMAS[schema] ?? schema);
  try {
    return await use(sides);
  } finally {
    await sides.close();
  }
}

const lost = (sides: Sides): string[] => sides.plan.leftOut.map(({ what }) => what);

/** Whether each side takes a row: the values of a statement that is the same SQL for both. */
async function taken(sides: Sides, statement: string): Promise<{ sqlite: boolean; postgresql: boolean }> {
  const sqlite = ((): boolean => {
    try {
      sides.sqlite.exec(`SAVEPOINT one; ${statement}; ROLLBACK TO one; RELEASE one`);
      return true;
    } catch {
      sides.sqlite.exec("ROLLBACK TO one; RELEASE one");
      return false;
    }
  })();
  await sides.client.query("BEGIN");
  const postgresql = await sides.client.query(statement).then(
    () => true,
    () => false,
  );
  await sides.client.query("ROLLBACK");
  return { sqlite, postgresql };
}

describe("S0-14: PostgreSQL takes the translation of", () => {
  it.each(Object.keys(SCHEMAS))("%s", async (schema) => {
    await on(schema, async ({ client, plan }) => {
      const { rows } = await client.query<{ n: string }>(
        "SELECT count(*) AS n FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
      );
      expect(Number(rows[0]?.n)).toBe(plan.tables.length);
      for (const { sql } of plan.foreignKeys) {
        const [, table, name] = /ALTER TABLE (\S+) ADD CONSTRAINT ("(?:[^"]|"")*")/.exec(sql) ?? [];
        await client.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`);
      }
    });
  });
});

it("a check takes and refuses the same rows on both sides", async () => {
  await on("identity, defaults and checks", async (sides) => {
    const rows = [
      "(level) VALUES (50)",
      "(level) VALUES (101)",
      "(level) VALUES (NULL)",
      "(level, role) VALUES (13, 'user')",
      "(level, role) VALUES (13, 'admin')",
      "(role) VALUES ('root')",
      "(role) VALUES (NULL)",
      "(share) VALUES (1.0000001)",
      "(share) VALUES (-0.0)",
      "(name) VALUES ('')",
      "(name) VALUES ('ends in a blank ')",
      "(name) VALUES (NULL)",
      "(active) VALUES (NULL)",
    ];
    for (const row of rows) {
      const { sqlite, postgresql } = await taken(sides, `INSERT INTO users ${row}`);
      expect({ row, takes: postgresql }).toEqual({ row, takes: sqlite });
    }
    expect(lost(sides)).toEqual([
      "check (length(name) > 0 AND name NOT LIKE '% ' AND name NOT GLOB '*[0-9]*') on users, in part",
    ]);
  });
});

it("a default gives the same on both sides", async () => {
  await on("identity, defaults and checks", async ({ sqlite, client }) => {
    sqlite.exec("INSERT INTO users DEFAULT VALUES");
    await client.query("INSERT INTO users DEFAULT VALUES");
    const columns = "name, title, level, share, role, small, void";
    const { rows } = await client.query(
      `SELECT ${columns}, active::int, balance::float, encode(avatar, 'hex') AS avatar, yes::int FROM users`,
    );
    const wanted = sqlite
      .prepare(`SELECT ${columns}, active, balance, lower(hex(avatar)) AS avatar, yes FROM users`)
      .get();
    const [got] = rows;
    expect({ ...got, level: Number(got.level), small: Number(got.small) }).toEqual(wanted);
  });
});

it("a default of the present time is a time of now, in the form that the column had", async () => {
  await on("times and chance", async (sides) => {
    const { sqlite, client } = sides;
    sqlite.exec("INSERT INTO events DEFAULT VALUES");
    await client.query("INSERT INTO events DEFAULT VALUES");
    const shape = (value: unknown): string => String(value).replace(/[0-9]/g, "0").replace(/[a-f]/g, "x");
    const texts = ["at_text", "day_text", "hour", "iso"];
    const wanted = sqlite.prepare(`SELECT ${texts.join(", ")} FROM events`).get() as Record<string, string>;
    const { rows } =
      await client.query(`SELECT ${texts.join(", ")}, id, number, (at - now() AT TIME ZONE 'UTC')::text AS late,
      day - (now() AT TIME ZONE 'UTC')::date AS days, abs(seconds - epoch) AS apart, abs(epoch * 1000 - milliseconds) < 2000 AS near, month FROM events`);
    const [got] = rows;
    expect(texts.map((name) => shape(got[name]))).toEqual(texts.map((name) => shape(wanted[name])));
    expect(got.id).toMatch(/^[0-9a-f]{32}$/);
    expect(Number(got.number)).toBeGreaterThanOrEqual(0);
    expect(got).toMatchObject({ days: 1, apart: "0", near: true, month: null });
    expect(lost(sides)).toEqual(["default datetime('now', '+1 month') of events.month"]);
  });
});

it("names stay, unless PostgreSQL cannot have them", async () => {
  await on("names: reserved, mixed case, long, awkward", async ({ client, plan }) => {
    const { rows } = await client.query(
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'Order' ORDER BY ordinal_position",
    );
    expect(rows.map(({ column_name }) => column_name)).toEqual([
      "select",
      "From",
      "two words",
      "back`tick",
      'quo"te',
      "xmin_1",
    ]);
    const long = plan.tables.find(({ source }) => source.startsWith("a_table"));
    expect(Buffer.byteLength(long?.target ?? "")).toBe(63);
    expect(new Set(long?.columns.map(({ target }) => target)).size).toBe(2);
    expect(plan.leftOut.filter(({ what }) => what.startsWith("name of"))).toHaveLength(5);
  });
});

it("foreign keys act as they did, and those to nothing are told", async () => {
  await on("foreign keys: composite, cyclic, to itself, bare, with actions, broken", async (sides) => {
    const { client } = sides;
    expect(sides.plan.foreignKeys).toHaveLength(5);
    expect(lost(sides)).toEqual([
      "foreign key (loose) of child to parent",
      "foreign key (gone) of child to nowhere",
      "foreign key (unlike) of child to parent",
    ]);
    await client.query("UPDATE parent SET id = 5, favourite = NULL WHERE id = 1");
    await client.query(
      "BEGIN; INSERT INTO child (id, parent, x, y) VALUES (9, NULL, 'late', 2); INSERT INTO grid VALUES ('late', 2); COMMIT",
    );
    await client.query("DELETE FROM grid WHERE x = 'a'");
    const { rows } = await client.query("SELECT parent::int, x, y::int FROM child WHERE id = 1");
    expect(rows).toEqual([{ parent: 5, x: null, y: null }]);
    await expect(client.query("DELETE FROM parent WHERE id = 5")).rejects.toThrow("violates foreign key");
  });
});

it("unique indexes refuse what SQLite's refuse, and nothing else", async () => {
  await on("indexes: partial, expression, descending, collations, unique", async (sides) => {
    const rows = [
      "(name) VALUES ('aNN')",
      "(name) VALUES ('Bea')",
      "(name) VALUES ('É')",
      "(mail, born, gone) VALUES ('A@x', 1980, NULL)",
      "(mail, born) VALUES ('a@X', 1980)",
      "(mail, born) VALUES ('a@X', NULL)",
      "(padded) VALUES ('a')",
      "(padded) VALUES (' a')",
      "(padded) VALUES (NULL)",
    ];
    for (const row of rows) {
      const { sqlite, postgresql } = await taken(sides, `INSERT INTO people ${row}`);
      expect({ row, takes: postgresql }).toEqual({ row, takes: sqlite });
    }
    expect(sides.plan.tables[0]?.uniques.filter((columns) => columns)).toEqual([["mail", "born"]]);
    expect(sides.plan.tables[0]?.uniques).toHaveLength(5);
    expect(lost(sides)).toEqual([
      "index by_glob on people",
      "collation NOCASE of people.name",
      "collation RTRIM of people.padded",
    ]);
  });
});

it("PostgreSQL computes the generated columns as SQLite did", async () => {
  await on("generated columns", async (sides) => {
    const { sqlite, client } = sides;
    const { rows } = await client.query(
      "SELECT id::int, total::float, taxed, shout, twice, shown, late::int, low, big::int FROM lines ORDER BY id",
    );
    expect(rows).toEqual(
      sqlite.prepare("SELECT id, total, taxed, shout, twice, shown, late, low, big FROM lines ORDER BY id").all(),
    );
    expect(sides.plan.tables[0]?.columns.map(({ target }) => target)).toEqual([
      "id",
      "quantity",
      "price",
      "rate",
      "name",
      "shown",
    ]);
    expect(lost(sides)).toEqual(["computation of lines.shown"]);
  });
});

it("views give the same rows, and those that are no plain ones are told", async () => {
  await on("views", async (sides) => {
    const { sqlite, client } = sides;
    for (const view of ["bestsellers", "living", "cheap", "later"]) {
      const { rows } = await client.query(
        `SELECT to_jsonb(v) AS row FROM ${view} v${view === "cheap" ? " ORDER BY author" : ""}`,
      );
      expect(
        rows.map(({ row }) => row),
        view,
      ).toEqual(sqlite.prepare(`SELECT * FROM ${view}`).all());
    }
    const { rows } = await client.query(
      "SELECT id::int, unsold, kind, to_char(at, 'YYYY-MM-DD HH24:MI:SS') AS at FROM flags ORDER BY id",
    );
    expect(rows).toEqual(sqlite.prepare("SELECT * FROM flags ORDER BY id").all());
    expect(lost(sides)).toEqual(["view loose", "view nested", "view onlost"]);
  });
});

it("a full-text table of a table's content becomes an index of that table", async () => {
  await on("search and triggers", async (sides) => {
    const told = sides.plan.leftOut.find(({ what }) => what.startsWith("virtual table notes_search"));
    const where = /WHERE (.*)$/.exec(told?.instead ?? "")?.[1] ?? "";
    const { rows } = await sides.client.query(`SELECT id::int FROM notes WHERE ${where}`, ["quick fox"]);
    expect(rows).toEqual([{ id: 1 }]);
    expect(lost(sides)).toEqual([
      "virtual table boxes (rtree)",
      "virtual table notes_search (fts5)",
      "virtual table own_search (fts5)",
      "trigger notes_added on notes",
    ]);
  });
});

it("what could not be carried is written on the table", async () => {
  await on("generated columns", async ({ client }) => {
    const { rows } = await client.query("SELECT obj_description('lines'::regclass) AS comment");
    expect(rows[0]?.comment).toBe("Not as it was in SQLite: computation of lines.shown: it calls printf()");
  });
});
