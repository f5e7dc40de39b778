import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGBOUNCER } from "../../tools/debianTool";
import { giveAway, ordinaryUser } from "../support/secondUser";
import { freePort, inFolder, listens, type Server, startServer } from "./process";
import { debianPrograms, type ProgramEnv } from "./tools";

export interface PgBouncerOptions {
  /** A whole pgbouncer.ini with [databases] and, as its last section, [pgbouncer]. Address, port, socket and auth_file are the test's own. */
  readonly ini: string;
  /** The users and their passwords, for the auth_file. */
  readonly users: Readonly<Record<string, string>>;
}

export interface PgBouncer extends Pick<Server, "log" | "stop"> {
  readonly host: string;
  readonly port: number;
  readonly bin: string;
  readonly env: ProgramEnv;
}

const HOST = "127.0.0.1";

/** Starts a PgBouncer with a configuration of yours. It ends with the log when it does not know a setting. */
export async function startPgBouncer({ ini, users }: PgBouncerOptions): Promise<PgBouncer> {
  const { folder: bin, env } = await debianPrograms(PGBOUNCER);
  return inFolder(async (folder) => {
    const port = await freePort();
    const at = (name: string) => join(folder, name);
    const own = { listen_addr: HOST, listen_port: port, unix_socket_dir: "", auth_file: at("users.txt") };
    const lines = Object.entries(own).map(([name, value]) => `${name} = ${value}`);
    // What is said last counts; a second header of the section would set all that was said to its default again.
    writeFileSync(at("pgbouncer.ini"), `${[ini.trimEnd(), ...lines].join("\n")}\n`);
    writeFileSync(
      at("users.txt"),
      Object.entries(users)
        .map((pair) => `${pair.map((text) => `"${text.replaceAll('"', '""')}"`).join(" ")}\n`)
        .join(""),
    );
    giveAway(folder);
    chmodSync(folder, 0o700);
    const server = await startServer({
      name: "pgbouncer",
      command: join(bin, "pgbouncer"),
      args: [at("pgbouncer.ini")],
      env,
      folder,
      through: ordinaryUser,
      signal: "SIGINT",
      ready: () => listens(port),
    });
    return { host: HOST, port, bin, env, log: server.log, stop: server.stop };
  });
}
