import type { Command } from "commander";
import { refuseUnavailableTier } from "../../settings";
import { heading, print, printJson, printRows } from "../console";
import { openEngine } from "../engine";
import { addJson, addStack, addYes } from "../options";
import { printOutputs } from "../outputs";
import { changeSummary } from "../plan";
import { settingsOf } from "../project";
import { bringUp, type RunOptions } from "../run";
import { statusOf } from "../status";

/** `ladder up`: brings a stack up, and ends by telling what exists, where, and what to do next. */
export function addUp(program: Command): void {
  const command = program
    .command("up")
    .summary("bring a stack up")
    .description("Brings a stack up: creates what is missing, changes what differs, adopts what exists.");
  addYes(addJson(addStack(command))).action((stack: string, options: RunOptions) => up(stack, options));
}

async function up(stack: string, options: RunOptions): Promise<void> {
  const settings = settingsOf(stack);
  refuseUnavailableTier(settings);
  const engine = await openEngine();
  const changes = await bringUp(engine, stack, settings.tier, options);
  const outputs = await engine.json<Record<string, unknown>>(["stack", "output", "--json", "--stack", stack]);
  if (options.json) {
    printJson({ stack, tier: settings.tier, changes, outputs });
    return;
  }
  print();
  print(`${heading(`Stack ${stack} (tier ${settings.tier}) is up`)}: ${changeSummary(changes)}.`);
  if (settings.tier !== "development") {
    printOutputs(outputs);
    return;
  }
  printRows(rowsOf(outputs));
  print();
  print("Next:");
  printRows([
    ["point your application at", String(valueAt(outputs, "app", "envFile") ?? ".env")],
    ["see how the stack is doing", `npx ladder status ${stack}`],
    ["what is due", (await statusOf(stack)).next],
  ]);
}

function rowsOf(outputs: Record<string, unknown>): [string, string][] {
  const row = (label: string, ...path: string[]): [string, string] => [label, String(valueAt(outputs, ...path) ?? "")];
  return [
    row("database (SQLite, WAL)", "database", "path"),
    row("files", "files", "path"),
    row("cache", "cache", "kind"),
    row("settings for the application", "app", "envFile"),
    row("backups", "backups", "path"),
  ];
}

function valueAt(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}
