import { chmodSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { GONE, type LocalProvider, modeText } from "../provider";
import { obstacleBefore, standingAt } from "../standing";

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
    if (resolve(olds.path) !== resolve(news.path)) return { changes: true, replaces: ["path"] };
    return { changes: olds.mode !== modeText(MODE) || olds.setting !== news.setting };
  },

  create: (inputs) => ({ id: inputs.path, outs: bringUp(inputs) }),

  read(id, olds) {
    const stats = standingAt(resolve(id));
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
  const stats = standingAt(resolve(path));
  if (stats?.isDirectory()) return undefined;
  const reason = stats === undefined ? obstacleBefore(resolve(path)) : "a file stands there";
  if (reason === undefined) return undefined;
  return `The folder ${resolve(path)} cannot be made: ${reason}. Choose another scaling-ladder:${setting}, or move what is in the way.`;
}

function bringUp(inputs: FolderInputs): FolderOutputs {
  const path = resolve(inputs.path);
  mkdirSync(path, { recursive: true, mode: MODE });
  chmodSync(path, MODE);
  return { ...inputs, mode: modeText(statSync(path).mode) };
}
