import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Run } from "../../../promotion/model";
import {
  addForeignKeys,
  finishTarget,
  makeIndexes,
  removeForeignKeys,
  validateForeignKeys,
} from "../../../promotion/target/later";
import { resetTarget, whatResetRemoves } from "../../../promotion/target/reset";
import type { CatalogueName } from "../../../settings";
import { ExitCode } from "../../../settings/errors";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { must } from "../../servers/run";
import { entriesOf, renderEntries } from "../../support/schemaDump";
import { planned, planOf, runOf } from "../copy/plans";
import { empty, on, own, prepare, refusal } from "./target";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  await server.psql("CREATE ROLE keeper LOGIN PASSWORD 'keeper'");
});
afterAll(() => server?.stop());

const run = (
  database: CatalogueDatabase,
  plan = planOf([], { catalogue: database.name }),
  as: "owner" | "app" = "owner",
): Run =>
  runOf(
    {
      host: server.host,
      port: server.port,
      database: database.name,
      user: database.user(as),
      password: database.password(as),
      sslmode: "disable",
      connectTimeoutSeconds: 10,
    },
    "none.db",
    plan,
  );

/** The schema as pg_dump writes it, without our notes. */
async function schema(database: string): Promise<string> {
  const dump = await must([`${server.bin}/pg_dump`, "-s", "-d", database], { env: server.env });
  return renderEntries(entriesOf(dump).filter(({ title, sql }) => !/ladder_promotion/.test(`${title} ${sql}`)));
}

describe.each<[CatalogueName]>([["ai_breeding"], ["ai_company"]])("the catalogue %s", (name) => {
  let database: CatalogueDatabase;
  let before: string;
  const all = () =>
    server.psql(
      `SELECT (SELECT count(*) FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = x.indexrelid)),
    (SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace), (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D')`,
      name,
    );

  beforeAll(async () => {
    database = await catalogueDatabase(server, name);
    // Three beside four other databases on a server; five where it is alone.
    await server.psql(`ALTER ROLE ${database.user("owner")} CONNECTION LIMIT 5`);
    await server.psql(
      name === "ai_breeding"
        ? "COMMENT ON INDEX idx_agents_traits IS 'it''s of traits'; COMMENT ON CONSTRAINT agents_owner_id_fkey ON agents IS 'whose'; ALTER TABLE payments CLUSTER ON idx_payments_user"
        : "SELECT 1",
      name,
    );
    before = await schema(name);
  });

  it("C-21: loses its indexes, foreign keys and triggers for the load, and gets them back as they were", async () => {
    const counted = await all();
    const promotion = run(database);
    await prepare(promotion);
    expect(await all()).toBe("0|0|0");
    // Done already: nothing more.
    await prepare(promotion);
    await makeIndexes(promotion);
    await on(promotion, async (client) => {
      await client.query("BEGIN");
      await addForeignKeys(client);
      await client.query("COMMIT");
      await removeForeignKeys(client);
      await addForeignKeys(client);
      await addForeignKeys(client);
      expect(await validateForeignKeys(client)).toEqual([]);
      await finishTarget(client);
    });
    expect(await all()).toBe(counted);
    expect(await schema(name)).toBe(before);
  });

  it("is refused when a table has rows, a newer release made it, or the session is not the owner's", async () => {
    await server.psql("DROP SCHEMA ladder_promotion CASCADE", name);
    expect((await refusal(prepare(run(database, undefined, "app")))).message).toMatch(/Connect as .*owner/);
    const table = name === "ai_breeding" ? "users" : "ceo_agents";
    const columns = name === "ai_breeding" ? "(username) VALUES ('ann')" : "(name, creator_wallet) VALUES ('a', 'w')";
    await server.psql(`INSERT INTO ${table} ${columns}`, name);
    const filled = planOf([planned(table, { id: { kind: "integer", bits: 64 } })], { catalogue: name });
    expect(await refusal(prepare(run(database, filled)))).toMatchObject({
      exitCode: ExitCode.refused,
      message: `The target is not empty: there are rows in ${table} already. Nothing was changed. Name an empty database, or let ladder remove all that is there with --reset-target.`,
    });
    await server.psql("INSERT INTO ladder.migrations (name, run_on) VALUES ('0099_of_tomorrow', now())", name);
    expect((await refusal(prepare(run(database)))).message).toContain("Update scaling-ladder");
    expect(await schema(name)).toBe(before);
  });

  it("C-26: is made anew by a reset, as its migrations make it", async () => {
    const promotion = run(database);
    await on(promotion, async (client) => {
      expect(await whatResetRemoves(client)).toContain(name === "ai_breeding" ? "agents" : "ceo_agents");
      await resetTarget(client);
      expect(await whatResetRemoves(client)).toEqual([]);
    });
    await prepare(promotion);
    expect(
      await server.psql(
        "SELECT count(*) > 2 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
        name,
      ),
    ).toBe("t");
  });
});

describe("a target is refused", () => {
  it("that has tables of somebody else, and is not reset once it has served", async () => {
    const promotion = await empty(server, "theirs", own);
    await server.psql("CREATE TABLE precious (n int); CREATE VIEW look AS SELECT n FROM precious", "theirs");
    expect(await refusal(prepare(promotion))).toMatchObject({
      exitCode: ExitCode.refused,
      message: expect.stringContaining("it has look, precious already"),
    });
    await server.psql(
      "CREATE SCHEMA ladder_promotion; CREATE TABLE ladder_promotion.gate (opened_at timestamptz); INSERT INTO ladder_promotion.gate VALUES (now())",
      "theirs",
    );
    await server.psql(
      "GRANT USAGE ON SCHEMA ladder_promotion TO keeper; GRANT SELECT ON ladder_promotion.gate TO keeper",
      "theirs",
    );
    expect(await refusal(on(promotion, resetTarget))).toMatchObject({ exitCode: ExitCode.refused });
    expect(await server.psql("SELECT count(*) FROM precious", "theirs")).toBe("0");
  });

  it("without UTF8, without the right to make tables, without writes, or with too few connections left", async () => {
    const latin = await empty(server, "latin", own, "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    expect((await refusal(prepare(latin))).message).toContain("has the encoding LATIN1; a promotion needs UTF8");
    const readonly = await empty(server, "standby", own);
    await server.psql("ALTER DATABASE standby SET default_transaction_read_only = on");
    expect((await refusal(prepare(readonly))).message).toContain("takes no writes");
    const others = await empty(server, "others", own);
    await server.psql("CREATE ROLE guest LOGIN PASSWORD 'keeper'");
    const guest = runOf({ ...others.target.connection, user: "guest" }, "none.db", own);
    expect((await refusal(prepare(guest))).message).toContain(
      "Role guest may not make tables in database others, which belongs to keeper. Connect as keeper.",
    );
    await server.psql("ALTER ROLE keeper CONNECTION LIMIT 4");
    const { message, exitCode } = await refusal(prepare(others));
    await server.psql("ALTER ROLE keeper CONNECTION LIMIT -1");
    expect(exitCode).toBe(ExitCode.refused);
    expect(message).toBe(
      "A promotion with 2 workers needs 5 connections, and the connection limit of role keeper (4) leaves 4: 0 are in use. Raise it, close other sessions, or use fewer --workers. Nothing was changed.",
    );
    expect(await server.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'ladder_promotion'", "others")).toBe(
      "0",
    );
  });
});
