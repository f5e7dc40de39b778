import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadMigrations, recordedName } from "../../../catalogue/migrations";
import { runPulumi, withCleanStackFiles } from "../../../engine";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { SOURCE } from "../../support/project";
import { type Scratch, scratchProgram } from "../engine/program";

/** `bootstrap: direct` by the real engine, with the real provider, on a real server. */

const FOLDERS = ["catalogue", "components", "local", "schema", "settings"];

let server: Postgres;
let database: CatalogueDatabase;
let scratch: Scratch;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, "circle", { upTo: 0 });
  scratch = await scratchProgram();
  for (const folder of FOLDERS) symlinkSync(join(SOURCE, folder), join(scratch.root, folder));
  const args = {
    catalogue: "circle",
    host: server.host,
    port: server.port,
    database: "circle",
    username: database.user("owner"),
    sslmode: "disable",
  };
  writeFileSync(
    join(scratch.root, "index.js"),
    `require("tsx/cjs");
const pulumi = require("@pulumi/pulumi");
const { DirectMigrations } = require("./components/schema/directMigrations.ts");
const password = pulumi.secret(process.env.OWNER_PASSWORD);
exports.version = new DirectMigrations("circle", { ...${JSON.stringify(args)}, password }).schemaVersion;
`,
  );
});
afterAll(async () => {
  scratch?.remove();
  await server?.stop();
});

async function pulumi(...args: string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const { root, engine, env } = scratch;
  const command = { pulumi: engine.pulumi, env: { ...env, OWNER_PASSWORD: database.password("owner") } };
  const done = await withCleanStackFiles(root, true, () =>
    runPulumi(command, [...args, "--non-interactive"], { cwd: root, stdio: "pipe" }),
  );
  return { code: done.code, said: `${done.stdout}${done.stderr}` };
}

const history = () => server.psql("SELECT name FROM ladder.migrations ORDER BY id", "circle");

it("applies the migrations, changes nothing the second time, and shows neither run the password", async () => {
  const all = loadMigrations("circle", "postgresql").map(recordedName);
  expect((await pulumi("stack", "init", "dev")).code).toBe(0);
  const first = await pulumi("up", "--yes", "--stack", "dev");
  expect([first.code, first.said]).toEqual([0, expect.stringContaining(`version: ${all.length}`)]);
  expect(await history()).toBe(all.join("\n"));
  const second = await pulumi("up", "--yes", "--refresh", "--stack", "dev");
  expect([second.code, second.said]).toEqual([0, expect.stringContaining("3 unchanged")]);
  for (const { said } of [first, second]) expect(said).not.toContain(database.password("owner"));
});

it("keeps the password secret in the state, as an input and as an output", () => {
  const state = join(scratch.root, ".ladder", "state");
  const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  expect(texts.join("\n")).toContain("circle_owner");
  expect(texts.filter((text) => text.includes(database.password("owner")))).toEqual([]);
});

it("refuses an altered history in the preview already, in one sentence", async () => {
  await server.psql("UPDATE ladder.checksums SET checksum = repeat('0', 64) WHERE name LIKE '0001%'", "circle");
  const { code, said } = await pulumi("preview", "--stack", "dev");
  expect(code).not.toBe(0);
  expect(said).toMatch(/Database circle was left as it is: migration 0001_\w+ was altered after it was applied/);
  expect(said).not.toMatch(/^\s+at .*\.ts:/m);
});

it("forgets the database when it is destroyed, and leaves every table", async () => {
  expect((await pulumi("destroy", "--yes", "--stack", "dev")).code).toBe(0);
  expect(await history()).not.toBe("");
});
