import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksInFolder, leaksInHistory } from "../../crosscheck/gitleaks";
import { projectFiles } from "../support/house";
import { SOURCE } from "../support/project";
import { temporaryFolder } from "../support/temporary";
import { OPTIONS } from "./tools";

/** Has the form of an access token of GitHub. Made here, because as a text it would be a finding in this file. */
const TOKEN = `ghp_${createHash("sha256").update("planted").digest("hex").slice(0, 36)}`;

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe("gitleaks", () => {
  it("finds no secret in the history of the repository", async () => {
    expect(await leaksInHistory(SOURCE, OPTIONS)).toEqual([]);
  });

  it("finds no secret in what git has or would take", async () => {
    const folder = temporaryFolder();
    for (const { path, text } of projectFiles(SOURCE)) write(folder, path, text);
    expect(await leaksInFolder(folder, OPTIONS)).toEqual([]);
  });

  it("finds a planted secret in a file, and does not repeat it", async () => {
    const folder = temporaryFolder();
    write(folder, "a/settings.ts", `export const token = "${TOKEN}";\n`);
    const leaks = await leaksInFolder(folder, OPTIONS);
    expect(leaks).toMatchObject([{ rule: "github-pat", file: join(folder, "a/settings.ts"), line: 1 }]);
    expect(JSON.stringify(leaks)).not.toContain(TOKEN);
  });

  it("tells what the engine has encrypted from a secret beside it, in the same line of a state", async () => {
    const folder = temporaryFolder();
    // A nonce whose letters form a word that secrets have as a name.
    const sealed = `v1:a${"KEY"}oCmL9L5zB6Lt:7cgGMaj4FBZyFM6nYrrTZhkHcm1tf17DS5AZdwkgvtxXK+L+f+HA=`;
    const state = (values: object) => `${JSON.stringify(values)}\n`;
    write(folder, ".pulumi/stacks/smb.json", state({ ciphertext: sealed }));
    expect(await leaksInFolder(folder, OPTIONS)).toEqual([]);
    write(folder, ".pulumi/stacks/smb.json", state({ ciphertext: sealed, login: TOKEN }));
    expect(await leaksInFolder(folder, OPTIONS)).toMatchObject([{ rule: "github-pat" }]);
  });

  it("finds a planted secret in the history, after it was taken out", async () => {
    const folder = temporaryFolder();
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: folder });
    git("init", "--quiet");
    for (const text of [`token = "${TOKEN}"\n`, "token = process.env.TOKEN\n"]) {
      write(folder, "settings.ts", text);
      git("add", ".");
      git("commit", "--quiet", "--message", "settings");
    }
    expect(await leaksInFolder(join(folder, "settings.ts"), OPTIONS)).toEqual([]);
    expect(await leaksInHistory(folder, OPTIONS)).toMatchObject([{ rule: "github-pat", file: "settings.ts" }]);
  });
});
