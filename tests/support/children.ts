import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface Child {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when the child has printed this text; rejects when it ends without. */
  said(text: string): Promise<void>;
}

/** Starts TypeScript code in a process of its own, with the project as its folder. */
export function startCode(code: string): Child {
  const child = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", code], { cwd: ROOT, stdio: "pipe" });
  let output = "";
  const waiting: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      output += String(text);
      for (const look of waiting) look();
    });
  const finished = new Promise<Finished>((done) =>
    child.on("close", (status, signal) => done({ code: status, signal, output })),
  );
  const said = (text: string) =>
    new Promise<void>((done, fail) => {
      const look = () => output.includes(text) && done();
      waiting.push(look);
      look();
      void finished.then(() => fail(new Error(`ended without saying ${text}: ${output}`)));
    });
  return { process: child, finished, said };
}
