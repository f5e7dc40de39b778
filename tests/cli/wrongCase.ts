import type { LadderOptions, Project } from "../support/project";

/** Something wrong that a user may type, set or meet, and what `ladder` is to say about it. */
export interface WrongCase {
  readonly what: string;
  readonly args: readonly string[] | ((project: Project) => readonly string[]);
  /** Makes the copy of the project wrong; a function that it returns, or promises, takes back afterwards what must not stay. */
  readonly prepare?: (project: Project) => unknown;
  readonly options?: (project: Project) => LadderOptions | Promise<LadderOptions>;
  readonly exitCode: number;
  /** All of them stand on standard error. */
  readonly says: readonly string[];
}

export const Exit = { failed: 1, usage: 2, missing: 3, refused: 4 } as const;
