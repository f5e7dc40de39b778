import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Command } from "commander";
import { findExecutable, installerReachable, readyEngine } from "../../engine";
import { findScheduler } from "../../local/backup/schedule/install";
import { ExitCode, UserError } from "../../settings";
import { examineCluster, examineFuture } from "../cluster/examine";
import { kubectlReader } from "../cluster/kubectl";
import { type ClusterNeeds, clusterNeeds } from "../cluster/needs";
import { bytes, print, printJson, printRows } from "../console";
import type { Finding } from "../finding";
import { addJson } from "../options";
import { ROOT, settingsOf } from "../project";
import { sqliteFinding } from "../sqliteVersion";

/** `ladder doctor`: what is missing on this machine and in a stack's cluster, and how to get it. Installs nothing. */
export function addDoctor(ladder: Command): void {
  const command = ladder
    .command("doctor")
    .summary("what is missing on this machine, and how to get it")
    .description(
      "Looks at what ladder needs on this machine and, with a stack, at what the stack needs of its Kubernetes cluster. Installs nothing; exit code 3 when something needed is missing.",
    )
    .argument("[stack]", "look at the Kubernetes cluster of this stack as well");
  addJson(command).action(async (stack: string | undefined, { json }: { json: boolean }) => {
    const needs = stack === undefined ? undefined : clusterNeeds(settingsOf(stack, "warn"));
    const findings = [...(await examine()), ...(needs === undefined ? [] : await clusterFindings(needs))];
    if (json) printJson(findings);
    else {
      printRows(findings.map(({ part, verdict, detail }) => [part, `${verdict.padEnd(8)}  ${detail}`]));
      print();
    }
    const missing = findings.filter(({ verdict }) => verdict === "missing").map(({ part }) => part);
    if (missing.length > 0)
      throw new UserError(
        `Missing: ${missing.join(", ")}. The lines above say how to get ${missing.length === 1 ? "it" : "them"}.`,
        ExitCode.missing,
      );
    if (!json) print("Everything that is needed is here.");
  });
}

async function examine(): Promise<Finding[]> {
  return [
    { part: "Node.js", verdict: "ok", detail: process.versions.node },
    await examined("SQLite (better-sqlite3)", () => sqliteFinding(sqliteVersion())),
    await examined("Pulumi engine", engine),
    projectFolder(),
    await examined("disk space", diskSpace),
    await examined("scheduler for backups", scheduler),
    optionalProgram("litestream", "point-in-time recovery; npx ladder backup litestream tells how to get it"),
    optionalProgram("sqlite3", "a shell for the database; Debian: apt-get install sqlite3"),
  ];
}

/** The cluster, and what the command line needs to reach it. */
async function clusterFindings(needs: ClusterNeeds): Promise<Finding[]> {
  const part = "Kubernetes cluster";
  if (needs.cluster === "created")
    return [
      ...examineFuture(needs),
      neededProgram("aws", "logs in to the EKS cluster; install the AWS CLI, version 2"),
    ];
  if (needs.sealed && process.env.KUBECONFIG === undefined)
    return [
      {
        part,
        verdict: "optional",
        detail: `not looked at: its kubeconfig is a secret of the stack. Put it into a file and run KUBECONFIG=<file> npx ladder doctor <stack>`,
      },
    ];
  const kubectl = findExecutable("kubectl", process.env);
  if (kubectl === undefined)
    return [neededProgram("kubectl", "looks at the cluster; https://kubernetes.io/docs/tasks/tools")];
  try {
    return await examineCluster(needs, kubectlReader(kubectl, process.env, needs.context));
  } catch (error) {
    return [unexaminable(part, error)];
  }
}

/** What cannot even be looked at is a finding, too: a doctor who gives up tells nothing about the rest. */
async function examined(part: string, examine: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await examine();
  } catch (error) {
    return unexaminable(part, error);
  }
}

function unexaminable(part: string, error: unknown): Finding {
  const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return { part, verdict: "missing", detail: `cannot be examined: ${reason}` };
}

function sqliteVersion(): string {
  const database = new Database(":memory:");
  try {
    return String(database.prepare("SELECT sqlite_version()").pluck().get());
  } finally {
    database.close();
  }
}

async function engine(): Promise<Finding> {
  const part = "Pulumi engine";
  const ready = await readyEngine({ root: ROOT, env: process.env, progress: () => {} });
  if (ready !== undefined)
    return { part, verdict: "ok", detail: `${ready.version} (${ready.source}: ${ready.pulumi})` };
  if (await installerReachable(process.env)) {
    return { part, verdict: "ok", detail: "not here yet; the first command that needs it installs it (about 100 MB)" };
  }
  const go = findExecutable("go", process.env);
  if (go !== undefined) {
    return {
      part,
      verdict: "ok",
      detail: `not here yet; the first command that needs it builds it with ${go} (about 5 minutes, once)`,
    };
  }
  return {
    part,
    verdict: "missing",
    detail: "install the Pulumi CLI (for example: brew install pulumi/tap/pulumi), or Go to have it built here",
  };
}

function projectFolder(): Finding {
  const part = "project folder";
  try {
    accessSync(ROOT, constants.W_OK);
    return {
      part,
      verdict: "ok",
      detail: `${ROOT} is writable${existsSync(join(ROOT, ".ladder", "state")) ? ", engine state in .ladder/state" : ""}`,
    };
  } catch {
    return {
      part,
      verdict: "missing",
      detail: `${ROOT} is not writable by this user; clone the project into a folder of your own`,
    };
  }
}

/** Room for the engine (200 MB), a build's scratch space and a first backup. */
const WANTED_BYTES = 2 * 1024 ** 3;

function diskSpace(): Finding {
  const { bavail, bsize } = statfsSync(ROOT);
  const free = bavail * bsize;
  const enough = free >= WANTED_BYTES;
  return {
    part: "disk space",
    verdict: enough ? "ok" : "missing",
    detail: `${bytes(free)} free${enough ? "" : `; free at least ${bytes(WANTED_BYTES)}`}`,
  };
}

async function scheduler(): Promise<Finding> {
  const found = await findScheduler(process.env);
  const part = "scheduler for backups";
  if (found !== undefined) return { part, verdict: "ok", detail: found === "systemd" ? "systemd user timers" : "cron" };
  return {
    part,
    verdict: "optional",
    detail:
      "neither systemd user timers nor a crontab for this user; run `npx ladder backup create --scheduled` nightly by other means",
  };
}

const optionalProgram = (name: string, use: string): Finding => program(name, use, "optional");
const neededProgram = (name: string, use: string): Finding => program(name, use, "missing");

function program(name: string, use: string, absent: Finding["verdict"]): Finding {
  const found = findExecutable(name, process.env);
  return found === undefined
    ? { part: name, verdict: absent, detail: `not here: ${use}` }
    : { part: name, verdict: "ok", detail: found };
}
