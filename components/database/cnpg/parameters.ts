import type { Machine } from "../instanceClasses";
import { DOCUMENTED, scaledParameters, serverSettings, type Tuning } from "../parameters";

/** The server parameters of a CloudNativePG cluster. Pure: no cloud SDK. */

/** Kilobytes in the unit in which PostgreSQL counts these (`pg_settings.unit`). */
const MEMORY_KB: Readonly<Record<string, number>> = {
  effective_cache_size: 8,
  maintenance_work_mem: 1,
  max_slot_wal_keep_size: 1024,
  shared_buffers: 8,
  wal_buffers: 8,
  work_mem: 1,
};

const UNITS = [
  ["GB", 1024 * 1024],
  ["MB", 1024],
  ["kB", 1],
] as const;

/** Kilobytes in the largest unit that divides them. */
function memory(kilobytes: number): string {
  const [unit, size] = UNITS.find(([, each]) => kilobytes % each === 0) ?? ["kB", 1];
  return `${kilobytes / size}${unit}`;
}

/** With its unit: the operator takes a bare number of shared_buffers for megabytes, where PostgreSQL counts pages. */
function withUnit(name: string, value: string | number): string {
  const kilobytes = MEMORY_KB[name];
  return kilobytes === undefined || typeof value === "string" ? String(value) : memory(value * kilobytes);
}

/**
 * Share of the WAL volume that replication slots may hold back. The other half is for WAL that waits to be archived, and for the
 * checkpoints (`max_wal_size`, 1 GB) and `wal_keep_size` (512 MB by the operator).
 */
const SLOT_SHARE = 0.5;

/** Statements that pg_stat_statements tells apart; the parameters make the operator load the library and make the extension. */
const STATEMENTS = { "pg_stat_statements.max": 10_000, "pg_stat_statements.track": "all" } as const;

export interface CnpgParameterChoice {
  readonly tuning: Tuning;
  readonly machine: Machine;
  readonly walStorageGiB: number;
}

/**
 * All parameters, sorted by name. What the operator sets by itself is left to it: `wal_level` logical, `wal_log_hints`,
 * `archive_mode`, TLS, and 32 workers, slots and senders.
 */
export function cnpgParameters({ tuning, machine, walStorageGiB }: CnpgParameterChoice): Record<string, string> {
  const chosen = {
    ...(tuning === "documented" ? DOCUMENTED : scaledParameters(machine)),
    ...serverSettings(Math.floor(walStorageGiB * 1024 * SLOT_SHARE)),
    ...STATEMENTS,
  };
  return Object.fromEntries(
    Object.entries(chosen)
      .map(([name, value]): [string, string] => [name, withUnit(name, value)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
