import { Client } from "pg";
import type { Migration } from "../../../catalogue/migrations";
import { applyMigrations } from "../../../schema/apply";

/** A runner in a process of its own: URL and migrations come in the environment, one line of JSON goes out for each step. */
async function main(): Promise<void> {
  const migrations = JSON.parse(process.env.MIGRATIONS ?? "") as Migration[];
  const client = new Client({ connectionString: process.env.URL });
  client.on("error", () => undefined);
  await client.connect();
  const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
  const { applied } = await applyMigrations({ client, database: "made_up", migrations, onProgress: say });
  say({ step: "finished", applied });
  await client.end();
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
