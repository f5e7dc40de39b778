import { chmodSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { GONE, type LocalProvider, modeText } from "../provider";

export interface FolderInputs {
  /** Relative to the project folder. */
  readonly path: string;
  /** The setting that the path comes from, for messages. */
  readonly setting: string;
}

export interface FolderOutputs extends FolderInputs {
  readonly mode: string;
}

const MODE = 0o700;

/** A private folder. It is never emptied: `destroy` removes it only when nothing is in it. */
export const provider: LocalProvider<FolderInputs, FolderOutputs> = {
  check(_olds, news) {
    const reason = obstacle(news);
    return { inputs: news, failures: reason === undefined ? [] : [{ property: "path", reason }] };
  },

  diff(_id, olds, news) {
    if (olds.path !== news.path) return { changes: true, replaces: ["path"] };
    return { changes: olds.mode !== modeText(MODE) || olds.setting !== news.setting };
  },

  create: (inputs) => ({ id: inputs.path, outs: bringUp(inputs) }),

  read(id, olds) {
    const stats = statSync(resolve(id), { throwIfNoEntry: false });
    return stats?.isDirectory() ? { id, props: { ...olds, mode: modeText(stats.mode) } } : GONE;
  },

  update: (_id, _olds, news) => ({ outs: bringUp(news) }),

  delete(id) {
    try {
      rmdirSync(resolve(id));
    } catch {
      // Not empty, or gone already: either way there is nothing of ours to take away.
    }
  },
};

function obstacle({ path, setting }: FolderInputs): string | undefined {
  const stats = statSync(resolve(path), { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return undefined;
  return `${resolve(path)} is a file, and a folder is to stand there. Choose another scaling-ladder:${setting}, or move the file away.`;
}

function bringUp(inputs: FolderInputs): FolderOutputs {
  const path = resolve(inputs.path);
  mkdirSync(path, { recursive: true, mode: MODE });
  chmodSync(path, MODE);
  return { ...inputs, mode: modeText(statSync(path).mode) };
}
