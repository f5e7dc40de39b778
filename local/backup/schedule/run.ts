import { spawn } from "node:child_process";

/** What a finished program left. `started` is false where there is no such program. */
export interface Finished {
  started: boolean;
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program from PATH with `input` on its standard input. Never throws. */
export function run(command: string, args: string[], env: NodeJS.ProcessEnv, input = ""): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: "pipe" });
    const result: Finished = { started: true, code: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      result.stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      result.stderr += chunk.toString();
    });
    child.stdin.on("error", () => undefined); // a program that does not read its input says so by its exit code
    child.on("error", (error) => resolve({ ...result, started: false, stderr: error.message }));
    child.on("close", (code) => resolve({ ...result, code }));
    child.stdin.end(input);
  });
}
