import { join } from "node:path";
import type { FindOptions } from "../engine";
import { capture, lastLine } from "../engine/childProcess";
import { programOf } from "../tools/cache";
import { GITLEAKS } from "../tools/goTool";

/** What is allowed to look like a secret, with the reason. */
const CONFIG = join(__dirname, "gitleaks.toml");

/** Something that looks like a secret; what it is stays out of it. */
export interface Leak {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** The commit, in a history. */
  readonly commit?: string;
}

interface Found {
  readonly RuleID: string;
  readonly File: string;
  readonly StartLine: number;
  readonly Commit: string;
}

/** Looks for secrets in all files of a folder. */
export const leaksInFolder = (folder: string, options: FindOptions): Promise<readonly Leak[]> =>
  leaks("dir", folder, options);

/** Looks for secrets in every commit of a repository. */
export const leaksInHistory = (repository: string, options: FindOptions): Promise<readonly Leak[]> =>
  leaks("git", repository, options);

async function leaks(where: "dir" | "git", place: string, options: FindOptions): Promise<readonly Leak[]> {
  const gitleaks = await programOf(GITLEAKS, options);
  const report = ["--report-format", "json", "--report-path", "-", "--redact", "--exit-code", "0"];
  const { code, stdout, stderr } = await capture(
    gitleaks,
    [where, place, ...report, "--config", CONFIG, "--no-banner", "--no-color", "--log-level", "error"],
    { env: { PATH: options.env.PATH, ...ANY_OWNER }, signal: options.signal },
  );
  if (code !== 0) throw new Error(`gitleaks ended with ${code}: ${lastLine(stderr)}`);
  return (JSON.parse(stdout) as readonly Found[]).map(({ RuleID, File, StartLine, Commit }) => ({
    rule: RuleID,
    file: File,
    line: StartLine,
    ...(Commit === "" ? {} : { commit: Commit }),
  }));
}

/** git refuses a repository that belongs to somebody else, as in a container of the CI. */
const ANY_OWNER = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" };
