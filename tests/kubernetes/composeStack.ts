import { fillSecrets, writeRendered } from "../../cli/composeFolder";
import { type Rendered, renderCompose } from "../../compose";
import { parseSettings, type RawSettings } from "../../settings";
import { programOf } from "../../tools/cache";
import { COMPOSE_CHECK } from "../../tools/goTool";
import { type Ended, run } from "../servers/run";
import { OPTIONS } from "../servers/tools";

/** What a Compose file means, as the loader of Docker Compose says it; passwords are filled in. */
export interface Model {
  readonly name: string;
  readonly services: Readonly<Record<string, ModelService>>;
}

export interface ModelService {
  readonly image: string;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] } | null>>;
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
}

export const TEAM: RawSettings = { tier: "small-team", users: 400, backup: { store: { bucket: "team-backups" } } };
export const SMB: RawSettings = { tier: "smb", users: 20_000 };

/** The files of a stack with these settings. */
export async function renderedFor(raw: RawSettings, stack = "test"): Promise<Rendered> {
  const { settings } = parseSettings(raw, stack);
  if (settings.tier !== "smb" && settings.tier !== "small-team") throw new Error(`tier ${settings.tier}`);
  return renderCompose({ stack, settings });
}

/** Asks the loader of Docker Compose about the file in a folder. */
export const check = async (folder: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  run([await programOf(COMPOSE_CHECK, OPTIONS), folder], { env, cwd: folder });

/** Renders into a folder, makes the passwords, and has the result loaded. */
export async function loadedStack(folder: string, raw: RawSettings): Promise<Model> {
  const { files, variables } = await renderedFor(raw);
  writeRendered(folder, "test", files, false);
  fillSecrets(
    folder,
    variables.filter(({ value }) => typeof value === "string").map(({ name }) => name),
  );
  const { code, stdout, stderr } = await check(folder);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
