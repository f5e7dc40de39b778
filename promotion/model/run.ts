import type { Client } from "pg";
import type { Connection } from "../../schema/connection";
import type { Plan } from "./plan";

/** Where rows come from. */
export interface SourceFile {
  /** Absolute path of the SQLite file. */
  readonly path: string;
  /** How long to wait for a lock that the application holds. */
  readonly busyTimeoutMs: number;
}

/** Where rows go. Each call opens a session of its own, set up by `openSession`. */
export interface Target {
  connect(): Promise<Client>;
  /** Plain data, for threads that open sessions of their own with `targetOf`. Holds the password: never shown, never written. */
  readonly connection: Connection;
}

export interface Progress {
  /** What is being done, such as `copy` or `verify`. */
  readonly phase: string;
  readonly table?: string;
  readonly done: number;
  /** Undefined where nobody knows. */
  readonly total?: number;
  readonly unit: "rows" | "bytes" | "files" | "changes" | "indexes";
}

/** What every part of a promotion is given. */
export interface Run {
  /** Of this promotion: a UUID. */
  readonly id: string;
  readonly source: SourceFile;
  readonly target: Target;
  readonly plan: Plan;
  /** Threads that copy and verify. */
  readonly workers: number;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}
