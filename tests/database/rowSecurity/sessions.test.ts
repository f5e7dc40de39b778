import { Socket } from "node:net";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { PGBOUNCER_RESET } from "../../../catalogue/sessionReset";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { reseed } from "./attempt";
import { ALICE, BOB, GUARDED, type Guarded, guardedDatabases, SAYING, SECRET, seenBy, texts } from "./guarded";
import { type Pooler, startPooler } from "./pooler";

let server: Postgres;
let databases: Record<Guarded["catalogue"], CatalogueDatabase>;
let superusers: Record<Guarded["catalogue"], Client>;
/** One connection to the server, so that each client gets the one of the client before. */
let plain: Pooler;
let resetting: Pooler;

beforeAll(async () => {
  server = await startPostgres();
  databases = await guardedDatabases(server);
  superusers = {
    ai_company: await databases.ai_company.connect("superuser"),
    circle: await databases.circle.connect("superuser"),
  };
  plain = await startPooler(server, databases, { size: 1 });
  resetting = await startPooler(server, databases, { size: 1, settings: PGBOUNCER_RESET });
});
afterAll(async () => {
  for (const one of Object.values(superusers ?? {})) await one.end();
  await plain?.stop();
  await resetting?.stop();
  await server?.stop();
});

describe.each(GUARDED)("$table", (table) => {
  beforeEach(() => reseed(superusers[table.catalogue], table));

  const all = `SELECT ${table.text} FROM ${table.table}`;
  const alice = table.person(ALICE);
  const join = async (pooler: Pooler): Promise<Client> => {
    const client = await pooler.connect(table.catalogue);
    onTestFinished(() => client.end());
    return client;
  };
  const backend = async (client: Client) => (await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;

  for (const [mode, of] of [
    ["as it comes", () => plain],
    ["that resets", () => resetting],
  ] as const)
    describe(`through a pooler ${mode}`, () => {
      it.each(["local to the transaction", "for the session"])(
        "leaves nothing of a client that is cut off within a transaction, with an identity %s",
        async (how) => {
          const socket = new Socket();
          const gone = await of().connect(table.catalogue, () => socket);
          await gone.query("BEGIN");
          await gone.query("SELECT set_config($1, $2, $3)", [table.setting, alice, how.startsWith("local")]);
          expect(await texts(gone, all)).toEqual(seenBy(ALICE));
          socket.destroy();
          expect(await texts(await join(of()), all)).toEqual(seenBy(undefined));
        },
      );

      it("keeps to the identity of whoever runs a prepared statement that somebody else's transaction made", async () => {
        const [first, second] = [await join(of()), await join(of())];
        for (const [client, person] of [
          [first, ALICE],
          [second, BOB],
        ] as const) {
          await client.query("BEGIN");
          await client.query(SAYING.set_config(table.setting, table.person(person)));
          if (person === ALICE) await client.query(`PREPARE shared_${mode.length} AS ${all}`);
          // Six times: the sixth would use a plan that serves for everybody.
          for (let n = 0; n < 6; n++)
            expect(await texts(client, `EXECUTE shared_${mode.length}`)).toEqual(seenBy(person));
          await client.query("COMMIT");
        }
        await second.query("DEALLOCATE ALL");
      });
    });

  it.each([
    ["SET", `SET ${table.setting} = '${alice}'`],
    ["set_config without is_local", `SELECT set_config('${table.setting}', '${alice}', false)`],
  ])(
    "an identity set for the session by mistake, with %s, meets the next client, unless the pooler resets",
    async (_how, mistake) => {
      for (const [pooler, left] of [
        [plain, ALICE],
        [resetting, undefined],
      ] as const) {
        const [careless, next] = [await join(pooler), await join(pooler)];
        await careless.query(mistake);
        expect(await backend(next)).toBe(await backend(careless));
        expect(await texts(next, all)).toEqual(seenBy(left));
        // Whoever says who asks in every transaction, be it nobody, is safe in both.
        await next.query("BEGIN");
        await next.query(SAYING.set_config(table.setting, ""));
        expect(await texts(next, all)).toEqual(seenBy(undefined));
        await next.query("COMMIT");
        await careless.query("RESET ALL");
      }
    },
  );

  it("a cursor WITH HOLD keeps its reader's rows for the next client, unless the pooler resets", async () => {
    for (const pooler of [plain, resetting]) {
      const [reader, next] = [await join(pooler), await join(pooler)];
      await reader.query("BEGIN");
      await reader.query(SAYING.set_config(table.setting, alice));
      await reader.query(`DECLARE kept CURSOR WITH HOLD FOR ${all}`);
      await reader.query("COMMIT");
      const fetched = texts(next, "FETCH ALL FROM kept");
      if (pooler === plain) expect(await fetched).toContain(`alice ${SECRET}`);
      else await expect(fetched).rejects.toThrow('cursor "kept" does not exist');
      await reader.query("CLOSE ALL");
    }
  });

  it("lastval() and advisory locks stay on the connection, unless the pooler resets", async () => {
    for (const pooler of [plain, resetting]) {
      const [first, next] = [await join(pooler), await join(pooler)];
      await first.query(`SELECT nextval('${table.table}_id_seq'), pg_advisory_lock(7)`);
      const last = next.query("SELECT lastval()");
      if (pooler === plain) expect((await last).rows[0].lastval).toBe("101");
      else await expect(last).rejects.toThrow("lastval is not yet defined in this session");
      const { rows } = await superusers[table.catalogue].query("SELECT pg_try_advisory_lock(7) AS free");
      expect(rows[0].free).toBe(pooler === resetting);
      await first.query("SELECT pg_advisory_unlock_all()");
      await superusers[table.catalogue].query("SELECT pg_advisory_unlock_all()");
      await reseed(superusers[table.catalogue], table);
    }
  });
});
