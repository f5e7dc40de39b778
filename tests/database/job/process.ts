import { type ChildProcess, spawn } from "node:child_process";
import type { Ended } from "../../servers/run";

/** A program that runs, with what it has said. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended & { readonly signal: NodeJS.Signals | null }>;
  /** Resolves when it has written this text; rejects when it ends without. */
  said(text: string): Promise<void>;
}

/** Starts a command with nothing on its standard input. */
export function start(command: readonly string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Running {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  const waiting = new Set<() => void>();
  const note = () => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    note();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    note();
  });
  const ended = new Promise<Ended & { readonly signal: NodeJS.Signals | null }>((done, fail) => {
    child.once("error", fail).once("close", (code, signal) => done({ code, signal, stdout, stderr }));
  });
  const said = (text: string) =>
    new Promise<void>((done, fail) => {
      const look = () => {
        if (`${stdout}${stderr}`.includes(text)) done();
      };
      waiting.add(look);
      look();
      ended.then(() => fail(new Error(`ended without saying ${text}: ${stdout}${stderr}`)), fail);
    });
  return { child, ended, said };
}
