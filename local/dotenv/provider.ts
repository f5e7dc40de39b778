import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { GONE, type LocalProvider, modeText } from "../provider";
import { isWritable, obstacleBefore, standingAt } from "../standing";
import { blockIn, type EnvValues, obstacleIn, quote, renderBlock, withBlock, withoutBlock } from "./block";

export interface EnvFileInputs {
  /** Relative to the project folder. */
  readonly path: string;
  /** The stack that owns the block. */
  readonly stack: string;
  readonly values: EnvValues;
}

/** The state never holds what a user wrote: `block` only tells whether ours is as it should be. */
export interface EnvFileOutputs extends EnvFileInputs {
  readonly block: "as written" | "edited" | "missing";
  readonly mode: string;
}

const MODE = 0o600;

/** The marked block with the contract inside a `.env` file. Lines outside the block are never touched. */
export const provider: LocalProvider<EnvFileInputs, EnvFileOutputs> = {
  check(_olds, news) {
    const reason = obstacle(news);
    return {
      inputs: news,
      failures: reason === undefined ? [] : [{ property: "path", reason: `${resolve(news.path)}: ${reason}.` }],
    };
  },

  diff(_id, olds, news) {
    if (resolve(olds.path) !== resolve(news.path) || olds.stack !== news.stack)
      return { changes: true, replaces: ["path"] };
    const same =
      JSON.stringify(olds.values) === JSON.stringify(news.values) &&
      olds.block === "as written" &&
      olds.mode === modeText(MODE);
    return { changes: !same };
  },

  create: (inputs) => ({ id: inputs.path, outs: write(inputs) }),

  read(id, olds) {
    const path = resolve(id);
    const stats = standingAt(path);
    if (!stats?.isFile()) return GONE;
    const found = blockIn(readBytes(path), olds.stack);
    const wanted = renderBlock(olds.stack, asBytes(olds.values));
    const block = found === undefined ? "missing" : found === wanted ? "as written" : "edited";
    return { id, props: { ...olds, block, mode: modeText(stats.mode) } };
  },

  update: (_id, _olds, news) => ({ outs: write(news) }),

  delete(id, olds) {
    const path = resolve(id);
    if (!standingAt(path)?.isFile()) return;
    const rest = withoutBlock(readBytes(path), olds.stack);
    if (rest === "" && !lstatSync(path).isSymbolicLink()) rmSync(path);
    else replace(path, rest);
  },
};

function obstacle({ path, stack, values }: EnvFileInputs): string | undefined {
  const stats = standingAt(resolve(path));
  if (stats !== undefined && !stats.isFile())
    return "it is not a file. Choose another scaling-ladder:app.envFile, or move it away";
  for (const [key, value] of Object.entries(values)) {
    try {
      quote(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return `${key} cannot be written there, because of its value: ${error.message}. Move the project to a folder with a plainer name`;
    }
  }
  if (stats !== undefined) return unreadable(path) ?? obstacleIn(readBytes(resolve(path)), stack, Object.keys(values));
  const reason = obstacleBefore(resolve(path));
  return reason === undefined ? undefined : `${reason}. Move it away, or choose another scaling-ladder:app.envFile`;
}

function unreadable(path: string): string | undefined {
  try {
    accessSync(resolve(path), constants.R_OK | constants.W_OK);
  } catch {
    return "it cannot be read and written. Check that it is yours";
  }
  // It is replaced whole, and that is a change of its folder.
  const folder = dirname(realpathSync(resolve(path)));
  return isWritable(folder) ? undefined : `this user may not write into ${folder}. Check that it is yours`;
}

/** One character per byte, so that lines in whatever encoding come back as they were. */
const readBytes = (path: string): string => readFileSync(path, "latin1");

const asBytes = (values: EnvValues): EnvValues =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("latin1")]));

function write(inputs: EnvFileInputs): EnvFileOutputs {
  const path = resolve(inputs.path);
  mkdirSync(dirname(path), { recursive: true });
  const text = existsSync(path) ? readBytes(path) : "";
  replace(path, withBlock(text, inputs.stack, asBytes(inputs.values)));
  return { ...inputs, block: "as written", mode: modeText(statSync(path).mode) };
}

/** Whole or not at all: a reader, or a killed run, never sees half a file. A link stays a link. */
function replace(path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const scratch = `${target}.ladder-new`;
  rmSync(scratch, { force: true });
  writeFileSync(scratch, text, { mode: MODE, encoding: "latin1", flag: "wx", flush: true });
  chmodSync(scratch, MODE);
  renameSync(scratch, target);
}
