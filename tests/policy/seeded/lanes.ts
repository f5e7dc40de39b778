/** Hands out a few things to many users, one user at a time each. */
export class Lanes<T> {
  private readonly waiting: ((lane: T) => void)[] = [];
  private readonly free: T[];

  constructor(lanes: readonly T[]) {
    this.free = [...lanes];
  }

  /** Waits for a free one, and gives it back when the work has ended. */
  async use<R>(work: (lane: T) => Promise<R>): Promise<R> {
    const lane = this.free.pop() ?? (await new Promise<T>((resolve) => this.waiting.push(resolve)));
    try {
      return await work(lane);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free.push(lane);
      else next(lane);
    }
  }
}
