/** What can go wrong between a provider and its cloud. */
export const FAULT_KINDS = ["throttled", "refused", "unready", "cut", "unanswered"] as const;

/**
 * - `throttled`: the rate limit, also after the retries; nothing was made.
 * - `refused`: the cloud answers with an internal error; nothing was made.
 * - `unready`: it was made and did not become ready; the engine is told its id.
 * - `cut`: the connection was lost before the request arrived.
 * - `unanswered`: the connection was lost after the cloud had done it; the engine hears nothing.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault at the n-th change (create, update or delete) of a run, counted from one. */
export interface Fault {
  readonly at: number;
  readonly kind: FaultKind;
}

/** Decides for each change whether it goes wrong. */
export class Faults {
  private changes = 0;

  constructor(private readonly planned: readonly Fault[] = []) {}

  /** Counts a change, and tells its fault if it has one. */
  next(): FaultKind | undefined {
    this.changes += 1;
    return this.planned.find(({ at }) => at === this.changes)?.kind;
  }
}

const SAID: Readonly<Record<FaultKind, string>> = {
  throttled: "ThrottlingException: Rate exceeded (gave up after 3 attempts)",
  refused: "InternalFailure: the request could not be carried out by the service",
  unready: "timeout while waiting for the state to become 'available'",
  cut: "RequestError: send request failed: connection reset by peer",
  unanswered: "RequestError: read response failed: connection reset by peer",
};

/** What a provider says of a fault. */
export const saidOf = (kind: FaultKind): string => `${SAID[kind]} [injected by the rehearsal]`;
