import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { logicalDatabase } from "../../../catalogue/roles";
import { createDatabase, databaseGrants } from "../../../schema/bootstrap/databaseSql";
import { literal, name } from "../../../schema/bootstrap/quote";
import { type RoleFacts, roleStatement } from "../../../schema/bootstrap/roleSql";
import { scramVerifier } from "../../../schema/bootstrap/scram";
import type { ServerFacts } from "../../../schema/bootstrap/server";
import { UserError } from "../../../settings/errors";

describe("quoting", () => {
  it.each([
    ["4g3n7db", '"4g3n7db"'],
    ['a"b', '"a""b"'],
    ["A b;--", '"A b;--"'],
    ["naïve", '"naïve"'],
  ])("makes a name of %s (S3-08)", (text, expected) => {
    expect(name(text)).toBe(expected);
  });

  it.each([
    ["it's", "'it''s'"],
    ["a\\b", " E'a\\\\b'"],
    ["'; DROP DATABASE circle; --", "'''; DROP DATABASE circle; --'"],
  ])("makes a text of %s", (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it("refuses what PostgreSQL would cut off", () => {
    expect(() => name("circle\0_owner")).toThrow("holds the character 0");
    expect(() => literal("\0")).toThrow("holds the character 0");
  });
});

describe("a verifier", () => {
  /** RFC 7677, section 3: the proof that a client with the password "pencil" sends is right by what the server stored. */
  it("proves the password of the standard's own example", () => {
    const salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
    const [, iterations, found, stored, server] =
      /^SCRAM-SHA-256\$(\d+):(.+)\$(.+):(.+)$/.exec(scramVerifier("pencil", salt)) ?? [];
    expect([iterations, found]).toEqual(["4096", salt]);
    const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    const message = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt},i=4096,c=biws,r=${nonce}`;
    const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
    const signature = createHmac("sha256", Buffer.from(stored ?? "", "base64"))
      .update(message)
      .digest();
    const clientKey = Buffer.from(proof.map((byte, index) => byte ^ (signature[index] ?? 0)));
    expect(createHash("sha256").update(clientKey).digest("base64")).toBe(stored);
    const answer = createHmac("sha256", Buffer.from(server ?? "", "base64"))
      .update(message)
      .digest("base64");
    expect(answer).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  });

  it("has a salt of its own each time, unless one is given", () => {
    expect(scramVerifier("x")).not.toBe(scramVerifier("x"));
    expect(scramVerifier("x", "AAAA")).toBe(scramVerifier("x", "AAAA"));
  });

  it.each(["", "pässword", "tab\t", "new\nline"])("is refused for %j, and does not tell it", (password) => {
    const message =
      "A database password is empty or holds a character beyond ASCII, which clients do not all read alike. Choose one of letters, digits and signs.";
    expect(() => scramVerifier(password)).toThrow(new UserError(message));
  });
});

const SUPERUSER: ServerFacts = {
  version: 15,
  user: "postgres",
  superuser: true,
  mayReplicate: true,
  mayBypass: true,
  mayCreateRole: true,
  mayCreateDatabase: true,
  rds: false,
};
const MASTER: ServerFacts = { ...SUPERUSER, user: "master", superuser: false, mayReplicate: false, mayBypass: false };
const PLAIN: RoleFacts = {
  rolsuper: false,
  rolcreaterole: false,
  rolcreatedb: false,
  rolcanlogin: true,
  rolinherit: true,
  rolreplication: false,
  rolbypassrls: false,
  rolconnlimit: 160,
};

describe("the statement of a role", () => {
  const { app, replication } = logicalDatabase("4g3n7db").roles;

  it("makes it, and names no attribute that the connected role may not give", () => {
    expect(roleStatement(app, undefined, "V", MASTER)).toBe(
      `CREATE ROLE "4g3n7db" LOGIN CONNECTION LIMIT 160 PASSWORD 'V'`,
    );
    expect(roleStatement(replication, undefined, "V", MASTER)).not.toMatch(/REPLICATION|BYPASSRLS/);
    expect(roleStatement(replication, undefined, "V", SUPERUSER)).toContain("LOGIN REPLICATION BYPASSRLS");
  });

  it("is none where nothing is to do", () => {
    expect(roleStatement(app, PLAIN, undefined, MASTER)).toBeUndefined();
  });

  it("names what differs only", () => {
    expect(roleStatement(app, { ...PLAIN, rolconnlimit: 20 }, undefined, MASTER)).toBe(
      'ALTER ROLE "4g3n7db" CONNECTION LIMIT 160',
    );
    expect(roleStatement(app, { ...PLAIN, rolcreatedb: true, rolcanlogin: false }, undefined, MASTER)).toBe(
      'ALTER ROLE "4g3n7db" LOGIN NOCREATEDB',
    );
  });

  it("leaves alone what a superuser gave and a master cannot", () => {
    const given = { ...PLAIN, rolreplication: true, rolbypassrls: true, rolconnlimit: 4 };
    expect(roleStatement(replication, given, undefined, MASTER)).toBeUndefined();
  });
});

describe("the statements of a database", () => {
  it("begin from template0, in UTF-8 and the C locale (S3-09)", () => {
    expect(createDatabase(logicalDatabase("4g3n7db"))).toBe(
      `CREATE DATABASE "4g3n7db" OWNER "4g3n7db_owner" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' CONNECTION LIMIT 187`,
    );
  });

  it("take everything before they give, so that what was given by hand goes", () => {
    expect(databaseGrants(logicalDatabase("circle"))[0]).toBe(
      'REVOKE ALL ON DATABASE "circle" FROM PUBLIC, "circle", "circle_readonly", "circle_replication"',
    );
  });
});
