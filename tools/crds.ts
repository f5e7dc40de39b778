import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { capture, lastLine } from "../engine/childProcess";
import type { Tool } from "./cache";
import { goFor } from "./goTool";
import { ToolMissing } from "./missing";

const NAME = "crds";

/** The module of ours that locks the modules below. */
const MODULE = join(__dirname, "go", NAME);

/** The modules of the operators, and where in them the definitions of their custom resources are. */
const FOLDERS: Readonly<Record<string, string>> = {
  "github.com/cloudnative-pg/cloudnative-pg": "config/crd/bases",
  "github.com/cloudnative-pg/plugin-barman-cloud": "config/crd/bases",
  "github.com/prometheus-operator/prometheus-operator": "example/prometheus-operator-crd",
};

/** The custom resource definitions of the operators that the stacks rely on, one YAML file each. */
export const CRDS: Tool = {
  name: NAME,
  programs: ".",
  locks: [join(MODULE, "go.mod"), join(MODULE, "go.sum")],
  async make(folder, options) {
    const scratch = join(folder, "go-caches");
    const go = await goFor(NAME, scratch, options);
    const args = ["mod", "download", "-json", ...Object.keys(FOLDERS)];
    const env = { ...go.env, GOFLAGS: "-mod=readonly -modcacherw" };
    const { code, stdout, stderr } = await capture(go.command, args, { cwd: MODULE, env, signal: options.signal });
    if (code !== 0) throw new ToolMissing(NAME, `go mod download failed (${lastLine(stderr)})`);
    // One object after the other, without a comma between.
    for (const { Path, Dir } of JSON.parse(`[${stdout.replaceAll(/^}\s*\{$/gm, "},{")}]`) as readonly Downloaded[]) {
      const from = join(Dir, FOLDERS[Path] ?? "");
      for (const file of readdirSync(from)) copyFileSync(join(from, file), join(folder, file));
    }
    rmSync(scratch, { recursive: true, force: true });
  },
};

interface Downloaded {
  readonly Path: string;
  readonly Dir: string;
}
