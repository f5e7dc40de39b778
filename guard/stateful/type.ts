import type { Change } from "../change";

/** `refuse` fails the check; `advise` is shown only. */
export type Level = "refuse" | "advise";

/** A change in place that replaces nothing and yet loses or exposes something. */
export interface Danger {
  /** The input, such as `deletionProtection` or `spec.storage.size`. */
  readonly property: string;
  readonly change: Change;
  /** What comes of it, as a sentence. */
  readonly consequence: string;
  /** What to do instead, as a sentence. */
  readonly instead: string;
  /** Default: `refuse`. */
  readonly level?: Level;
}

/** A type of resource that holds something which cannot simply be made again. */
export interface StatefulType {
  /** Pulumi's type token. */
  readonly type: string;
  /** What it is, in words that follow "the". */
  readonly what: string;
  /** What is lost when it is replaced or deleted, as a sentence. */
  readonly loss: string;
  /** What to do instead of a replacement, as a sentence. */
  readonly instead: string;
  /** How much a replacement or deletion weighs. Default: `refuse`. */
  readonly level?: Level;
  readonly dangers?: readonly Danger[];
}

/** Advice that many dangers share. */
export const KEEP = "Undo the change.";
