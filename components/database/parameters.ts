import { MAX_CONNECTIONS } from "../../catalogue/connectionLimits";
import type { Machine } from "./instanceClasses";

/**
 * The server parameters of PostgreSQL, in the units in which the server itself counts them (`pg_settings.unit`), which are those that
 * RDS takes. Pure: no cloud SDK.
 */

export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** A static parameter waits for the next restart; at birth both are in force. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

export type Tuning = "documented" | "scaled";

/** Parameters that RDS changes at a restart only (ApplyType static). */
const STATIC: ReadonlySet<string> = new Set([
  "max_connections",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
  "wal_buffers",
]);

const MIB_IN_KB = 1024;
const GIB_IN_KB = 1024 * MIB_IN_KB;
/** PostgreSQL's page. */
const PAGE_KB = 8;

const pages = (kilobytes: number): number => Math.floor(kilobytes / PAGE_KB);

/** S3-10 to S3-18: the nine values of the documents. RDS counts buffers in pages of 8 kB and work memory in kB (C-33). */
export const DOCUMENTED: Readonly<Record<string, number>> = {
  max_connections: MAX_CONNECTIONS,
  shared_buffers: pages(256 * MIB_IN_KB),
  effective_cache_size: pages(GIB_IN_KB),
  work_mem: 4 * MIB_IN_KB,
  maintenance_work_mem: 64 * MIB_IN_KB,
  checkpoint_completion_target: 0.9,
  wal_buffers: pages(16 * MIB_IN_KB),
  random_page_cost: 1.1,
  effective_io_concurrency: 200,
};

/**
 * The same nine by the rules of pgtune (github.com/le0pard/pgtune) for a web application on SSD: a quarter of the memory for
 * shared buffers, three quarters as cache, a sixteenth (at most 2 GiB) for maintenance, 3 % of the buffers for WAL (at most
 * 16 MiB), and what is left shared by three operations of each connection and its parallel workers.
 * `max_worker_processes` stays RDS's own: logical replication and pg_cron need workers beside those of queries.
 */
export function scaledParameters({ vcpus, memoryGiB }: Machine): Readonly<Record<string, number>> {
  const memory = memoryGiB * GIB_IN_KB;
  const buffers = Math.floor(memory / 4);
  const perGather = Math.min(4, Math.ceil(vcpus / 2));
  const wal = Math.floor((buffers * 3) / 100);
  return {
    ...DOCUMENTED,
    shared_buffers: pages(buffers),
    effective_cache_size: pages((memory / 4) * 3),
    work_mem: Math.max(64, Math.floor((memory - buffers) / (MAX_CONNECTIONS * 3) / perGather)),
    maintenance_work_mem: Math.min(2 * GIB_IN_KB, Math.floor(memory / 16)),
    // pgtune rounds what is near 16 MiB up to it, the size of a WAL segment.
    wal_buffers: pages(wal > 14 * MIB_IN_KB ? 16 * MIB_IN_KB : Math.max(32, wal)),
    max_parallel_workers: vcpus,
    max_parallel_workers_per_gather: perGather,
    max_parallel_maintenance_workers: perGather,
  };
}

/** Share of the storage that replication slots may hold back: a consumer that died must not fill the disk. */
const SLOT_SHARE = 0.1;

/**
 * What is set beside the nine on every server of ours, in PostgreSQL's own units. `slotKeepMiB` is the WAL that replication slots
 * may hold back.
 */
export const serverSettings = (slotKeepMiB: number): Readonly<Record<string, string | number>> => ({
  /** MB. */
  max_slot_wal_keep_size: slotKeepMiB,
  /** Milliseconds; a copy over a slow line must not lose its connection. */
  wal_sender_timeout: 60_000,
  /** Milliseconds (S3-39, C-35: over one second is slow). */
  log_min_duration_statement: 1000,
  log_lock_waits: 1,
  /** kB: every temporary file is logged. */
  log_temp_files: 0,
  /** Milliseconds; an open transaction that does nothing holds back vacuum. */
  idle_in_transaction_session_timeout: 60_000,
  /** C-20: timestamps without a zone are UTC. */
  timezone: "UTC",
});

/**
 * The same and what RDS alone needs. `rds.logical_replication` and the libraries are static, so they are there from birth: a later
 * promotion or a first archive job (C-17) then needs no restart. pg_stat_statements serves insights, pg_cron the archive job.
 */
export const alwaysSet = (storageGiB: number): Readonly<Record<string, string | number>> => ({
  "rds.force_ssl": 1,
  "rds.logical_replication": 1,
  shared_preload_libraries: "pg_stat_statements,pg_cron",
  ...serverSettings(Math.floor(storageGiB * 1024 * SLOT_SHARE)),
});

export interface ParameterChoice {
  readonly tuning: Tuning;
  readonly machine: Machine;
  readonly storageGiB: number;
}

/** All parameters of the group, sorted by name so that their order never makes a difference. */
export function parametersFor({ tuning, machine, storageGiB }: ParameterChoice): readonly Parameter[] {
  const memory = tuning === "documented" ? DOCUMENTED : scaledParameters(machine);
  return Object.entries({ ...memory, ...alwaysSet(storageGiB) })
    .map(
      ([name, value]): Parameter => ({
        name,
        value: String(value),
        applyMethod: STATIC.has(name) ? "pending-reboot" : "immediate",
      }),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
