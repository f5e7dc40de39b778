import { rmSync } from "node:fs";
import { join } from "node:path";
import { capture, lastLine } from "../../engine/childProcess";
import { reasonOf } from "../../engine/errors";
import { findGo, type Go } from "../../engine/goEnvironment";
import type { Tool } from "./cache";
import { ToolMissing } from "./missing";

/** A tool that is built from the Go module of ours in `go/<name>`; its program has the same name. */
function goTool(name: string, program: string): Tool {
  const module = join(__dirname, "go", name);
  return {
    name,
    locks: [join(module, "go.mod"), join(module, "go.sum")],
    async make(folder, { env, signal }) {
      const scratch = join(folder, "go-caches");
      const go = await findGo(scratch, env, signal).catch((error): Go => {
        throw new ToolMissing(name, reasonOf(error));
      });
      const flags = ["-mod=readonly", "-modcacherw", "-trimpath", "-buildvcs=false"];
      const built = await capture(go.command, ["build", ...flags, "-o", join(folder, name), program], {
        cwd: module,
        env: go.env,
        signal,
      });
      if (built.code !== 0) throw new ToolMissing(name, `go build failed (${lastLine(built.stderr)})`);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Scores Kubernetes manifests. */
export const KUBE_SCORE = goTool("kube-score", "github.com/zegl/kube-score/cmd/kube-score");

/** Finds secrets in files and in the history of git. */
export const GITLEAKS = goTool("gitleaks", "github.com/zricethezav/gitleaks/v8");
