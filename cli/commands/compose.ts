import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { ExitCode, type Settings, type SmallTeamSettings, type SmbSettings, UserError } from "../../settings";
import { ENV_FILE, fillSecrets, unset, writeRendered } from "../composeFolder";
import { notice, print, printJson, printRows } from "../console";
import { addJson } from "../options";
import { settingsOf, typedPath } from "../project";

interface Options {
  readonly out?: string;
  readonly build?: string;
  readonly secrets: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** `ladder compose`: the stack for one plain Docker server, as a Compose file and what belongs to it. */
export function addCompose(program: Command): void {
  const command = program
    .command("compose")
    .summary("render a Compose file for one Docker server")
    .description(
      "Renders a stack of tier small-team or smb as a Compose file for one plain Docker server, with its scripts and a list of the passwords that it wants. Makes nothing in a cloud and starts nothing.",
    )
    .argument("<stack>", "the stack: Pulumi.<stack>.yaml")
    .option("--out <folder>", "where the files go (default: deploy/<stack>)")
    .option("--build <folder>", "build the application's image from the Dockerfile there, and do not pull it")
    .option("--secrets", "put random passwords into .env for those that have none yet", false)
    .option("--force", "replace files that were changed by hand", false);
  addJson(command).action(async (stack: string, options: Options) => {
    await compose(stack, onOneServer(settingsOf(stack)), options);
  });
}

async function compose(
  stack: string,
  settings: SmallTeamSettings | SmbSettings,
  { out, build, secrets, force, json }: Options,
): Promise<void> {
  const folder = typedPath(out ?? join("deploy", stack));
  // Loaded when it is asked for: it brings the engine's SDK along.
  const { renderCompose } = require("../../compose") as typeof import("../../compose");
  const { files, variables, notes } = await renderCompose({
    stack,
    settings,
    ...(build === undefined ? {} : { build: contextOf(folder, typedPath(build)) }),
  });
  const written = writeRendered(folder, stack, files, force);
  const named = (kind: "generated" | "given") =>
    variables.filter(({ value }) => value === kind).map(({ name }) => name);
  const generated = secrets ? fillSecrets(folder, named("generated")) : [];
  const missing = unset(folder, [...named("generated"), ...named("given")]);
  if (json) {
    printJson({ stack, tier: settings.tier, folder, files: written, generated, missing, notes });
    return;
  }
  print(`Compose file of stack ${stack} in ${folder}:`);
  printRows(written.map(({ path, state }) => [path, state]));
  for (const note of notes) notice(note);
  if (generated.length > 0) print(`Random passwords in ${ENV_FILE} (mode 0600): ${generated.join(", ")}.`);
  if (missing.length > 0) print(`Set in ${join(folder, ENV_FILE)} first: ${missing.join(", ")}.`);
  if (missing.some((name) => named("generated").includes(name)))
    print("The same command with --secrets makes random passwords.");
  print(`Start it: cd ${folder} && docker compose up --detach`);
}

/** Narrows to what one server can carry. @throws UserError for another tier */
function onOneServer(settings: Settings): SmallTeamSettings | SmbSettings {
  if (settings.tier === "small-team" || settings.tier === "smb") return settings;
  const why =
    settings.tier === "development"
      ? "needs no server: npx ladder up makes its database, files and .env on this machine"
      : "is more than one server carries";
  throw new UserError(
    `Tier ${settings.tier} ${why}. A Compose file is rendered for tier small-team or smb.`,
    ExitCode.usage,
  );
}

/** The build context, from the Compose file; with its dot, so that it is never taken for an address. */
function contextOf(folder: string, build: string): string {
  if (!existsSync(join(build, "Dockerfile")))
    throw new UserError(`${build} has no Dockerfile to build the application from.`, ExitCode.usage);
  const path = relative(folder, build);
  return path === "" ? "." : path.startsWith("..") ? path : `./${path}`;
}
