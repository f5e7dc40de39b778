import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExitCode } from "../../../settings/errors";
import { installed, type Tool } from "../../../tools/cache";
import { findPrograms, PGBOUNCER, POSTGRESQL } from "../../../tools/debianTool";
import { GITLEAKS } from "../../../tools/goTool";
import { ToolMissing } from "../../../tools/missing";
import { CHECKOV } from "../../../tools/pythonTool";
import { temporaryFolder } from "../../support/temporary";

/** A machine with an empty cache. */
function machine(env: NodeJS.ProcessEnv = {}) {
  const cache = temporaryFolder();
  const said: string[] = [];
  const options = {
    root: cache,
    env: { ...env, XDG_CACHE_HOME: cache },
    progress: (line: string) => void said.push(line),
  };
  return { options, said, tools: join(cache, "scaling-ladder", "tools") };
}

function tool(lock: string, make: Tool["make"]): Tool {
  const file = join(temporaryFolder(), "lock");
  writeFileSync(file, lock);
  return { name: "hammer", programs: ".", locks: [file], make };
}

describe("a tool of others", () => {
  it("is installed once, even when two ask at once", async () => {
    const { options, said } = machine();
    let times = 0;
    const hammer = tool("1.0", async (folder) => {
      times += 1;
      await new Promise((done) => setTimeout(done, 50));
      writeFileSync(join(folder, "hammer"), "");
    });
    const folders = await Promise.all([installed(hammer, options), installed(hammer, options)]);
    expect(new Set(folders).size).toBe(1);
    expect(existsSync(join(folders[0] ?? "", "hammer"))).toBe(true);
    expect(times).toBe(1);
    expect(said).toEqual(["Installing hammer, once"]);
  });

  it("is another one when what locks its sources changes", async () => {
    const { options } = machine();
    const make = async () => undefined;
    expect(await installed(tool("1.0", make), options)).not.toBe(await installed(tool("1.1", make), options));
  });

  it("leaves nothing behind when it could not be installed, and is tried anew", async () => {
    const { options, tools } = machine();
    const broken = tool("1.0", async (folder) => {
      writeFileSync(join(folder, "half"), "");
      throw new ToolMissing("hammer", "the handle is missing");
    });
    for (let time = 0; time < 2; time += 1)
      await expect(installed(broken, options)).rejects.toThrow("hammer could not be installed: the handle is missing.");
    expect(readdirSync(tools)).toEqual([]);
  });

  it.each([
    ["checkov", CHECKOV, "python3 is not installed (version 3.9.0 or newer is needed)"],
    ["gitleaks", GITLEAKS, "Go is not installed"],
  ])("says in one sentence what %s needs", async (_name, needy, told) => {
    const failed = installed(needy, machine({ PATH: temporaryFolder() }).options);
    await expect(failed).rejects.toThrow(told);
    await expect(failed).rejects.toMatchObject({ exitCode: ExitCode.missing });
  });
});

/** A folder with programs that only tell a version, of PostgreSQL 15 and later with all that are needed. */
function programs(folder: string, version: string, names: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  for (const name of names)
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 });
  return folder;
}

describe("programs of Debian", () => {
  it("are those on PATH, when all are there and new enough", async () => {
    const folder = programs(temporaryFolder(), "16.2", POSTGRESQL.names);
    const { options, said } = machine({ PATH: folder });
    expect(await findPrograms(POSTGRESQL, options, temporaryFolder())).toEqual({ folder, env: {} });
    expect(said).toEqual([]);
  });

  it.each([
    ["too old on PATH", "9.6", POSTGRESQL.names],
    ["not all on PATH", "16.2", POSTGRESQL.names.slice(0, 2)],
  ])("are the newest that the system has, when they are %s", async (_what, version, names) => {
    const path = programs(temporaryFolder(), version, names);
    const system = temporaryFolder();
    for (const major of ["9.6", "15", "16"])
      programs(join(system, "usr/lib/postgresql", major, "bin"), `${major}.1`, POSTGRESQL.names);
    const { folder } = await findPrograms(POSTGRESQL, machine({ PATH: path }).options, system);
    expect(folder).toBe(join(system, "usr/lib/postgresql/16/bin"));
  });

  it("say what is missing where there is neither the program nor apt-get", async () => {
    const { options, tools } = machine({ PATH: temporaryFolder() });
    const failed = findPrograms(PGBOUNCER, options, temporaryFolder());
    await expect(failed).rejects.toThrow(
      "it is not on PATH, and there is no apt-get to take it from Debian's packages",
    );
    await expect(failed).rejects.toMatchObject({ exitCode: ExitCode.missing });
    expect(readdirSync(tools)).toEqual([]);
  });
});
