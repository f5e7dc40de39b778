/** A Pulumi engine that answered `pulumi version` and has its Node.js language host beside it or on PATH. */
export interface Engine {
  /** Absolute path of the `pulumi` command. */
  readonly pulumi: string;
  /** Version without the leading `v`, for example `3.259.0`. */
  readonly version: string;
  /** Where it came from in this run. */
  readonly source: "path" | "cache" | "installer" | "build";
  /** True for an engine that was built with Go, in this run or an earlier one: Pulumi's download site was out of reach then. */
  readonly built: boolean;
  /** Folder that goes first on PATH. */
  readonly binDir: string;
}

/** Takes one line of progress for the user, without a line break. */
export type Progress = (line: string) => void;

/** What finding an engine needs to know. */
export interface FindOptions {
  /** The project's folder (where Pulumi.yaml is). */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Stops downloads and builds; nothing half-made stays behind. */
  readonly signal?: AbortSignal;
}

/** How runs of the engine are started: the command and its complete environment. */
export interface EngineCommand {
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
}
