import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withCleanStackFiles } from "../../../engine";
import { scratchFolder } from "./fakes";

const SALT = "encryptionsalt: v1:abc=:v1:def:ghi==\n";
const SETTINGS = "config:\n  # why\n  p:v: 1\n";

let root: string;
let remove: () => void;
const file = (stack: string) => join(root, `Pulumi.${stack}.yaml`);
const addSalt = (stack: string) =>
  writeFileSync(file(stack), (existsSync(file(stack)) ? readFileSync(file(stack), "utf8") : "") + SALT);

beforeEach(() => {
  ({ folder: root, remove } = scratchFolder());
  writeFileSync(join(root, "Pulumi.yaml"), `name: p\n${SALT}`);
  writeFileSync(file("dev"), SETTINGS);
});
afterEach(() => remove());

it("takes the salt out after a run, and gives the run's result", async () => {
  const result = await withCleanStackFiles(root, true, async () => {
    addSalt("dev");
    addSalt("new");
    return 7;
  });
  expect(result).toBe(7);
  expect(readFileSync(file("dev"), "utf8")).toBe(SETTINGS);
  expect(existsSync(file("new"))).toBe(false);
  expect(readFileSync(join(root, "Pulumi.yaml"), "utf8")).toContain("encryptionsalt");
  expect(readdirSync(root).sort()).toEqual(["Pulumi.dev.yaml", "Pulumi.yaml"]);
});

it("takes it out when the run fails", async () => {
  const run = withCleanStackFiles(root, true, async () => {
    addSalt("dev");
    throw new Error("the run failed");
  });
  await expect(run).rejects.toThrow("the run failed");
  expect(readFileSync(file("dev"), "utf8")).toBe(SETTINGS);
});

it("takes out what a killed run left, before the next one", async () => {
  addSalt("dev");
  addSalt("new");
  await withCleanStackFiles(root, true, async () => {
    expect(readFileSync(file("dev"), "utf8")).toBe(SETTINGS);
    expect(existsSync(file("new"))).toBe(false);
  });
});

it("leaves everything alone when the state is the user's", async () => {
  addSalt("dev");
  await withCleanStackFiles(root, false, async () => undefined);
  expect(readFileSync(file("dev"), "utf8")).toBe(SETTINGS + SALT);
});

it("keeps the file's mode, and a link a link", async () => {
  const elsewhere = join(root, "shared-settings");
  renameSync(file("dev"), elsewhere);
  symlinkSync(elsewhere, file("dev"));
  chmodSync(elsewhere, 0o640);
  await withCleanStackFiles(root, true, async () => addSalt("dev"));
  expect(lstatSync(file("dev")).isSymbolicLink()).toBe(true);
  expect(readFileSync(elsewhere, "utf8")).toBe(SETTINGS);
  expect(statSync(elsewhere).mode & 0o777).toBe(0o640);
});

it("is on the disk before it takes the place of the user's settings", async () => {
  const order: string[] = [];
  const { fsyncSync } = fs;
  const sync = vi.spyOn(fs, "fsyncSync").mockImplementation((handle) => {
    order.push(existsSync(file("dev")) && readFileSync(file("dev"), "utf8").includes(SALT) ? "before" : "after");
    fsyncSync(handle);
  });
  await withCleanStackFiles(root, true, async () => addSalt("dev"));
  sync.mockRestore();
  expect(order).toEqual(["before"]);
  expect(readFileSync(file("dev"), "utf8")).toBe(SETTINGS);
});
