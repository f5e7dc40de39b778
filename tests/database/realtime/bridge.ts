import { type ChildProcess, spawn } from "node:child_process";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "redis";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import type { Postgres } from "../../servers/postgres";
import { freePort } from "../../servers/process";
import type { Redis } from "../../servers/redis";

const ROOT = join(__dirname, "../../..");

/** The example bridge in a process of its own. */
export interface Bridge {
  /** What it wrote. */
  log(): string;
  /** Waits until it has written this. */
  said(text: string): Promise<void>;
  /** Its exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts it as the README does, with nothing but these variables, the replication role and a Redis. */
export function startBridge(
  server: Postgres,
  circle: CatalogueDatabase,
  redisPort: number,
  env: NodeJS.ProcessEnv = {},
): Bridge {
  const child = spawn(process.execPath, ["--require", "tsx/cjs", "examples/notifications/main.ts"], {
    cwd: ROOT,
    stdio: "pipe",
    env: {
      PATH: process.env.PATH,
      PGHOST: server.host,
      PGPORT: String(server.port),
      PGDATABASE: circle.name,
      PGUSER: circle.user("replication"),
      PGPASSWORD: circle.password("replication"),
      CACHE_REDIS_HOST: "127.0.0.1",
      CACHE_REDIS_PORT: String(redisPort),
      ...env,
    },
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.once("close", (code, signal) => {
      running.delete(child);
      done(code ?? signal);
    }),
  );
  return {
    log: () => output,
    said: (text) =>
      eventually(
        () => output.includes(text),
        () => `the bridge to say ${text}:\n${output}`,
      ),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Waits until it is so; throws after 60 s. */
export async function eventually(so: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const until = Date.now() + 60_000;
  while (!(await so())) {
    if (Date.now() > until) throw new Error(`waited in vain for ${what()}`);
    await sleep(50);
  }
}

/** Everything that a Redis says on the channel `notifications`, from now on. */
export async function listen({ host, port }: Redis): Promise<{ readonly heard: string[]; end(): Promise<void> }> {
  const client = createClient({ socket: { host, port } });
  client.on("error", () => undefined);
  await client.connect();
  const heard: string[] = [];
  await client.subscribe("notifications", (message) => heard.push(message));
  return { heard, end: async () => client.destroy() };
}

/** An address that leads to a Redis, to another one later, or nowhere. */
export interface Line {
  readonly port: number;
  /** Ends what goes through it; from now on nobody answers. */
  cut(): Promise<void>;
  mend(redis: Redis): Promise<void>;
}

export async function startLine(redis: Redis): Promise<Line> {
  const port = await freePort();
  let server: Server | undefined;
  const open = new Set<Socket>();
  const mend = (to: Redis) =>
    new Promise<void>((done) => {
      server = createServer((near) => {
        const far = connect({ host: to.host, port: to.port });
        for (const [one, other] of [
          [near, far],
          [far, near],
        ] as const) {
          open.add(one);
          one.on("error", () => other.destroy()).on("close", () => other.destroy());
          one.pipe(other);
        }
      }).listen(port, "127.0.0.1", done);
    });
  const cut = () =>
    new Promise<void>((done) => {
      server?.close(() => done());
      for (const socket of open) socket.destroy();
      open.clear();
    });
  await mend(redis);
  return { port, cut, mend };
}
