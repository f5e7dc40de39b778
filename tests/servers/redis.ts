import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { REDIS } from "../../tools/debianTool";
import { freePort, inFolder, listens, type Server, startServer } from "./process";
import { must } from "./run";
import { debianPrograms, type ProgramEnv } from "./tools";

export interface RedisOptions {
  /** A redis.conf. The port, the address and the folder are the test's own. */
  readonly config?: string;
  /** More of the command line, after the file. */
  readonly args?: readonly string[];
  /** Serves TLS only; the certificates are up to `config`. */
  readonly tls?: boolean;
}

export interface Redis extends Pick<Server, "log" | "stop"> {
  readonly host: string;
  readonly port: number;
  /** The folder of its data. */
  readonly folder: string;
  readonly bin: string;
  readonly env: ProgramEnv;
  /** Runs redis-cli with these arguments; gives what it prints. */
  cli(...args: string[]): Promise<string>;
}

const HOST = "127.0.0.1";

/** Starts a Redis with a configuration of yours. */
export async function startRedis({ config = "", args = [], tls = false }: RedisOptions = {}): Promise<Redis> {
  const { folder: bin, env } = await debianPrograms(REDIS);
  return inFolder(async (folder) => {
    const port = await freePort();
    const file = join(folder, "redis.conf");
    writeFileSync(file, config);
    const ports = tls ? ["--port", "0", "--tls-port", String(port)] : ["--port", String(port)];
    const server = await startServer({
      name: "redis-server",
      command: join(bin, "redis-server"),
      args: [file, ...args, ...ports, "--bind", HOST, "--dir", folder, "--daemonize", "no"],
      env,
      folder,
      ready: () => listens(port),
    });
    return {
      host: HOST,
      port,
      folder,
      bin,
      env,
      cli: async (...command) =>
        (await must([join(bin, "redis-cli"), "-h", HOST, "-p", String(port), ...command], { env })).trimEnd(),
      log: server.log,
      stop: server.stop,
    };
  });
}
