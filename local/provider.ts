/**
 * What a provider of this machine's resources does. It is the shape of Pulumi's dynamic providers without the SDK:
 * `components/localResource.ts` hands these to the engine, which calls them in a process of its own.
 */
export interface LocalProvider<Inputs, Outputs> {
  /** Refuses, before anything is touched, what cannot be carried out. Called at every preview and update. */
  check(olds: Partial<Outputs>, news: Inputs): CheckResult<Inputs>;
  /** Compares what is there (as last read) with what is wanted. */
  diff(id: string, olds: Outputs, news: Inputs): DiffResult;
  create(inputs: Inputs): { id: string; outs: Outputs };
  /** Looks at what is really there. An empty id says that it is gone. */
  read(id: string, olds: Outputs): { id: string; props: Partial<Outputs> };
  update(id: string, olds: Outputs, news: Inputs): { outs: Outputs };
  /** Forgets the resource. What holds a user's data stays where it is. */
  delete(id: string, olds: Outputs): void;
}

/** One that has to wait for others, such as a server: the same calls, each answered by a promise. */
export type AsyncLocalProvider<Inputs, Outputs> = {
  readonly [Call in keyof LocalProvider<Inputs, Outputs>]: (
    ...args: Parameters<LocalProvider<Inputs, Outputs>[Call]>
  ) => Promise<ReturnType<LocalProvider<Inputs, Outputs>[Call]>>;
};

export interface CheckResult<Inputs> {
  readonly inputs: Inputs;
  readonly failures: readonly CheckFailure[];
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface DiffResult {
  readonly changes: boolean;
  readonly replaces?: readonly string[];
}

export const GONE = { id: "", props: {} };

/** Permission bits as users write them, for example `0600`. */
export const modeText = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, "0");
