import type { Level } from "./stateful";

/** What would happen to a resource. `recreate`: it is gone from the cloud, and an empty one would take its place. */
export const OPERATIONS = ["replace", "delete", "recreate", "update", "unprotect"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One danger of a preview. */
export interface Finding {
  readonly level: Level;
  readonly operation: Operation;
  readonly urn: string;
  /** Type token of the resource. */
  readonly type: string;
  /** What the resource is, in words. */
  readonly what: string;
  /** The inputs that bring it about; empty when the resource is just no longer in the program. */
  readonly properties: readonly string[];
  /** Why it happens, as sentences. No value that is secret. */
  readonly cause: string;
  /** What is lost by it. */
  readonly consequence: string;
  /** What to do instead. */
  readonly instead: string;
  /** An approval names this very resource and operation: it is shown, and no longer refused. */
  readonly approved: boolean;
}

/** Leave to do one thing to one resource. */
export interface Approval {
  readonly operation: Operation;
  readonly urn: string;
}

/** What the guard says of a preview. */
export interface Judgement {
  /** The gravest first. */
  readonly findings: readonly Finding[];
  /** Why the engine stopped; what it would have planned after that is not judged. */
  readonly errors: readonly string[];
  /** Approvals that match nothing in this preview. */
  readonly unusedApprovals: readonly Approval[];
  /** A finding refuses the change. */
  readonly refused: boolean;
}

/** How an approval is written: `replace:urn:pulumi:prod::…`. */
export const approvalText = ({ operation, urn }: Approval): string => `${operation}:${urn}`;
