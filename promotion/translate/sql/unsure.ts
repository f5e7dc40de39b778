/** Thrown where a piece of SQL has no PostgreSQL form that surely means the same. Caught where the piece is left out and told. */
export class Unsure extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** Runs `attempt`; gives the reason when it is unsure. */
export function sureOr<T>(attempt: () => T): { readonly value: T } | { readonly reason: string } {
  try {
    return { value: attempt() };
  } catch (error) {
    if (error instanceof Unsure) return { reason: error.reason };
    throw error;
  }
}
