import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { run } from "../../servers/run";

/** The role that CloudNativePG is told to make for dumps (components/database/cnpg). */
const DUMP_ROLE = "platform_dump";

let server: Postgres;
let circle: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  circle = await catalogueDatabase(server, "circle");
  await server.psql(
    `CREATE ROLE ${DUMP_ROLE} LOGIN BYPASSRLS PASSWORD 'dumped' IN ROLE pg_read_all_data, pg_monitor; CREATE ROLE stranger LOGIN BYPASSRLS PASSWORD 'dumped' IN ROLE pg_read_all_data`,
  );
  await circle.psql(
    `INSERT INTO users (wallet_address, pseudonym) VALUES ('0x1', 'one');
     INSERT INTO posts (author_id, content, visibility) VALUES (1, 'hidden from others', 'private')`,
    "owner",
  );
});

afterAll(() => server?.stop());

const dump = (user: string) =>
  run([join(server.bin, "pg_dump"), "--dbname", "circle"], {
    env: { ...server.env, PGUSER: user, PGPASSWORD: "dumped" },
  });

describe("the role of dumps in a cluster", () => {
  it("comes into a database that PUBLIC may not connect to, and dumps rows that row-level security hides", async () => {
    const { code, stdout, stderr } = await dump(DUMP_ROLE);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("hidden from others");
  });

  it("would be kept out without its membership", async () => {
    const { code, stderr } = await dump("stranger");
    expect(code).not.toBe(0);
    expect(stderr).toContain("permission denied for database");
  });
});
