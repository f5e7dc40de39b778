import type { Readable } from "node:stream";

/** What a store lists of an object. */
export interface Listed {
  readonly key: string;
  readonly bytes: number;
  /** Changes with the contents; with its quotes. */
  readonly etag: string;
  readonly modified: Date;
}

/** An object as it answers for itself. */
export interface Head {
  readonly bytes: number;
  readonly etag: string;
  readonly modified: Date;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object that is to be stored. */
export interface NewObject {
  readonly key: string;
  readonly bytes: number;
  /** Hex. The store refuses other contents, unless they are so large that they are sent in parts: those are compared only when they are read back. */
  readonly sha256: string;
  /** The contents, or what reads them anew for each attempt. */
  readonly body: Buffer | (() => Readable);
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** ETag of the object that may be replaced. Undefined: there must be none. */
  readonly replaces?: string;
}
