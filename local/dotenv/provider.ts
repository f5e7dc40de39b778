import {
  chmodSync,
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
    if (olds.path !== news.path || olds.stack !== news.stack) return { changes: true, replaces: ["path"] };
    const same =
      JSON.stringify(olds.values) === JSON.stringify(news.values) &&
      olds.block === "as written" &&
      olds.mode === modeText(MODE);
    return { changes: !same };
  },

  create: (inputs) => ({ id: inputs.path, outs: write(inputs) }),

  read(id, olds) {
    const path = resolve(id);
    if (!existsSync(path)) return GONE;
    const found = blockIn(readFileSync(path, "utf8"), olds.stack);
    const block =
      found === undefined ? "missing" : found === renderBlock(olds.stack, olds.values) ? "as written" : "edited";
    return { id, props: { ...olds, block, mode: modeText(statSync(path).mode) } };
  },

  update: (_id, _olds, news) => ({ outs: write(news) }),

  delete(id, olds) {
    const path = resolve(id);
    if (!existsSync(path)) return;
    const rest = withoutBlock(readFileSync(path, "utf8"), olds.stack);
    if (rest === "" && !lstatSync(path).isSymbolicLink()) rmSync(path);
    else replace(path, rest);
  },
};

function obstacle({ path, stack, values }: EnvFileInputs): string | undefined {
  const stats = statSync(resolve(path), { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile())
    return "it is not a file. Choose another scaling-ladder:app.envFile, or move it away";
  for (const [key, value] of Object.entries(values)) {
    try {
      quote(value);
    } catch {
      return `${key} cannot be written there, because its value holds both ' and one of " $ \` \\. Move the project to a folder without them`;
    }
  }
  return stats === undefined ? undefined : obstacleIn(readFileSync(resolve(path), "utf8"), stack, Object.keys(values));
}

function write(inputs: EnvFileInputs): EnvFileOutputs {
  const path = resolve(inputs.path);
  mkdirSync(dirname(path), { recursive: true });
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  replace(path, withBlock(text, inputs.stack, inputs.values));
  return { ...inputs, block: "as written", mode: modeText(statSync(path).mode) };
}

/** Whole or not at all: a reader, or a killed run, never sees half a file. A link stays a link. */
function replace(path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const scratch = `${target}.ladder-new`;
  writeFileSync(scratch, text, { mode: MODE });
  chmodSync(scratch, MODE);
  renameSync(scratch, target);
}
