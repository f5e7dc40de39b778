import { cnpgParameters } from "../components/database/cnpg/parameters";
import type { Machine } from "../components/database/instanceClasses";
import { DOCUMENTED, type Tuning } from "../components/database/parameters";

/** What an operator would set by itself. */
const OWN: Readonly<Record<string, string>> = {
  hba_file: "/etc/postgresql/pg_hba.conf",
  shared_preload_libraries: "pg_stat_statements",
  /** From birth, so that a promotion to another server needs no restart. */
  wal_level: "logical",
};

/** Share of the disk that WAL may take; half of it for what replicas have not read yet, as on RDS. */
const WAL_SHARE = 0.2;

export interface ServerChoice {
  readonly tuning: Tuning;
  /** What the container may use. */
  readonly machine: Machine;
  /** Disk of the server. */
  readonly storageGiB: number;
}

/**
 * The settings of a server by name: the nine documented ones in the documented units (S3-10 to S3-18), or the same scaled to the
 * container; then those that every server of ours has, here, in Kubernetes and on RDS.
 */
export function serverSettings({ tuning, machine, storageGiB }: ServerChoice): Readonly<Record<string, string>> {
  const all = cnpgParameters({ tuning, machine, walStorageGiB: storageGiB * WAL_SHARE });
  const nine = Object.keys(DOCUMENTED).map((name) => [name, all[name]]);
  return { ...Object.fromEntries(nine), ...all, ...OWN };
}

/** As arguments of the server: `-c name=value` for each. */
export const settingArguments = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
