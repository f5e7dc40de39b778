import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualFlip } from "../../../cli/promotion/manualFlip";
import { assess } from "../../../promotion/assess/assess";
import { promote } from "../../../promotion/machine/promote";
import type { LeftOut } from "../../../promotion/model";
import { resetTarget } from "../../../promotion/target/reset";
import { type Connection, connect } from "../../../schema/connection";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { type PooledTarget, pooledTarget, promoteInProcess } from "../../support/promotionInProcess";
import { temporaryFolder } from "../../support/temporary";
import { AWKWARD } from "./case";
import { CORPUS, type CorpusCase, corpusSql, verdictOf } from "./cases";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** An empty database that a role without any rights besides owns, as on a managed server. */
async function emptyDatabase(name: string): Promise<Connection> {
  await server.psql(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'; CREATE DATABASE ${name} OWNER ${name}`);
  const { host, port } = server;
  return { host, port, database: name, user: name, password: name, sslmode: "disable", connectTimeoutSeconds: 10 };
}

/** The cases' tables in a file, and their rulings in another, in a folder of the test's own. */
function sourceOf(...cases: readonly CorpusCase[]) {
  const folder = temporaryFolder();
  const path = join(folder, "app.db");
  const db = new Database(path);
  db.pragma("foreign_keys = OFF");
  for (const one of cases) db.exec(corpusSql(one));
  db.pragma("journal_mode = WAL");
  db.close();
  const rules = join(folder, "rules.yaml");
  const tables = Object.assign({}, ...cases.map((one) => one.rules ?? {}));
  // JSON is YAML.
  writeFileSync(rules, JSON.stringify({ version: 1, tables }));
  return { folder, source: { path, busyTimeoutMs: 1_000 }, rules };
}

/** As `aside` of a case has it. */
async function quarantined(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ tbl: string; key: unknown[]; refusals: { column: string; reason: string }[] }>(
    "SELECT tbl, key, refusals FROM ladder_promotion.quarantine ORDER BY no",
  );
  return rows.flatMap(({ tbl, key, refusals }) =>
    refusals.map(
      ({ column, reason }) =>
        `${tbl} ${key.map((value) => (value === null ? "NULL" : Object.values(value as object)[0])).join(", ")}: ${column} ${reason}`,
    ),
  );
}

/** What was told and no case tells, and what a case tells and was not told. */
function untold(leftOut: readonly LeftOut[], cases: readonly CorpusCase[]): string[] {
  const found = leftOut.map(({ what, why }) => `${what}: ${why}`);
  const expected = cases.flatMap(({ told = [] }) => told);
  return [
    ...found.filter((line) => !expected.some((one) => line.startsWith(one))),
    ...expected.filter((one) => !found.some((line) => line.startsWith(one))).map((one) => `not told: ${one}`),
  ];
}

describe("awkward cases, each alone (S0-34, C-22)", () => {
  let target: PooledTarget;
  let application: Client;
  let owner: Client;
  beforeAll(async () => {
    const connection = await emptyDatabase("alone");
    target = pooledTarget(connection);
    owner = await target.connect();
    application = await connect(connection);
  });
  afterAll(async () => {
    await owner.end();
    await application.end();
    await target.close();
  });

  it.each(CORPUS.map((one) => [one.awkward, one.name, one] as const))("%s: %s", async (_row, _name, one) => {
    await resetTarget(owner);
    const { source, rules } = sourceOf(one);
    if (one.asked !== undefined) {
      const { questions, plan } = await assess({ source });
      expect(plan).toBeUndefined();
      expect(questions.map((question, at) => question.startsWith(one.asked?.[at] ?? "?") || question)).toEqual(
        one.asked.map(() => true),
      );
    }
    const { plan, leftOut, questions, refusal } = await assess({ source, rules });
    if (plan === undefined) throw new Error(refusal ?? questions.join("\n"));
    const orphans = await promoteInProcess(target, source, plan);
    expect(await verdictOf(application, one)).toBe("right");
    expect(await quarantined(owner)).toEqual(one.aside ?? []);
    expect(untold(leftOut, [one])).toEqual([]);
    expect(orphans.map(({ constraint, rows }) => `${constraint} ${rows}`)).toEqual(one.orphans ?? []);
  });
});

describe("awkward cases, all in one database (S0-34, C-22)", () => {
  it("are assessed, copied, verified, and served by PostgreSQL", async () => {
    const connection = await emptyDatabase("together");
    const { folder, source, rules } = sourceOf(...CORPUS);
    const said: string[] = [];
    const outcome = await promote({
      parent: join(folder, "promotions"),
      stack: "dev",
      wish: "soak",
      connection,
      workers: 2,
      export: true,
      maxFreezeMs: 30_000,
      flip: manualFlip(connection, join(folder, "application")),
      connectAsApplication: () => connect(connection),
      tell: { step: () => undefined, say: (line) => said.push(line), progress: () => undefined },
      beginning: () => ({
        to: "smb",
        source,
        backups: join(folder, "backups"),
        rules,
        quarantine: true,
        resetTarget: false,
      }),
    });
    expect(outcome).toMatchObject({ done: "soak", serving: "postgresql" });
    const application = await connect(connection);
    try {
      const wrong: string[] = [];
      for (const one of CORPUS) {
        const verdict = await verdictOf(application, one);
        if (verdict !== "right") wrong.push(`${one.name}: ${verdict}`);
      }
      expect(wrong).toEqual([]);
      expect((await quarantined(application)).sort()).toEqual(CORPUS.flatMap(({ aside = [] }) => aside).sort());
      const { leftOut } = await assess({ source: { ...source }, rules });
      expect(untold(leftOut, CORPUS)).toEqual([]);
      for (const orphan of CORPUS.flatMap(({ orphans = [] }) => orphans))
        expect(said.join("\n")).toContain(`Foreign key ${orphan.split(" ")[0]}`);
    } finally {
      await application.end();
    }
  });
});

it("the corpus has every awkward case, and no two cases have a table in common", () => {
  expect(AWKWARD.filter((row) => !CORPUS.some(({ awkward }) => awkward === row))).toEqual([]);
  const db = new Database(":memory:");
  db.pragma("foreign_keys = OFF");
  for (const one of CORPUS) db.exec(corpusSql(one));
  db.close();
});
