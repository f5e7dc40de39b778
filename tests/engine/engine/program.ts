import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, engineEnvironment, findEngine } from "../../../engine";

const PROJECT = join(__dirname, "..", "..", "..");

/** A small Pulumi program in a folder of its own, with a state of its own, and the engine to run it. */
export interface Scratch {
  readonly root: string;
  readonly engine: Engine;
  readonly env: NodeJS.ProcessEnv;
  readonly remove: () => void;
}

/** The program's resource takes SLOW_MS to create, adopts what exists, and holds a secret. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const wait = () => new Promise((done) => setTimeout(done, Number(process.env.SLOW_MS ?? 0)));
const provider = {
  async create(inputs) { await wait(); return { id: "one", outs: inputs }; },
  async diff(id, olds, news) { return { changes: olds.v !== news.v }; },
  async update(id, olds, news) { return { outs: news }; },
};
class Thing extends pulumi.dynamic.Resource {
  constructor(name, props) { super(provider, name, props); }
}
const thing = new Thing("thing", { v: new pulumi.Config().get("v") ?? "1", s: pulumi.secret("plain-text-secret") });
exports.v = thing.v;
exports.secret = pulumi.secret("plain-text-output");
`;

/** Makes the program in a folder whose path holds a blank, a percent sign and a hash. */
export async function scratchProgram(): Promise<Scratch> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "ladder-engine-")));
  const root = join(top, "a b%20c#d");
  mkdirSync(root);
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: scratch\nruntime: nodejs\n");
  writeFileSync(join(root, "package.json"), '{ "name": "scratch", "main": "index.js" }\n');
  writeFileSync(join(root, "index.js"), PROGRAM);
  const engine = await findEngine({ root: PROJECT, env: process.env, progress: () => undefined });
  // Nothing of the user's may decide where this state goes.
  const { PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN, PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE, ...rest } =
    process.env;
  const home = join(top, "pulumi home");
  mkdirSync(home);
  const { env } = engineEnvironment(engine, {
    root,
    env: { ...rest, PULUMI_HOME: home, PULUMI_CREDENTIALS_PATH: home },
  });
  return { root, engine, env, remove: () => rmSync(top, { recursive: true, force: true }) };
}
