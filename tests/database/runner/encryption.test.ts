import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, connectionFrom } from "../../../schema/connection";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";
import { encrypt } from "../job/encrypted";

let server: Postgres;
let other: Postgres;
let certificate: string;
let foreign: string;
beforeAll(async () => {
  [server, other] = await Promise.all([startPostgres(), startPostgres()]);
  [certificate, foreign] = await Promise.all([encrypt(server), encrypt(other)]);
});
afterAll(() => Promise.all([server.stop(), other.stop()]));

/** Connects as the variables say, with a certificate in a file; gives whether the session is encrypted. */
async function encrypted(variables: NodeJS.ProcessEnv, root?: string): Promise<boolean> {
  const file = join(temporaryFolder(), "root.crt");
  if (root !== undefined) writeFileSync(file, root);
  const env = { ...server.env, ...(root === undefined ? {} : { PGSSLROOTCERT: file }), ...variables };
  const client = await connect(connectionFrom(env, "postgres"));
  const { rows } = await client.query<{ ssl: boolean }>("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  await client.end();
  return rows[0]?.ssl === true;
}

/** The server's certificate is for `localhost`, and its own authority. */
describe("the connection of ladder schema to a server with encryption", () => {
  it.each([
    ["disable", "127.0.0.1", false],
    ["allow", "127.0.0.1", false],
    ["prefer", "127.0.0.1", true],
    ["require", "127.0.0.1", true],
  ])("with sslmode %s at %s: encrypted %s, whatever the certificate", async (PGSSLMODE, PGHOST, expected) => {
    expect(await encrypted({ PGSSLMODE, PGHOST })).toBe(expected);
  });

  it.each([
    ["require", "127.0.0.1"],
    ["verify-ca", "127.0.0.1"],
    ["verify-full", "localhost"],
  ])("with sslmode %s at %s: believes the certificate that it is given, and no other", async (PGSSLMODE, PGHOST) => {
    expect(await encrypted({ PGSSLMODE, PGHOST }, certificate)).toBe(true);
    await expect(encrypted({ PGSSLMODE, PGHOST }, foreign)).rejects.toMatchObject({
      name: "UserError",
      exitCode: 1,
      message: expect.stringMatching(/^No connection to database postgres at .+Look at PGSSLMODE and PGSSLROOTCERT\.$/),
    });
  });

  it("with sslmode verify-full: checks the host's name, and asks an authority that everybody knows where none is given", async () => {
    const PGSSLMODE = "verify-full";
    const refused = { name: "UserError", message: expect.stringContaining("Look at PGSSLMODE and PGSSLROOTCERT.") };
    await expect(encrypted({ PGSSLMODE, PGHOST: "127.0.0.1" }, certificate)).rejects.toMatchObject(refused);
    await expect(encrypted({ PGSSLMODE, PGHOST: "localhost" })).rejects.toMatchObject(refused);
  });

  it("names a file of certificates that is not there", async () => {
    const variables = { PGSSLMODE: "verify-ca", PGSSLROOTCERT: join(temporaryFolder(), "no.crt") };
    await expect(encrypted(variables)).rejects.toMatchObject({
      name: "UserError",
      exitCode: 2,
      message: expect.stringMatching(/^PGSSLROOTCERT names .+no\.crt, which cannot be read \(ENOENT\)\.$/),
    });
  });
});
