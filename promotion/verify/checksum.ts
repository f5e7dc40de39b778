/** How many rows, and the sum of their hashes as PostgreSQL's sum() of bigint has it: the same in whatever order they come. */
export class Checksum {
  rows = 0;
  private high = 0;
  private low = 0;
  private carried = 0n;

  add(high: number, low: number): void {
    this.rows++;
    // Signed, as bigint is.
    this.high += high | 0;
    this.low += low;
    // Long before a number of JavaScript were no longer exact.
    if (this.rows % CARRY === 0) this.carry();
  }

  get sum(): bigint {
    this.carry();
    return this.carried;
  }

  private carry(): void {
    this.carried += (BigInt(this.high) << 32n) + BigInt(this.low);
    this.high = 0;
    this.low = 0;
  }
}

const CARRY = 1 << 20;
