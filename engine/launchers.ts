import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A killed engine cannot stop what it started, and what it never called would wait for its first call forever. */
const END_WITH_ENGINE =
  "const engine = process.ppid; setInterval(() => process.ppid === engine || process.exit(), 2000).unref();";

/**
 * The two plugins of the Node.js SDK that are scripts: they start node on a module of the program's own
 * @pulumi/pulumi, found from the working folder that the engine sets. The modules skip two arguments, hence the name
 * in front of the engine's own.
 */
export const LAUNCHERS: Readonly<Record<string, string>> = {
  "pulumi-resource-pulumi-nodejs": script("dynamic-provider"),
  "pulumi-analyzer-policy": script("run-policy-pack"),
};

function script(module: string): string {
  return `#!/bin/sh\nexec node -e '${END_WITH_ENGINE} require("@pulumi/pulumi/cmd/${module}")' "${module}" "$@"\n`;
}

/**
 * Starts the language host that was built. It is older than the CLI, from the time when the runtime's options were
 * flags; the CLI now sends them with each run, where this host does not look for them. So they are read from Pulumi.yaml,
 * in the folder that the engine starts the host in.
 */
export const LANGUAGE_HOST_LAUNCHER = `#!/bin/sh
option() { sed -n "s/^ *$1: *//p" Pulumi.yaml 2>/dev/null | head -n 1; }
typescript=$(option typescript)
exec "$(dirname "$0")/language-nodejs-host" "-typescript=\${typescript:-true}" "-nodeargs=$(option nodeargs)" "$@"
`;

/** Writes the SDK's launch scripts into `binDir`, executable for everyone. */
export function writeLaunchers(binDir: string): void {
  for (const [name, text] of Object.entries(LAUNCHERS)) writeScript(join(binDir, name), text);
}

/** Writes the launch script of the language host that was built into `binDir`. */
export function writeLanguageHostLauncher(binDir: string): void {
  writeScript(join(binDir, "pulumi-language-nodejs"), LANGUAGE_HOST_LAUNCHER);
}

function writeScript(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}
