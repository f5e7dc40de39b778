import { spawn } from "node:child_process";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with a text on its standard input, and waits for its end. */
export function run(
  command: readonly string[],
  { env, input = "", cwd }: { env: NodeJS.ProcessEnv; input?: string; cwd?: string },
): Promise<Ended> {
  const [program = "", ...args] = command;
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env, cwd, stdio: "pipe" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", fail).once("close", (code) => done({ code, stdout, stderr }));
    // One that does not read its input may end first.
    child.stdin.on("error", () => undefined).end(input);
  });
}

/** The same, and an error with what it said unless it succeeds. Gives what it wrote. */
export async function must(...[command, options]: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(command, options);
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}
