/** One promotion in a process of its own, as the command line makes it: for its time, and for the memory that it alone uses. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manualFlip } from "../cli/promotion/manualFlip";
import type { Beginning } from "../promotion/machine/assessSource";
import { promote } from "../promotion/machine/promote";
import { safetyExport } from "../promotion/machine/safetyExport";
import type { StepName } from "../promotion/machine/steps";
import { type Connection, connect } from "../schema/connection";
import type { CatalogueName } from "../settings";
import { cpuOfServer } from "./cpuTime";

const WORKERS = 2;

/** What a promotion is made of. JSON. */
export interface PromotionJob {
  /** For backups and the promotion's files. */
  readonly folder: string;
  readonly file: string;
  readonly connection: Connection;
  readonly catalogue?: CatalogueName;
  /** Data folder of the server. */
  readonly server: string;
  /** Where it ends. */
  readonly wish: Exclude<StepName, "assess">;
}

/** Seconds of each part, and what it used. */
export interface Measured {
  /** The backup that is made and proven first: nothing that a loader does. */
  readonly backup: number;
  readonly assess: number;
  readonly prepare: number;
  /** Rows alone. */
  readonly load: number;
  /** Indexes, statistics and what was written meanwhile. */
  readonly indexes: number;
  readonly verify: number;
  /** Cut-over, foreign keys, and all that comes with them; 0 when it ends before. */
  readonly cutover: number;
  readonly freezeMs: number;
  /** All but the backup. */
  readonly total: number;
  /** The most that the process had, in MB of 1,000,000 bytes. */
  readonly memory: number;
  readonly rows: number;
  /** Seconds of processors, in this process and in the server. */
  readonly cpu: { readonly assess: number; readonly copy: number; readonly verify: number };
}

const seconds = (from: number): number => (performance.now() - from) / 1000;
const figure = (value: unknown): number => (typeof value === "number" ? value : 0);

async function measure({ folder, file, connection, server, catalogue, wish }: PromotionJob): Promise<Measured> {
  const backups = join(folder, "backups");
  let began = performance.now();
  await safetyExport({ database: file, folder: backups, onProgress: () => undefined });
  const backup = seconds(began);
  began = performance.now();
  let assessed = began;
  const cpuAt: Record<string, number> = {};
  const source = { path: file, busyTimeoutMs: 5_000 };
  const beginning: Beginning = {
    to: "smb",
    source,
    backups,
    ...(catalogue === undefined ? {} : { catalogue }),
    quarantine: false,
    resetTarget: false,
  };
  const { actions } = await promote({
    parent: join(folder, "promotions"),
    stack: "bench",
    wish,
    connection,
    workers: WORKERS,
    export: false,
    maxFreezeMs: 10_000,
    flip: manualFlip(connection, join(folder, "application")),
    connectAsApplication: () => connect(connection),
    tell: {
      step: (step) => {
        if (step === "prepare") assessed = performance.now();
        const { user, system } = process.cpuUsage();
        cpuAt[step] = (user + system) / 1e6 + cpuOfServer(server);
      },
      say: () => undefined,
      progress: () => undefined,
    },
    beginning: () => beginning,
  });
  const total = seconds(began);
  const of = (name: string) => actions.find(({ action }) => action === name);
  const took = (name: string): number => of(name)?.seconds ?? 0;
  const cpu = (from: string, to: string): number => (cpuAt[to] ?? Number.NaN) - (cpuAt[from] ?? Number.NaN);
  const load = figure(of("copy")?.figures.seconds);
  return {
    backup,
    assess: (assessed - began) / 1000,
    prepare: took("prepare"),
    load,
    indexes: took("copy") - load,
    verify: took("verify"),
    cutover: ["cutover", "open", "flip", "settle"].reduce((sum, name) => sum + took(name), 0),
    freezeMs: figure(of("cutover")?.figures.freezeMs),
    total,
    memory: highWater(),
    rows: figure(of("copy")?.figures.rows),
    cpu: { assess: cpu("assess", "prepare"), copy: cpu("copy", "verify"), verify: cpu("verify", "cutover") },
  };
}

/** The kernel tells kB of 1024 bytes. */
function highWater(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

/** Promotes in a process of its own. */
export async function promoteAlone(job: PromotionJob): Promise<Measured> {
  const child = spawn(process.execPath, ["--require", "tsx/cjs", __filename, JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the promotion ended with code ${code}`);
  return JSON.parse(text) as Measured;
}

if (require.main === module)
  measure(JSON.parse(process.argv[2] ?? "") as PromotionJob)
    .then((measured) => console.log(JSON.stringify(measured)))
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
