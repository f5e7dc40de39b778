/**
 * Loads every awkward case of the corpus with pgloader and with ours, and asks PostgreSQL the same questions afterwards.
 * Run: `npm run bench -- pgloader [--write]`. `--write`: the table of docs/promotion.md is made anew.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Client } from "pg";
import { assess } from "../promotion/assess/assess";
import { resetTarget } from "../promotion/target/reset";
import { connectionFrom } from "../schema/connection";
import { CORPUS, type CorpusCase, corpusSql } from "../tests/promotion/corpus/cases";
import { firstLost } from "../tests/promotion/corpus/check";
import type { Postgres } from "../tests/servers/postgres";
import { type PooledTarget, pooledTarget, promoteInProcess } from "../tests/support/promotionInProcess";
import { judge } from "./measure";
import { benchServer, emptyDatabase, runPgloader } from "./promotionPeers";

const DOCUMENT = join(__dirname, "..", "docs", "promotion.md");
const [BEGIN, END] = ["<!-- npm run bench -- pgloader --write -->", "<!-- end of the table -->"];
/** Some of pgloader's runs never end. */
const MOST_MS = 60_000;

interface Compared {
  readonly one: CorpusCase;
  readonly ours: readonly string[];
  readonly pgloader: readonly string[];
}

/** Everything that the case should have become and did not. */
async function lostOf(url: string, { right }: CorpusCase): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const lost = new Set<string>();
    for (const check of right) if ((await firstLost(client, [check])) !== undefined) lost.add(check.lost);
    return [...lost];
  } finally {
    await client.end();
  }
}

/** Files of the case for both of them. */
function filesOf(one: CorpusCase, folder: string): { readonly path: string; readonly rules: string } {
  const path = join(folder, "app.db");
  const db = new Database(path);
  db.pragma("foreign_keys = OFF");
  db.exec(corpusSql(one));
  db.close();
  const rules = join(folder, "rules.yaml");
  // JSON is YAML.
  writeFileSync(rules, JSON.stringify({ version: 1, tables: one.rules ?? {} }));
  return { path, rules };
}

async function byPgloader(server: Postgres, one: CorpusCase, path: string): Promise<string[]> {
  const url = await emptyDatabase(server, "peer");
  try {
    const { ended } = await runPgloader(path, url, MOST_MS);
    const lost = await lostOf(url, one);
    return ended ? lost : [`does not end (stopped after ${MOST_MS / 1000} s)`, ...lost];
  } finally {
    await server.psql("DROP DATABASE peer WITH (FORCE)");
  }
}

async function byOurs(target: PooledTarget, url: string, one: CorpusCase, files: ReturnType<typeof filesOf>) {
  const client = await target.connect();
  await resetTarget(client);
  await client.end();
  const source = { path: files.path, busyTimeoutMs: 1_000 };
  const { plan } = await assess({ source, rules: files.rules });
  if (plan === undefined) return ["everything: there is no plan"];
  await promoteInProcess(target, source, plan);
  return lostOf(url, one);
}

async function compareAll(): Promise<Compared[]> {
  const scratch = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  const server = await benchServer();
  try {
    const url = await emptyDatabase(server, "ours");
    const target = pooledTarget(connectionFrom({ LADDER_DATABASE_URL: url, PGSSLMODE: "disable" }, "ours"));
    const compared: Compared[] = [];
    for (const one of CORPUS) {
      const folder = mkdtempSync(join(scratch, "case-"));
      const files = filesOf(one, folder);
      const pgloader = await byPgloader(server, one, files.path);
      compared.push({ one, ours: await byOurs(target, url, one, files), pgloader });
      rmSync(folder, { recursive: true });
    }
    await target.close();
    return compared;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await server.stop();
  }
}

const inWords = (lost: readonly string[]): string => (lost.length === 0 ? "right" : `lost: ${lost.join("; ")}`);
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function tableOf(compared: readonly Compared[]): string {
  const rows = compared.map(
    ({ one, ours, pgloader }) =>
      `| ${[one.awkward, one.name, inWords(ours), inWords(pgloader)].map(cell).join(" | ")} |`,
  );
  return ["| what | case | ours | pgloader |", "|---|---|---|---|", ...rows].join("\n");
}

function write(table: string): void {
  const text = readFileSync(DOCUMENT, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for the table: ${BEGIN} and ${END}`);
  writeFileSync(DOCUMENT, `${text.slice(0, from)}${BEGIN}\n${table}\n${text.slice(to)}`);
}

export async function benchPgloader(_rounds?: number, toDocument = false): Promise<void> {
  console.log(`pgloader: what of ${CORPUS.length} awkward cases arrives`);
  const compared = await compareAll();
  const table = tableOf(compared);
  console.log(table);
  const right = (of: (one: Compared) => readonly string[]): number =>
    compared.filter((one) => of(one).length === 0).length;
  console.log(`  right: ours ${right(({ ours }) => ours)}, pgloader ${right(({ pgloader }) => pgloader)}`);
  judge({ what: "cases that ours loses", value: CORPUS.length - right(({ ours }) => ours), limit: 0, unit: "" });
  if (toDocument) write(table);
}
