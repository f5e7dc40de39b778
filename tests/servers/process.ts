import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findExecutable } from "../../engine/onPath";

/** A base backup writes and syncs thousands of files; a server that ended is told at once. */
const READY_WITHIN_MS = 600_000;
const ENDS_WITHIN_MS = 120_000;
const LAST_LINES = 25;

export interface ServerOptions {
  /** What messages call it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The folder for its log; it runs there. */
  readonly folder: string;
  /** What it is run through, for example as another user. */
  readonly through?: readonly string[];
  /** What ends it in good order. Default: SIGTERM. */
  readonly signal?: NodeJS.Signals;
  /** Asked every 50 ms until it says yes. */
  ready(): Promise<boolean>;
}

export interface Server {
  readonly pid: number;
  /** All that it wrote, on both streams. */
  log(): string;
  /** Ends it and waits until it has; kills it after 2 minutes, which a slow disk may take. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a server and waits until it serves. It does not outlive this process, however that ends. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const logFile = join(options.folder, `${options.name}.log`);
  const log = openSync(logFile, "a");
  const [program = "", ...args] = [...(options.through ?? []), ...diesWithUs(), options.command, ...options.args];
  const child = spawn(program, args, { cwd: options.folder, env: options.env, stdio: ["ignore", log, log] });
  closeSync(log);
  running.add(child);
  let ended: string | undefined;
  const end = new Promise<void>((done) => {
    const note = (how: string) => {
      ended = how;
      running.delete(child);
      done();
    };
    child.once("error", ({ message }) => note(message));
    child.once("exit", (code, signal) => note(`ended with ${code ?? signal}`));
  });
  const said = () => readFileSync(logFile, "utf8");
  const stop = async () => {
    if (ended !== undefined) return;
    child.kill(options.signal ?? "SIGTERM");
    await Promise.race([end, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
    if (ended === undefined) child.kill("SIGKILL");
    await end;
  };
  const until = Date.now() + READY_WITHIN_MS;
  while (!(await options.ready())) {
    if (ended === undefined && Date.now() < until) await sleep(50);
    else {
      const why = ended ?? `was not ready after ${READY_WITHIN_MS / 1000} s`;
      await stop();
      throw new Error(`${options.name} ${why}:\n${said().trim().split("\n").slice(-LAST_LINES).join("\n")}`);
    }
  }
  return { pid: child.pid ?? 0, log: said, stop };
}

/** Linux ends a process with its parent when it is asked to, and forgets it when the process becomes another user. */
function diesWithUs(): readonly string[] {
  const setpriv = findExecutable("setpriv", process.env);
  return setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL"];
}

/** Below the ports that Linux hands out for outgoing connections, one of which could take it meanwhile. */
const PORTS = [15_000, 32_000] as const;
const given = new Set<number>();

/** A port of 127.0.0.1 that nobody uses now, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...PORTS);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer().once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });

/** Whether somebody takes connections at a port of 127.0.0.1. */
export function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port });
    const finish = (yes: boolean) => {
      socket.destroy();
      done(yes);
    };
    socket.once("connect", () => finish(true)).once("error", () => finish(false));
  });
}

/** An empty folder, and what removes it. Not `temporaryFolder`: a server may live for a whole file of tests. */
export function serverFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "ladder-server-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.once("exit", remove);
  return {
    folder,
    remove() {
      process.off("exit", remove);
      remove();
    },
  };
}

/** Starts something in a folder of its own, which goes when the start fails and when it is stopped. */
export async function inFolder<T extends { stop(): Promise<void> }>(
  start: (folder: string) => Promise<T>,
  attempts = 3,
): Promise<T> {
  const { folder, remove } = serverFolder();
  try {
    const started = await start(folder);
    const stop = async () => {
      await started.stop();
      remove();
    };
    return { ...started, stop };
  } catch (error) {
    remove();
    // Another process of this machine was quicker to take the port.
    if (attempts > 1 && error instanceof Error && /address already in use/i.test(error.message))
      return inFolder(start, attempts - 1);
    throw error;
  }
}
