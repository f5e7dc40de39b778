import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installed, type Tool } from "../../../crosscheck/tools/cache";
import { GITLEAKS } from "../../../crosscheck/tools/goTool";
import { ToolMissing } from "../../../crosscheck/tools/missing";
import { CHECKOV } from "../../../crosscheck/tools/pythonTool";
import { ExitCode } from "../../../settings/errors";
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
  return { options, said, tools: join(cache, "scaling-ladder", "crosscheck") };
}

function tool(lock: string, make: Tool["make"]): Tool {
  const file = join(temporaryFolder(), "lock");
  writeFileSync(file, lock);
  return { name: "hammer", locks: [file], make };
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
      await expect(installed(broken, options)).rejects.toThrow(
        "hammer could not be installed for the cross-check: the handle is missing.",
      );
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
