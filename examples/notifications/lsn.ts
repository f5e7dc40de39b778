/** A position in PostgreSQL's write-ahead log, as PostgreSQL writes it: `16/B374D848`. */
export type Lsn = string;

export const lsnValue = (lsn: Lsn): bigint => {
  const [high, low] = lsn.split("/");
  if (high === undefined || low === undefined) throw new Error(`${lsn} is no position in a write-ahead log`);
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
};

const lsnText = (value: bigint): Lsn =>
  `${(value >> 32n).toString(16).toUpperCase()}/${(value & 0xffffffffn).toString(16).toUpperCase()}`;

/**
 * What to give to `acknowledge` of pg-logical-replication, which adds one, so that exactly `end` is confirmed. `end` is where
 * the next record may begin, and the commit of another transaction may be that record: one byte more would skip it.
 */
export const acknowledgeable = (end: Lsn): Lsn => lsnText(lsnValue(end) - 1n);
