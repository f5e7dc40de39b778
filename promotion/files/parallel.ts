/** Works on many things at once, with a bound on what is under way. */
export interface Pool {
  /** Resolves as soon as there is room for the work, which then runs; `weight` is its share of the room. Throws once one has failed. */
  add(weight: number, work: () => Promise<void>): Promise<void>;
  /** Resolves when all is done; throws the first failure, after all has ended. */
  end(): Promise<void>;
}

/** @param room the most that is under way, in the unit of the weights; a heavier work has the room for itself. */
export function pool(room: number): Pool {
  const running = new Set<Promise<void>>();
  let free = room;
  let failure: { readonly error: unknown } | undefined;
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  return {
    async add(weight, work) {
      const share = Math.min(weight, room);
      while (failure === undefined && free < share) await Promise.race(running);
      throwFailure();
      free -= share;
      const run = work()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          free += share;
          running.delete(run);
        });
      running.add(run);
    },
    async end() {
      while (running.size > 0) await Promise.all(running);
      throwFailure();
    },
  };
}
