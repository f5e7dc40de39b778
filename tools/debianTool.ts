import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { FindOptions } from "../engine";
import { capture, lastLine } from "../engine/childProcess";
import { findExecutable } from "../engine/onPath";
import { compareVersions, formatVersion, parseVersion, type Version } from "../engine/version";
import { installed, type Tool } from "./cache";
import { ToolMissing } from "./missing";

/** Programs that a machine may have, and that otherwise come from Debian's packages, without root. */
export interface DebianTool extends Tool {
  /** All of them; the first one's `--version` counts. */
  readonly names: readonly string[];
  readonly atLeast: Version;
  /** Where Debian puts them, `*` for one folder of any name. */
  readonly folder: string;
  /** Files that must be there too, as paths from the folder. */
  readonly beside?: readonly string[];
}

/** Where the programs are, and what they need to find their libraries. */
export interface Programs {
  readonly folder: string;
  readonly env: { readonly LD_LIBRARY_PATH?: string };
}

function debianTool(name: string, of: Pick<DebianTool, "names" | "atLeast" | "folder" | "beside">): DebianTool {
  const list = join(__dirname, "debian", `${name}.txt`);
  const packages = readFileSync(list, "utf8").trim().split("\n");
  return {
    ...of,
    name,
    programs: ".",
    // Another release of the system has other libraries.
    locks: [list, ...["/etc/os-release"].filter((file) => existsSync(file))],
    make: (folder, options) => unpack(name, packages, folder, options),
  };
}

/** The server and all of its command line. */
const SERVER = {
  names: ["postgres", "initdb", "pg_ctl", "psql", "pg_dump", "pg_restore", "pg_basebackup"],
  atLeast: [15, 0, 0],
  folder: "usr/lib/postgresql/*/bin",
} as const;
export const POSTGRESQL = debianTool("postgresql", SERVER);

/** The same with pg_cron, in whichever version of PostgreSQL this Debian has. */
export const POSTGRESQL_CRON = debianTool("postgresql-cron", { ...SERVER, beside: ["../lib/pg_cron.so"] });

export const PGBOUNCER = debianTool("pgbouncer", { names: ["pgbouncer"], atLeast: [1, 18, 0], folder: "usr/sbin" });

export const REDIS = debianTool("redis", {
  names: ["redis-server", "redis-cli"],
  atLeast: [7, 0, 0],
  folder: "usr/bin",
});

/** The command line of SQLite. */
export const SQLITE = debianTool("sqlite", { names: ["sqlite3"], atLeast: [3, 40, 0], folder: "usr/bin" });

/** The loader that a promotion is measured against. Debian's 3.6.9 calls itself 3.6.7~devel. */
export const PGLOADER = debianTool("pgloader", { names: ["pgloader"], atLeast: [3, 6, 7], folder: "usr/bin" });

/**
 * Finds the programs on PATH or where Debian puts them; else takes them out of Debian's packages, once.
 * @param system the root of what is installed. Default: /
 */
export async function findPrograms(tool: DebianTool, options: FindOptions, system = "/"): Promise<Programs> {
  const onPath = findExecutable(tool.names[0] ?? tool.name, options.env);
  const beside = onPath === undefined ? [] : [join(onPath, "..")];
  for (const folder of [...beside, ...placesOf(system, tool.folder)])
    if (await isEnough(tool, { folder, env: {} }, options)) return { folder, env: {} };
  const root = await installed(tool, options);
  const libraries = ["usr/lib", "lib"].flatMap((place) => [
    ...placesOf(root, `${place}/*-linux-gnu`),
    join(root, place),
  ]);
  const env = { LD_LIBRARY_PATH: libraries.filter((folder) => existsSync(folder)).join(delimiter) };
  for (const folder of placesOf(root, tool.folder))
    if (await isEnough(tool, { folder, env }, options)) return { folder, env };
  throw new ToolMissing(
    tool.name,
    `the packages of this system hold no version from ${formatVersion(tool.atLeast)} on`,
  );
}

/** Whether all programs are in the folder, in a version that will do. */
async function isEnough(
  { names, atLeast, beside = [] }: DebianTool,
  { folder, env }: Programs,
  { env: own, signal }: FindOptions,
): Promise<boolean> {
  const files = names.map((name) => findExecutable(name, { PATH: folder }));
  if (files[0] === undefined || files.includes(undefined)) return false;
  if (!beside.every((path) => existsSync(join(folder, path)))) return false;
  const { code, stdout } = await capture(files[0], ["--version"], { env: { ...own, ...env }, signal });
  const version = parseVersion(stdout);
  return code === 0 && version !== undefined && compareVersions(version, atLeast) >= 0;
}

/** The folders below a root that a pattern with one `*` names, the highest version first. */
function placesOf(root: string, pattern: string): readonly string[] {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return [join(root, pattern)];
  const parent = join(root, before.slice(0, before.lastIndexOf("/")));
  const start = before.slice(before.lastIndexOf("/") + 1);
  const [ending = ""] = after.split("/", 1);
  if (!existsSync(parent)) return [];
  const fitting = readdirSync(parent).filter((name) => name.startsWith(start) && name.endsWith(ending));
  const highestFirst = fitting.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return highestFirst.map((name) => join(parent, `${name}${after.slice(ending.length)}`));
}

/** Takes the packages, and what they need and this machine lacks, out of Debian's archive into a folder. */
async function unpack(tool: string, packages: readonly string[], folder: string, options: FindOptions): Promise<void> {
  const [apt, dpkg] = ["apt-get", "dpkg-deb"].map((name) => findExecutable(name, options.env));
  if (apt === undefined || dpkg === undefined)
    throw new ToolMissing(tool, "it is not on PATH, and there is no apt-get to take it from Debian's packages");
  const must = async (command: string, args: readonly string[], what: string) => {
    const { code, stderr } = await capture(command, args, { env: options.env, signal: options.signal });
    if (code !== 0) throw new ToolMissing(tool, `${what} failed (${lastLine(stderr)})`);
  };
  const scratch = join(folder, "apt");
  const archives = join(scratch, "cache", "archives");
  for (const place of [join(scratch, "state", "lists", "partial"), join(archives, "partial")])
    mkdirSync(place, { recursive: true });
  // Lists and files of our own, no lock of the system's; what is installed is asked of the system.
  const own = [
    `Dir::State=${join(scratch, "state")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${join(scratch, "cache")}`,
    "Debug::NoLocking=1",
    "APT::Sandbox::User=root",
    "APT::Install-Recommends=0",
    "Acquire::Retries=5",
  ].flatMap((option) => ["-o", option]);
  await must(apt, [...own, "-q", "update"], "apt-get update");
  const download = ["-q", "--yes", "--download-only", "--reinstall", "install", ...packages];
  await must(apt, [...own, ...download], `apt-get --download-only install ${packages.join(" ")}`);
  for (const file of readdirSync(archives).filter((name) => name.endsWith(".deb")))
    await must(dpkg, ["-x", join(archives, file), folder], `unpacking ${file}`);
  rmSync(scratch, { recursive: true, force: true });
}
