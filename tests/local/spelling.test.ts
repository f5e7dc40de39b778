import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { provider as envFile } from "../../local/dotenv/provider";
import { provider as folder } from "../../local/folder/provider";
import { provider as database } from "../../local/sqlite/provider";
import { parseSettings } from "../../settings";
import { sqliteInputs } from "../support/sqlite";
import { temporaryFolder } from "../support/temporary";

/** What the engine does with a resource whose inputs changed: a replacement makes the new one and deletes the old one. */
function carryOut<I extends { path: string }, O extends I>(
  provider: {
    create(inputs: I): { id: string; outs: O };
    diff(id: string, olds: O, news: I): { changes: boolean; replaces?: readonly string[] };
    delete(id: string, olds: O): void;
  },
  before: I,
  after: I,
): void {
  const { id, outs } = provider.create(before);
  if ((provider.diff(id, outs, after).replaces ?? []).length === 0) return;
  provider.create(after);
  provider.delete(id, outs);
}

describe("one place, spelled in another way", () => {
  it("is one place in the settings", () => {
    const { settings } = parseSettings(
      { tier: "development", users: 1, files: { path: "./uploads//" }, app: { envFile: "config/./.env" } },
      "dev",
    );
    expect(settings).toMatchObject({ files: { path: "uploads" }, app: { envFile: "config/.env" } });
  });

  it("a .env is not removed as its own predecessor", () => {
    const path = join(temporaryFolder(), ".env");
    carryOut(
      envFile,
      { path, stack: "dev", values: { A: "1" } },
      { path: join(path, "..", ".", ".env"), stack: "dev", values: { A: "1" } },
    );
    expect(readFileSync(path, "utf8")).toContain("A=1");
    carryOut(
      envFile,
      { path, stack: "dev", values: { A: "1" } },
      { path: path.replace("/.env", "//.env"), stack: "dev", values: { A: "1" } },
    );
    expect(readFileSync(path, "utf8")).toContain("A=1");
  });

  it("neither is a folder", () => {
    const path = join(temporaryFolder(), "uploads");
    carryOut(folder, { path, setting: "files.path" }, { path: `${path}/`, setting: "files.path" });
    expect(existsSync(path)).toBe(true);
  });

  it("nor does a database count as another one", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { id, outs } = database.create(inputs);
    expect(
      database.diff(id, outs, { ...inputs, path: inputs.path.replace("/app.db", "//app.db") }).replaces,
    ).toBeUndefined();
  });
});
