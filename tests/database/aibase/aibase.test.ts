import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { applyAll } from "../../support/applyAll";
import { tableNames, tableShape } from "../../support/tableShape";

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, "aibase");
});
afterAll(() => server?.stop());

const TABLES = ["projects", "sessions", "tenants", "users"];

describe("aibase", () => {
  it("S1-78: holds the tables users, sessions, tenants and projects", async () => {
    expect(await tableNames(database)).toEqual(TABLES);
  });

  it("gives each a primary key, times in UTC whatever the session's time zone is, and what goes with its tenant or user", async () => {
    await database.psql(`
      SET TimeZone = 'Pacific/Kiritimati';
      INSERT INTO tenants (id, name) VALUES (1, 'Acme');
      INSERT INTO users (id, tenant_id, email) VALUES (1, 1, 'a@acme.example'), (2, 1, 'b@acme.example');
      INSERT INTO sessions (id, user_id, expires_at) VALUES ('s1', 1, now() + interval '1 hour'), ('s2', 2, now());
      INSERT INTO projects (id, tenant_id, owner_id, name) VALUES (1, 1, 1, 'First')`);
    expect(
      await database.psql("SELECT abs(extract(epoch FROM created_at - now() AT TIME ZONE 'UTC')) < 60 FROM users"),
    ).toBe("t\nt");
    await database.psql("DELETE FROM users WHERE id = 1");
    expect(await database.psql("SELECT id FROM sessions")).toBe("s2");
    expect(await database.psql("SELECT owner_id IS NULL FROM projects")).toBe("t");
    await database.psql("DELETE FROM tenants");
    expect(await database.psql("SELECT count(*) FROM users, sessions, projects")).toBe("0");
    for (const table of TABLES) expect((await tableShape(database, table)).constraints).toContain("PRIMARY KEY (id)");
  });

  it("refuses a second user of one address, and a session without a user", async () => {
    await database.psql("INSERT INTO users (email) VALUES ('once@example.com')");
    await expect(database.psql("INSERT INTO users (email) VALUES ('once@example.com')")).rejects.toThrow("users_email");
    await expect(
      database.psql("INSERT INTO sessions (id, user_id, expires_at) VALUES ('x', 99, now())"),
    ).rejects.toThrow("sessions_user_id_fkey");
  });

  it("adopts tables that the application made already, as they are", async () => {
    const other = await startPostgres();
    try {
      const adopting = await catalogueDatabase(other, "aibase", { upTo: 0 });
      await adopting.psql(
        `CREATE TABLE users (uid uuid PRIMARY KEY, nick text); INSERT INTO users VALUES ('${"0".repeat(32)}', 'old');
         CREATE TABLE sessions (token text); CREATE TABLE tenants (k int); CREATE TABLE projects (p json)`,
        "owner",
      );
      await applyAll(adopting);
      expect(await tableNames(adopting)).toEqual(TABLES);
      expect((await tableShape(adopting, "users")).columns).toEqual(["uid uuid NOT NULL", "nick text"]);
      expect(await adopting.psql("SELECT nick FROM users")).toBe("old");
    } finally {
      await other.stop();
    }
  });
});
