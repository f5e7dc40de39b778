import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findEngine } from "../../../engine/find";
import { writeLaunchers } from "../../../engine/launchers";
import type { EngineResult, RunEngine } from "../../../policy/running/run";
import { PROJECT } from "../pack/copy";

/** A component of the tiny program: its type, and its facts, which it gives as inputs and does not register again. */
export interface Component {
  readonly type: string;
  readonly name: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What the tiny program makes and exports. `{ secret: x }` in the outputs becomes a secret, `{ later: true }` an unknown. */
export interface Content {
  readonly components: readonly Component[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { components, outputs } = require("./content.json");
class Component extends pulumi.ComponentResource {
  constructor({ type, name, facts }) {
    super(type, name, make(facts));
    this.registerOutputs({});
  }
}
const create = async () => ({ id: "1", outs: { made: "by up" } });
let later;
const made = () => (later ??= new pulumi.dynamic.Resource({ create }, "later", { made: undefined })).made;
function make(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(make);
  if ("secret" in value) return pulumi.secret(make(value.secret));
  if ("later" in value) return made();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, make(item)]));
}
for (const component of components) new Component(component);
module.exports = make(outputs);
`;

/** A real engine over a program, a state and a home of its own, all in one folder that \`remove\` takes away. */
export async function engineOverProgram(): Promise<{
  run: RunEngine;
  give(content: Content): void;
  /** Puts a script on the PATH of the engine. */
  script(name: string, text: string): void;
  remove(): void;
}> {
  const engine = await findEngine({ root: PROJECT, env: process.env, progress: () => undefined });
  const root = mkdtempSync(join(tmpdir(), "ladder policy engine-"));
  const program = join(root, "program");
  const bin = join(root, "bin");
  for (const folder of [program, bin, join(root, "state"), join(root, "home")]) mkdirSync(folder);
  writeLaunchers(bin);
  symlinkSync(join(PROJECT, "node_modules"), join(program, "node_modules"));
  writeFileSync(join(program, "Pulumi.yaml"), "name: tiny\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(program, "package.json"), '{"name":"tiny","version":"0.0.0","main":"index.js"}');
  writeFileSync(join(program, "index.js"), PROGRAM);
  const env = {
    ...process.env,
    PATH: [bin, engine.binDir, process.env.PATH].join(delimiter),
    PULUMI_HOME: join(root, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(root, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "for tests only",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const run: RunEngine = (args, more) =>
    new Promise<EngineResult>((done) => {
      const options = { cwd: program, env: { ...env, ...more }, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(engine.pulumi, [...args], options, (_, stdout, stderr) =>
        done({ code: child.exitCode ?? 1, stdout, stderr }),
      );
    });
  const created = await run(["stack", "init", "tiny"], {});
  if (created.code !== 0) throw new Error(created.stderr);
  return {
    run,
    give: (content) => writeFileSync(join(program, "content.json"), JSON.stringify(content)),
    script: (name, text) => {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
