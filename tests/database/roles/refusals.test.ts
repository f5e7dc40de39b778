import { afterAll, beforeAll, expect, it } from "vitest";
import { UserError } from "../../../settings/errors";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { bootstrapAs, connectTo, MASTER, makeMaster, using } from "./bootstrapping";
import { describedRoles } from "./describedRoles";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  await makeMaster(server);
  await server.psql("CREATE ROLE somebody LOGIN PASSWORD 'x'");
});
afterAll(() => server.stop());

/** Bootstraps a database of this name, and gives the message of the refusal, which must be one line and no stack trace. */
async function refusal(database: string, options: Parameters<typeof bootstrapAs>[2] = {}): Promise<string> {
  const error = await bootstrapAs(server, "circle", { ...options, model: { database, ...options.model } }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message.split("\n")).toHaveLength(1);
  return message;
}

it("adopts an empty database of somebody else's, and keeps what it is made of", async () => {
  await server.psql("CREATE DATABASE empty OWNER somebody LC_COLLATE 'C' TEMPLATE template0");
  await server.psql("CREATE EXTENSION pgcrypto", "empty");
  expect(await bootstrapAs(server, "circle", { model: { database: "empty" } })).toMatchObject({ created: false });
  const lines = await using(connectTo(server, "empty", server), describedRoles);
  expect(lines[0]).toMatch(/^database empty owner=empty_owner .* limit=187 acl=empty=CONNECT\/empty_owner /);
  expect(lines[0]).not.toContain("somebody");
});

it("refuses a database with somebody else's tables, and leaves it as it is", async () => {
  await server.psql("CREATE DATABASE full_one OWNER somebody");
  await server.psql('SET ROLE somebody; CREATE SCHEMA other; CREATE TABLE other."A table" (id int)', "full_one");
  const before = await using(connectTo(server, "full_one", server), describedRoles);
  expect(await refusal("full_one")).toBe(
    'The database full_one belongs to somebody and holds other."A table"; it was left as it is. Give it to full_one_owner yourself (ALTER DATABASE "full_one" OWNER TO "full_one_owner", and there REASSIGN OWNED BY "somebody" TO "full_one_owner"), or choose another name.',
  );
  const after = await using(connectTo(server, "full_one", server), describedRoles);
  expect(after.filter((line) => !line.startsWith("role "))).toEqual(before);
});

it("refuses a database of another encoding, which can never be changed", async () => {
  await server.psql("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
  expect(await refusal("latin")).toContain("The database latin is encoded in LATIN1; needed is UTF8");
});

it("refuses a superuser as a role of a logical database, before it changes anything", async () => {
  await server.psql("CREATE ROLE mighty SUPERUSER LOGIN");
  expect(await refusal("mighty")).toContain("The role mighty is there already, and is a superuser");
  expect(await server.psql("SELECT count(*) FROM pg_roles WHERE starts_with(rolname, 'mighty')")).toBe("1");
});

it("refuses a guest that may become the owner", async () => {
  await bootstrapAs(server, "circle", { model: { database: "inherited" } });
  await server.psql("GRANT inherited_owner TO somebody; GRANT somebody TO inherited");
  expect(await refusal("inherited")).toBe(
    'The role inherited is a member of inherited_owner and so passes by row-level security in inherited. Run REVOKE "inherited_owner" FROM "inherited", and then this again.',
  );
});

it("refuses a guest that owns a table (C-13)", async () => {
  await bootstrapAs(server, "circle", { model: { database: "owned" } });
  await server.psql("CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO owned", "owned");
  expect(await refusal("owned")).toContain("The role owned owns mine in owned and so passes by row-level security.");
});

it("refuses to run as a role that may not make roles", async () => {
  expect(await refusal("weak", { login: { user: "somebody", password: "x" } })).toBe(
    "The role somebody may not make roles and databases, so weak cannot be made. Connect as the master of the server: a superuser, or a role with CREATEROLE and CREATEDB.",
  );
});

it("refuses to make a role without a password", async () => {
  expect(await refusal("silent", { passwords: { owner: "x" } })).toBe(
    "The role silent is not there yet and has no password. Give one in the variable PASSWORD_silent.",
  );
});

it("says so when the server refuses, without the statement", async () => {
  await server.psql("CREATE ROLE foreign_made_owner LOGIN BYPASSRLS");
  const message = await refusal("foreign_made", { login: MASTER });
  expect(message).toMatch(/^The server refused the roles of foreign_made: must be superuser to change bypassrls/);
  expect(message).not.toContain("SCRAM");
});

it("takes the rights of a role that has too many", async () => {
  await server.psql("CREATE ROLE too_much LOGIN CREATEROLE CREATEDB REPLICATION BYPASSRLS NOINHERIT");
  await bootstrapAs(server, "circle", { model: { database: "too_much" } });
  const lines = await using(connectTo(server, "too_much", server), describedRoles);
  expect(lines).toContain(
    "role too_much login=t inherit=t super=f createrole=f createdb=f replication=f bypassrls=f limit=160 config=",
  );
});

it("takes other names, such as the user of an external host", async () => {
  await bootstrapAs(server, "circle", {
    model: { database: "external", names: { app: "host_user", owner: "host_admin" } },
  });
  const acl = await server.psql("SELECT datacl FROM pg_database WHERE datname = 'external'");
  expect(acl).toContain("host_user=c/host_admin");
});
