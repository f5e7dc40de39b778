/**
 * Times the start of the program: from the start of its process to the arrival of its first resource at the engine.
 * Ours (the runtime options of Pulumi.yaml) against the SDK's default start, which checks types; same program, same
 * run, alternating. Run: `npm run bench -- start [rounds]`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { serveFakeEngine } from "./fakeEngine";
import { judge, median, printLines } from "./measure";

const ROOT = join(__dirname, "..");
const RUN = require.resolve("@pulumi/pulumi/cmd/run");
const LIMIT = 0.25;

interface RuntimeOptions {
  readonly typescript?: boolean;
  readonly nodeargs?: string;
}

interface Start {
  /** Seconds to the first resource that is not the stack itself. */
  readonly first: number;
  readonly resources: readonly string[];
}

function ourOptions(): RuntimeOptions {
  const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as { runtime: { options: RuntimeOptions } };
  return project.runtime.options;
}

/** Starts the program as Pulumi's language host does with these options; compilers keep their caches in `caches`. */
async function start(options: RuntimeOptions, caches: string): Promise<Start> {
  const engine = await serveFakeEngine();
  const nodeargs = options.nodeargs?.split(" ") ?? [];
  const about = ["--project", "scaling-ladder", "--stack", "dev", "--organization", "organization"];
  const where = ["--monitor", engine.address, "--engine", engine.address, "--root-directory", ROOT, "--pwd", ROOT];
  const began = performance.now();
  const program = spawn(
    process.execPath,
    [...nodeargs, RUN, ...about, ...where, "--dry-run", "--parallel", "16", "."],
    {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        // ts-node and tsx both keep what they compiled in the folder for temporary files.
        TMPDIR: caches,
        NODE_OPTIONS: "",
        PULUMI_CONFIG: JSON.stringify({ "scaling-ladder:tier": "development", "scaling-ladder:users": "10" }),
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
      },
    },
  );
  const [code] = await once(program, "exit");
  engine.close();
  const first = engine.firstResource();
  if (code !== 0 || first === undefined) {
    throw new Error(`the program ended with code ${code} and ${engine.resources.length} resources\n${engine.errors}`);
  }
  return { first: (first - began) / 1000, resources: [...engine.resources].sort() };
}

/** Measures. The very first start only warms the disk's cache and is thrown away. */
export async function benchStart(rounds = 5): Promise<void> {
  console.log("Program start: from the start of its process to its first resource");
  const standard = { fresh: [] as Start[], again: [] as Start[] };
  const ours = { fresh: [] as Start[], again: [] as Start[] };
  await inTemporary((caches) => start({}, caches));
  for (let round = 0; round < rounds; round++) {
    for (const [options, starts] of [[{}, standard] as const, [ourOptions(), ours] as const]) {
      await inTemporary(async (caches) => {
        starts.fresh.push(await start(options, caches));
        starts.again.push(await start(options, caches));
      });
    }
  }
  refuseDifferent([standard.fresh, standard.again, ours.fresh, ours.again].flat());
  const seconds = (starts: readonly Start[]) => starts.map(({ first }) => first);
  printLines([
    { what: "SDK's default, nothing in its cache: types are checked", values: seconds(standard.fresh) },
    { what: "SDK's default, all in its cache: types are not checked", values: seconds(standard.again) },
    { what: "ours, nothing in its cache", values: seconds(ours.fresh) },
    { what: "ours, all in its cache", values: seconds(ours.again) },
  ]);
  const share = (mine: readonly Start[], theirs: readonly Start[]) => median(seconds(mine)) / median(seconds(theirs));
  // The target is about the start that checks types, and ts-node checks only what its cache does not hold.
  const checked = share(ours.again, standard.fresh);
  judge({ what: "ours as a share of the SDK's start that checks types", value: checked, limit: LIMIT, unit: "" });
  console.log(`  like with like, nothing in a cache: ${share(ours.fresh, standard.fresh).toFixed(2)}`);
  console.log(`  like with like, all in caches: ${share(ours.again, standard.again).toFixed(2)}`);
}

/** A start that is quick because it did less would prove nothing. */
function refuseDifferent(starts: readonly Start[]): void {
  const registered = new Set(starts.map(({ resources }) => resources.join(", ")));
  if (registered.size > 1) throw new Error(`not every start registered the same:\n${[...registered].join("\n")}`);
}

async function inTemporary<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
