import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Engine, engineEnvironment, shellExports } from "../../../engine";
import { ExitCode, UserError } from "../../../settings/errors";
import { scratchFolder } from "./fakes";

const engine: Engine = { pulumi: "/e/bin/pulumi", version: "3.259.0", source: "cache", built: false, binDir: "/e/bin" };

let root: string;
let home: string;
let remove: () => void;

beforeEach(() => {
  const scratch = scratchFolder();
  remove = scratch.remove;
  root = join(scratch.folder, "my project");
  home = join(scratch.folder, "home");
  mkdirSync(root);
  mkdirSync(home);
});
afterEach(() => remove());

const passphraseFile = () => join(root, ".ladder", "passphrase");
const settle = (env: NodeJS.ProcessEnv = {}, from: Engine = engine) =>
  engineEnvironment(from, { root, env: { HOME: home, PATH: "/usr/bin", ...env } });

function refusal(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

function pretendState(): void {
  const stacks = join(root, ".ladder", "state", ".pulumi", "stacks", "p");
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stacks, "dev.json"), "{}");
}

describe("a project without a backend", () => {
  it("keeps its state and a generated passphrase to itself, and says so once", () => {
    const first = settle();
    expect(first.managedState).toBe(true);
    expect(first.env.PULUMI_BACKEND_URL).toBe(`file://${root.replaceAll(" ", "%20")}/.ladder/state`);
    expect(first.env.PULUMI_CONFIG_PASSPHRASE_FILE).toBe(passphraseFile());
    expect(statSync(passphraseFile()).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, ".ladder")).mode & 0o777).toBe(0o700);
    const passphrase = readFileSync(passphraseFile(), "utf8");
    expect(Buffer.from(passphrase.trim(), "base64url")).toHaveLength(32);
    expect(first.notices).toHaveLength(1);
    expect(first.notices[0]).toContain(passphraseFile());
    expect(first.notices[0]).toContain("pulumi login");
    expect(JSON.stringify(first)).not.toContain(passphrase.trim());

    expect(settle().notices).toEqual([]);
    expect(readFileSync(passphraseFile(), "utf8")).toBe(passphrase);
  });

  it("uses the user's own passphrase, even an empty one, and makes no file", () => {
    for (const own of [{ PULUMI_CONFIG_PASSPHRASE: "" }, { PULUMI_CONFIG_PASSPHRASE_FILE: "/mine" }]) {
      const { env, managedState } = settle(own);
      expect(managedState).toBe(true);
      expect(env).toMatchObject(own);
      expect(existsSync(passphraseFile())).toBe(false);
    }
    expect(settle({ PULUMI_CONFIG_PASSPHRASE: "x" }).env).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
  });

  it("refuses to go on when the passphrase of a state is gone or empty, and makes no new one", () => {
    settle();
    pretendState();
    rmSync(passphraseFile());
    const gone = refusal(() => settle());
    expect(gone.exitCode).toBe(ExitCode.refused);
    expect(gone.message).toContain(`${passphraseFile()} is missing`);
    expect(gone.message).toContain("Restore the file");
    expect(existsSync(passphraseFile())).toBe(false);
    expect(settle({ PULUMI_CONFIG_PASSPHRASE: "x" }).managedState).toBe(true);
    writeFileSync(passphraseFile(), "\n");
    expect(refusal(() => settle()).message).toContain("is empty");
  });

  it("closes a passphrase file that others could read", () => {
    settle();
    chmodSync(passphraseFile(), 0o644);
    settle();
    expect(statSync(passphraseFile()).mode & 0o777).toBe(0o600);
  });

  it("is the same project in a shell that took over the exports", () => {
    const user = { HOME: home, PATH: "/usr/bin" };
    const { env } = engineEnvironment(engine, { root, env: user });
    const lines = shellExports(user, env);
    expect(lines.join("\n")).not.toContain(readFileSync(passphraseFile(), "utf8").trim());
    expect(lines).toContain(`export PULUMI_CONFIG_PASSPHRASE_FILE='${passphraseFile()}'`);
    const again = engineEnvironment(engine, { root, env });
    expect(again.managedState).toBe(true);
    expect(again.env).toEqual(env);
  });
});

describe("a user's own backend", () => {
  it.each([
    ["PULUMI_BACKEND_URL", () => ({ PULUMI_BACKEND_URL: "s3://mine" })],
    ["PULUMI_ACCESS_TOKEN", () => ({ PULUMI_ACCESS_TOKEN: "token" })],
    [
      "Pulumi.yaml",
      () => {
        writeFileSync(join(root, "Pulumi.yaml"), "name: p\nbackend:\n  url: s3://mine\n");
        return {};
      },
    ],
    [
      "pulumi login",
      () => {
        mkdirSync(join(home, ".pulumi"));
        writeFileSync(join(home, ".pulumi", "credentials.json"), '{"current":"s3://mine"}');
        return {};
      },
    ],
    [
      "pulumi login with PULUMI_CREDENTIALS_PATH",
      () => {
        writeFileSync(join(home, "credentials.json"), '{"current":"s3://mine"}');
        return { PULUMI_CREDENTIALS_PATH: home };
      },
    ],
  ])("from %s is left alone", (_from, prepare) => {
    const given = prepare();
    const { env, managedState, notices } = settle(given);
    expect(managedState).toBe(false);
    expect(env.PULUMI_BACKEND_URL).toBe("PULUMI_BACKEND_URL" in given ? given.PULUMI_BACKEND_URL : undefined);
    expect(env.PULUMI_CONFIG_PASSPHRASE_FILE).toBeUndefined();
    expect(notices).toEqual([]);
    expect(existsSync(passphraseFile())).toBe(false);
  });

  it("does not hide the state of earlier runs: a notice says where it is", () => {
    settle();
    pretendState();
    const { notices } = settle({ PULUMI_BACKEND_URL: "s3://mine" });
    expect(notices).toEqual([expect.stringContaining(join(root, ".ladder", "state"))]);
  });

  it("does not follow from credentials that are logged out or damaged", () => {
    mkdirSync(join(home, ".pulumi"));
    for (const text of ['{"current":""}', "{}", "", "{"]) {
      writeFileSync(join(home, ".pulumi", "credentials.json"), text);
      expect(settle().managedState).toBe(true);
    }
  });
});

describe("the engine's surroundings", () => {
  it("put its folder and node's in front of PATH, once", () => {
    const { env } = settle();
    const front = ["/e/bin", dirname(process.execPath)];
    expect(env.PATH?.split(delimiter)).toEqual([...new Set([...front, "/usr/bin"])]);
    expect(settle({ PATH: env.PATH ?? "" }).env.PATH).toBe(env.PATH);
    expect(env).toMatchObject({ PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true" });
  });

  it("keep a built engine from asking for plugins, unless the user wants it to", () => {
    const name = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION";
    expect(settle().env[name]).toBeUndefined();
    expect(settle({}, { ...engine, built: true }).env[name]).toBe("true");
    expect(settle({ [name]: "false" }, { ...engine, built: true }).env[name]).toBe("false");
  });

  it("give it a home in the project when there is none or it cannot be written", () => {
    const own = join(root, ".ladder", "pulumi-home");
    // The engine would look in the home that the list of users names, which is not this one.
    expect(settle().env.PULUMI_HOME).toBe(join(home, ".pulumi"));
    expect(settle({ HOME: undefined }).env).toMatchObject({ PULUMI_HOME: own, HOME: join(root, ".ladder") });
    expect(settle({ HOME: "/dev/null" }).env).toMatchObject({ PULUMI_HOME: own, HOME: "/dev/null" });
    expect(settle({ HOME: undefined, PULUMI_HOME: "/mine" }).env.PULUMI_HOME).toBe("/mine");
  });

  it("refuse a project folder that cannot be written", () => {
    const error = refusal(() => engineEnvironment(engine, { root: "/dev/null", env: {} }));
    expect(error.message).toContain("/dev/null cannot be written");
    expect(error.exitCode).toBe(ExitCode.missing);
  });
});
