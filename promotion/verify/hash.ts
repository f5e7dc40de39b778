/**
 * PostgreSQL's hashtextextended(text, 0), so that the server need not send a row for its hash to be compared. It may never change there:
 * tables that are partitioned by hash rest on it (src/common/hashfn.c, hash_bytes_extended).
 */
export class RowHash {
  /** The upper and the lower half of the last hash, as unsigned numbers. */
  high = 0;
  low = 0;

  /** Hashes the bytes from `start` up to `end`. */
  of(bytes: Uint8Array, start: number, end: number): void {
    let a = (0x9e3779b9 + (end - start) + 3_923_095) | 0;
    let b = a;
    let c = a;
    let at = start;
    for (; end - at >= 12; at += 12) {
      a = (a + word(bytes, at)) | 0;
      b = (b + word(bytes, at + 4)) | 0;
      c = (c + word(bytes, at + 8)) | 0;
      a = ((a - c) ^ rotated(c, 4)) | 0;
      c = (c + b) | 0;
      b = ((b - a) ^ rotated(a, 6)) | 0;
      a = (a + c) | 0;
      c = ((c - b) ^ rotated(b, 8)) | 0;
      b = (b + a) | 0;
      a = ((a - c) ^ rotated(c, 16)) | 0;
      c = (c + b) | 0;
      b = ((b - a) ^ rotated(a, 19)) | 0;
      a = (a + c) | 0;
      c = ((c - b) ^ rotated(b, 4)) | 0;
      b = (b + a) | 0;
    }
    // The lowest byte of c is kept for the length.
    for (let rest = 0; at < end; at++, rest++) {
      const byte = bytes[at] ?? 0;
      if (rest < 4) a = (a + (byte << (8 * rest))) | 0;
      else if (rest < 8) b = (b + (byte << (8 * (rest - 4)))) | 0;
      else c = (c + (byte << (8 * (rest - 7)))) | 0;
    }
    c = ((c ^ b) - rotated(b, 14)) | 0;
    a = ((a ^ c) - rotated(c, 11)) | 0;
    b = ((b ^ a) - rotated(a, 25)) | 0;
    c = ((c ^ b) - rotated(b, 16)) | 0;
    a = ((a ^ c) - rotated(c, 4)) | 0;
    b = ((b ^ a) - rotated(a, 14)) | 0;
    c = ((c ^ b) - rotated(b, 24)) | 0;
    this.high = b >>> 0;
    this.low = c >>> 0;
  }

  /** The last hash as one number. */
  get unsigned(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
