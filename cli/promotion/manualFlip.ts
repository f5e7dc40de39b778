import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Flip } from "../../promotion/cutover/flip";
import type { Connection } from "../../schema/connection";

/**
 * The flip that the user makes: tells what the application is to be started with. `file` keeps what was told last, so that a run that goes
 * on does not tell it twice.
 */
export function manualFlip(connection: Connection, file: string): Flip {
  const keep = (state: "old" | "new"): void => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${state}\n`, { mode: 0o600, flush: true });
  };
  return {
    describe: () => ["Start the application again with these settings, and its password:", ...contract(connection)],
    async flip() {
      keep("new");
    },
    async unflip() {
      keep("old");
    },
    async state() {
      try {
        return readFileSync(file, "utf8").trim() === "new" ? "new" : "old";
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return "old";
        throw error;
      }
    },
  };
}

/** The contract's variables for PostgreSQL, without the password. */
function contract({ host, port, database, sslmode }: Connection): string[] {
  const name = encodeURIComponent(database);
  return [
    "  DB_TYPE=postgresql",
    `  DB_PG_HOST=${host}`,
    `  DB_PG_PORT=${port}`,
    `  DB_PG_DATABASE=${database}`,
    "  DB_PG_USERNAME=<the application's role>",
    "  DB_PG_PASSWORD=<its password>",
    `  DB_PG_SSLMODE=${sslmode}`,
    `  DATABASE_URL=postgresql://<role>:<password>@${host.includes(":") ? `[${host}]` : host}:${port}/${name}`,
  ];
}
