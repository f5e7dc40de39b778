import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FindOptions } from "../engine";
import { capture, lastLine } from "../engine/childProcess";
import { reasonOf } from "../engine/errors";
import { findGo, type Go } from "../engine/goEnvironment";
import type { Tool } from "./cache";
import { ToolMissing } from "./missing";

const BUILDS = 3;
/** How Go says that a module could not be fetched. */
const UNREACHED = /\bGet "https?:|\breading https?:/;

/** A tool that is built from the Go module of ours in `go/<name>`; its program has the same name. */
function goTool(name: string, program: string): Tool {
  const module = join(__dirname, "go", name);
  return {
    name,
    programs: ".",
    // All that is in it: its two locks, and the source where the program is ours.
    locks: readdirSync(module)
      .sort()
      .map((file) => join(module, file)),
    async make(folder, { env, signal }) {
      const scratch = join(folder, "go-caches");
      const go = await goFor(name, scratch, { env, signal });
      const flags = ["-mod=readonly", "-modcacherw", "-trimpath", "-buildvcs=false"];
      const build = () =>
        capture(go.command, ["build", ...flags, "-o", join(folder, name), program], {
          cwd: module,
          env: go.env,
          signal,
        });
      let built = await build();
      // Go asks a proxy once for each of its hundreds of modules; what it has, it keeps.
      for (let again = 1; again < BUILDS && built.code !== 0 && UNREACHED.test(built.stderr); again++)
        built = await build();
      if (built.code !== 0) throw new ToolMissing(name, `go build failed (${lastLine(built.stderr)})`);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** The Go of this machine; a newer one, where a module needs it, Go fetches by itself. */
export async function goFor(
  tool: string,
  scratch: string,
  { env, signal }: Pick<FindOptions, "env" | "signal">,
): Promise<Go> {
  try {
    const go = await findGo(scratch, env, signal);
    return { ...go, env: { ...go.env, GOTOOLCHAIN: "auto" } };
  } catch (error) {
    throw new ToolMissing(tool, reasonOf(error));
  }
}

/** Loads a Compose file as `docker compose config` does. Ours, of the loader that Docker Compose has. */
export const COMPOSE_CHECK = goTool("compose-check", ".");

/** Scores Kubernetes manifests. */
export const KUBE_SCORE = goTool("kube-score", "github.com/zegl/kube-score/cmd/kube-score");

/** Checks Prometheus rules and runs their tests. */
export const PROMTOOL = goTool("promtool", "github.com/prometheus/prometheus/cmd/promtool");

/** Tells Prometheus about a PostgreSQL, with queries of ours beside its own. */
export const POSTGRES_EXPORTER = goTool(
  "postgres_exporter",
  "github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter",
);

/** Copies a SQLite database to a bucket while it is used. The version that docs/backups.md names. */
export const LITESTREAM = goTool("litestream", "github.com/benbjohnson/litestream/cmd/litestream");

/** An S3 server on a folder. */
export const VERSITYGW = goTool("versitygw", "github.com/versity/versitygw/cmd/versitygw");

/** The S3 server of the stacks that have one of their own; the newest source, which no image has. */
export const MINIO = goTool("minio", "github.com/minio/minio");

/** Its client. */
export const MINIO_CLIENT = goTool("mc", "github.com/minio/mc");

/** Where a Kubernetes API server keeps its objects. */
export const ETCD = goTool("etcd", "go.etcd.io/etcd/server/v3");

/** The API server of Kubernetes. */
export const KUBE_APISERVER = goTool("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver");

/** What `ladder doctor` looks into a cluster with, for machines of tests that have none. */
export const KUBECTL = goTool("kubectl", "k8s.io/kubernetes/cmd/kubectl");

/** Finds secrets in files and in the history of git. */
export const GITLEAKS = goTool("gitleaks", "github.com/zricethezav/gitleaks/v8");
