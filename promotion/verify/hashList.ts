/** Hashes of rows: 8 bytes each. */
export class HashList {
  private halves = new Uint32Array(1 << 12);
  private count = 0;

  add(high: number, low: number): void {
    if (2 * this.count === this.halves.length) {
      const larger = new Uint32Array(2 * this.halves.length);
      larger.set(this.halves);
      this.halves = larger;
    }
    this.halves[2 * this.count] = low;
    this.halves[2 * this.count + 1] = high;
    this.count++;
  }

  sorted(): BigUint64Array {
    return new BigUint64Array(this.halves.buffer, 0, this.count).sort();
  }
}

/** What two sorted lists have each for itself, one that is there twice and once in the other too; no more than `most` of each. */
export function onlyIn(
  ours: BigUint64Array,
  theirs: BigUint64Array,
  most: number,
): { ours: bigint[]; theirs: bigint[]; more: boolean } {
  const only = { ours: [] as bigint[], theirs: [] as bigint[], more: false };
  let a = 0;
  let b = 0;
  while (a < ours.length || b < theirs.length) {
    const [our, their] = [ours[a], theirs[b]];
    if (our === their) {
      a++;
      b++;
    } else if (their === undefined || (our !== undefined && our < their)) {
      if (our !== undefined) only.ours.push(our);
      a++;
    } else {
      only.theirs.push(their);
      b++;
    }
    if (only.ours.length > most || only.theirs.length > most) return { ...only, more: true };
  }
  return only;
}
