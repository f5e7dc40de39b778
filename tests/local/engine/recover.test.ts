import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recoverStack } from "../../../engine";
import { pendingTypes } from "../../../engine/pendingOperations";
import { ExitCode } from "../../../settings/errors";
import { scratchFolder } from "./fakes";

let root: string;
let locks: string;
let remove: () => void;
let lines: string[];

beforeEach(() => {
  ({ folder: root, remove } = scratchFolder());
  writeFileSync(join(root, "Pulumi.yaml"), "name: proj\n");
  locks = join(root, ".ladder/state/.pulumi/locks/organization/proj/dev");
  mkdirSync(locks, { recursive: true });
  lines = [];
});
afterEach(() => remove());

const command = { pulumi: "/nonexistent", env: {} };
const recover = (waitMs = 600) =>
  recoverStack(command, { root, stack: "dev", progress: (line) => lines.push(line), waitMs });
const now = () => new Date().toISOString();
function lock(name: string, content: object): void {
  writeFileSync(join(locks, `${name}.json`), JSON.stringify(content));
  writeFileSync(join(locks, `${name}.json.attrs`), "{}");
}

async function deadPid(): Promise<number> {
  const child = spawn("/bin/sh", ["-c", "exit 0"]);
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid ?? 0;
}

it("does nothing to a stack that is free, or that never was", async () => {
  await recover();
  await recoverStack(command, { root, stack: "never", progress: (line) => lines.push(line) });
  expect(lines).toEqual([]);
});

it("releases the lock of a process that is gone, and that one alone", async () => {
  const pid = await deadPid();
  lock("a", { pid, username: "ann", hostname: hostname(), timestamp: now() });
  mkdirSync(join(locks, "..", "team"));
  const other = join(locks, "..", "team", "b.json");
  writeFileSync(other, JSON.stringify({ pid, username: "ann", hostname: hostname(), timestamp: now() }));
  await recover();
  expect(readdirSync(locks)).toEqual([]);
  expect(readdirSync(join(locks, "..", "team"))).toEqual(["b.json"]);
  expect(lines).toEqual([expect.stringContaining(`process ${pid} of ann@${hostname()}`)]);
});

it("releases a lock whose process number now belongs to a younger process", async () => {
  lock("a", { pid: process.pid, username: "ann", hostname: hostname(), timestamp: "2020-01-01T00:00:00Z" });
  await recover();
  expect(readdirSync(locks)).toEqual([]);
});

it("waits for a lock whose holder lives, then refuses, naming it", async () => {
  const timestamp = now();
  lock("a", { pid: process.pid, username: "ann", hostname: hostname(), timestamp });
  await expect(recover()).rejects.toMatchObject({
    exitCode: ExitCode.refused,
    message: expect.stringContaining(`process ${process.pid} of ann@${hostname()} (since ${timestamp})`),
  });
  expect(lines[0]).toMatch(/^Stack dev is in use by process .*; waiting/);
  expect(readdirSync(locks)).toHaveLength(2);
});

it("refuses at once when the lock was taken on another machine, and leaves it", async () => {
  lock("a", { pid: 1, username: "bob", hostname: "another-machine", timestamp: now() });
  await expect(recover(60_000)).rejects.toThrow(
    /process 1 of bob@another-machine .*on that machine.*pulumi cancel --stack dev/,
  );
  expect(readdirSync(locks)).toHaveLength(2);
});

it("releases a lock that was never written to its end, once it is old enough", async () => {
  const file = join(locks, "fileblob123");
  writeFileSync(file, '{"pid":');
  await expect(recover()).rejects.toThrow(/a run that did not finish taking it/);
  const old = Date.now() / 1000 - 60;
  utimesSync(file, old, old);
  await recover();
  expect(readdirSync(locks)).toEqual([]);
});

it("leaves pending operations on other providers' resources for the user to judge", async () => {
  const stacks = join(root, ".ladder/state/.pulumi/stacks/proj");
  mkdirSync(stacks, { recursive: true });
  const state = join(stacks, "dev.json");
  const operations = (...types: string[]) =>
    writeFileSync(
      state,
      JSON.stringify({
        checkpoint: { latest: { pending_operations: types.map((type) => ({ resource: { type }, type: "creating" })) } },
      }),
    );
  operations("aws:rds/instance:Instance", "pulumi-nodejs:dynamic:Resource");
  await recover();
  expect(lines).toEqual([]);
  // With ours alone the engine is called, which is not there in this test.
  operations("pulumi-nodejs:dynamic:Resource");
  await expect(recover()).rejects.toThrow("/nonexistent cannot be started");
  expect(readdirSync(join(root, ".ladder"))).toEqual(["state"]);
  expect(pendingTypes(join(stacks, "absent.json"))).toEqual([]);
  writeFileSync(state, "{");
  expect(pendingTypes(state)).toEqual([]);
});
