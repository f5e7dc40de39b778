import { describe, expect, it } from "vitest";
import { POSTGRES_VERSIONS } from "../../../tools/npmPostgres";
import { startPostgres } from "../../servers/postgres";
import { must } from "../../servers/run";
import { newestDump } from "../../servers/tools";

describe("servers of other versions", () => {
  it.each(POSTGRES_VERSIONS)(
    "PostgreSQL %i serves, with the extensions that we use; psql and pg_dump of other versions work with it",
    async (version) => {
      const server = await startPostgres({
        version,
        settings: { shared_preload_libraries: "pg_stat_statements", wal_level: "logical" },
      });
      try {
        expect(await server.psql("SHOW server_version")).toMatch(new RegExp(`^${version}\\.\\d+$`));
        await server.psql("CREATE EXTENSION pgcrypto; CREATE EXTENSION pg_stat_statements");
        expect(await server.psql("SELECT pgp_sym_decrypt(pgp_sym_encrypt('a wallet', 'key'), 'key')")).toBe("a wallet");
        expect(await server.psql("SELECT count(*) > 0 FROM pg_stat_statements")).toBe("t");
        expect(await server.psql("SELECT 1 FROM pg_create_logical_replication_slot('feed', 'pgoutput')")).toBe("1");
        expect(await must([await newestDump(), "--schema-only", "postgres"], { env: server.env })).toContain(
          "CREATE EXTENSION IF NOT EXISTS pgcrypto",
        );
        expect(await server.psql("SELECT 'now' AT TIME ZONE 'Europe/Berlin' IS NOT NULL, upper('ä')")).toBe("t|Ä");
      } finally {
        await server.stop();
      }
    },
  );

  it("pg_cron runs a job of another database", async () => {
    const server = await startPostgres({ cron: true });
    try {
      await server.psql("CREATE EXTENSION pg_cron; CREATE DATABASE other");
      await server.psql("CREATE TABLE done (at timestamp DEFAULT now())", "other");
      await server.psql(
        "SELECT cron.schedule_in_database('once', '@reboot', 'INSERT INTO done DEFAULT VALUES', 'other')",
      );
      // Not a job of every minute, which takes up to one: after a crash, pg_cron starts again.
      const launcher = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'pg_cron launcher'";
      await expect.poll(() => server.psql(launcher), { timeout: 20_000 }).toMatch(/^\d+$/);
      process.kill(Number(await server.psql(launcher)), "SIGKILL");
      const done = () => server.psql("SELECT count(*) FROM done", "other").catch(() => "the server is starting");
      await expect.poll(done, { timeout: 20_000 }).toBe("1");
    } finally {
      await server.stop();
    }
  });
});
