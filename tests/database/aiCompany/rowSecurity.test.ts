import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { applyAll } from "../../support/applyAll";

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, "ai_company");
});
afterAll(() => server?.stop());

const ROWS = `DELETE FROM ceo_agents; INSERT INTO ceo_agents (id, name, creator_wallet, status)
  VALUES (1, 'published', '0xa', 'available'), (2, 'draft', '0xa', 'draft'), (3, 'other', '0xb', 'draft')`;

/** Runs SQL in one transaction on behalf of a wallet. */
const as = (wallet: string, sql: string) =>
  database.psql(`BEGIN; SET LOCAL app.current_wallet = '${wallet}'; ${sql}; COMMIT`);
const policies = (of: CatalogueDatabase) =>
  of.psql("SELECT policyname, permissive, cmd, roles, qual, with_check FROM pg_policies ORDER BY policyname", "owner");
const NAMES = "SELECT string_agg(name, ',' ORDER BY id) FROM ceo_agents";

describe("row-level security of ceo_agents", () => {
  beforeEach(() => database.psql(ROWS, "owner"));

  it("has the documented policies under their names, and those for the owner's own agents, for PUBLIC", async () => {
    const own = "(creator_wallet = current_wallet())";
    expect((await policies(database)).split("\n")).toEqual([
      "Public agents visible|PERMISSIVE|SELECT|{public}|(status = 'available'::text)|",
      `Users create own agents|PERMISSIVE|INSERT|{public}||${own}`,
      `Users delete own agents|PERMISSIVE|DELETE|{public}|${own}|`,
      `Users edit own agents|PERMISSIVE|UPDATE|{public}|${own}|${own}`,
      `Users see own agents|PERMISSIVE|SELECT|{public}|${own}|`,
    ]);
  });

  it("S0-25: row-level security is on for ceo_agents, and not forced on the owner", async () => {
    const flags = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 'ceo_agents'::regclass";
    expect(await database.psql(flags, "owner")).toBe("t|f");
    expect(await database.psql("SELECT row_security_active('ceo_agents')")).toBe("t");
    expect(await database.psql(NAMES, "owner")).toBe("published,draft,other");
  });

  it("S0-26: only published agents are readable, to everybody", async () => {
    expect(await database.psql(NAMES)).toBe("published");
    expect(await as("0xc", NAMES)).toBe("published");
    await as("0xa", "UPDATE ceo_agents SET status = 'available' WHERE id = 2");
    expect(await database.psql(NAMES)).toBe("published,draft");
  });

  it("S0-27: only the creator may edit an agent, published or not, and may not give it away", async () => {
    const edit = (id: number, set = "name = name || '!'") =>
      `UPDATE ceo_agents SET ${set} WHERE id = ${id} RETURNING name`;
    expect(await as("0xa", edit(1))).toBe("published!");
    expect(await as("0xa", edit(2))).toBe("draft!");
    expect(await as("0xa", edit(1, "status = 'draft'"))).toBe("published!");
    expect(await as("0xb", edit(1))).toBe("");
    expect(await as("0xb", edit(2))).toBe("");
    expect(await as("", edit(1))).toBe("");
    expect(await database.psql(edit(1))).toBe("");
    await expect(as("0xa", edit(2, "creator_wallet = '0xb'"))).rejects.toThrow("violates row-level security policy");
    expect(await database.psql(NAMES, "owner")).toBe("published!,draft!,other");
  });

  it("lets a creator see, make, unpublish and delete agents of their own", async () => {
    expect(await as("0xa", NAMES)).toBe("published,draft");
    expect(
      await as("0xa", "INSERT INTO ceo_agents (id, name, creator_wallet) VALUES (9, 'new', '0xa') RETURNING status"),
    ).toBe("draft");
    expect(await as("0xa", "DELETE FROM ceo_agents RETURNING name")).toBe("published\ndraft\nnew");
    expect(await database.psql(NAMES, "owner")).toBe("other");
  });

  it("uses the indexes of both columns that the policies compare", async () => {
    const plan = await as("0xa", "SET LOCAL enable_seqscan = off; EXPLAIN (COSTS OFF) SELECT * FROM ceo_agents");
    expect(plan).toContain("Bitmap Index Scan on idx_ceo_agents_status");
    expect(plan).toContain("Bitmap Index Scan on idx_ceo_agents_creator_wallet");
  });
});

describe("on a server that has a schema auth, as Supabase has", () => {
  const ADMIN = "supabase_admin";
  const FOREIGN = `SELECT nspowner::regrole, nspacl, proname, proowner::regrole, proacl, prorettype::regtype, prosrc
    FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'auth'`;

  it("touches nothing in it, adopts a table with policies of the same names, and holds the same", async () => {
    const other = await startPostgres();
    try {
      const adopting = await catalogueDatabase(other, "ai_company", { upTo: 0 });
      await adopting.psql(
        `CREATE ROLE ${ADMIN}; CREATE SCHEMA auth AUTHORIZATION ${ADMIN};
         CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
         ALTER FUNCTION auth.uid() OWNER TO ${ADMIN}; REVOKE ALL ON SCHEMA auth FROM PUBLIC;
         SET ROLE ai_company_owner;
         CREATE TABLE ceo_agents (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, creator_wallet text, status text);
         CREATE TABLE ai_ideas (id uuid PRIMARY KEY, idea text);
         CREATE POLICY "Public agents visible" ON ceo_agents USING (true)`,
        "superuser",
      );
      const before = await adopting.psql(FOREIGN, "superuser");
      await applyAll(adopting);
      expect(await adopting.psql(FOREIGN, "superuser")).toBe(before);
      expect(before).toContain("uid|supabase_admin");
      expect(await policies(adopting)).toBe(await policies(database));
      await adopting.psql(ROWS.replaceAll(/id, |\d, /g, ""), "owner");
      expect(await adopting.psql("SELECT name FROM ceo_agents")).toBe("published");
      expect(await adopting.psql("SET app.current_wallet = '0xb'; SELECT name FROM ceo_agents ORDER BY 1")).toBe(
        "other\npublished",
      );
    } finally {
      await other.stop();
    }
  });
});
