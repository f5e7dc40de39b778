import { spawn } from "node:child_process";

/** What the API server said to one question. */
export type Answer =
  | { readonly kind: "ok"; readonly body: unknown }
  /** It has no such thing. */
  | { readonly kind: "absent" }
  /** It cannot be reached, or does not answer this user. */
  | { readonly kind: "failed"; readonly reason: string };

/** A Kubernetes cluster that can be asked. */
export interface ClusterReader {
  /** The context that is used; undefined where none is chosen. */
  context(): Promise<string | undefined>;
  /** Reads a path of the API, such as `/version`. */
  get(path: string): Promise<Answer>;
}

/** Time in milliseconds that one question may take; a login helper may want a moment, and may wait for somebody for ever. */
const PATIENCE_MS = 20_000;

/**
 * Asks through `kubectl`, which finds and logs in to a cluster as the provider of the engine does: by KUBECONFIG or the file in
 * the home folder, with whatever login helper stands there. Nothing is changed.
 *
 * @param context Context of the kubeconfig. Default: its current one.
 */
export function kubectlReader(kubectl: string, env: NodeJS.ProcessEnv, context: string | undefined): ClusterReader {
  const chosen = context === undefined ? [] : ["--context", context];
  return {
    async context() {
      if (context !== undefined) return context;
      const { code, stdout } = await run(kubectl, ["config", "current-context"], env);
      return code === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
    },
    async get(path) {
      const { code, stdout, stderr } = await run(
        kubectl,
        ["get", "--raw", path, "--request-timeout=10s", ...chosen],
        env,
      );
      if (code === 0) return answered(stdout);
      if (/\(NotFound\)/.test(stderr)) return { kind: "absent" };
      return { kind: "failed", reason: reasonIn(stderr) };
    },
  };
}

function answered(stdout: string): Answer {
  try {
    return { kind: "ok", body: JSON.parse(stdout) };
  } catch {
    return { kind: "failed", reason: "what answers is no Kubernetes API" };
  }
}

/** The last line says what ended it; those before are the log of the attempts. */
const reasonIn = (stderr: string): string =>
  stderr
    .trim()
    .split("\n")
    .at(-1)
    ?.replace(/^(error|Error from server \(\w+\)): /, "")
    .trim() || "kubectl gave no reason";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE_MS });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const late = signal === null ? "" : `no answer within ${PATIENCE_MS / 1000} seconds`;
      resolve({ code, stdout: said.stdout, stderr: late || said.stderr });
    });
  });
}
