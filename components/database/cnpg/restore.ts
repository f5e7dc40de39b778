import { UserError } from "../../../settings/errors";
import type { BackupStore } from "./backupStore";

/** How a cluster begins from the backups of another one. */

export interface CnpgRestore {
  /** Name under which the source archived: the stack's, unless it was told otherwise. */
  readonly serverName: string;
  /** Where its backups are. Default: where this cluster's own go. */
  readonly store?: BackupStore;
  /** Moment of the source, UTC, such as `2026-01-31T12:00:00Z`. Default: the latest that was archived. */
  readonly time?: string | undefined;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A cluster that archived over its source would damage what it was made from; Barman refuses it, after the restore. */
export function checkRestore(restore: CnpgRestore | undefined, archiveName: string): void {
  if (restore === undefined) return;
  const { serverName, store, time } = restore;
  if (store === undefined && serverName === archiveName)
    throw new UserError(
      `database.restore reads the backups of ${serverName} and this cluster would archive over them: restore in a stack of another name.`,
    );
  if (time !== undefined && !MOMENT.test(time))
    throw new UserError(`database.restore.time is ${time}; it is a moment such as 2026-01-31T12:00:00Z.`);
}

/** Name of the source within the cluster's own specification. */
export const SOURCE = "source";

/** The base of the latest backup before the moment, and its WAL up to there. */
export const recoveryOf = ({ time }: CnpgRestore, owner: object) => ({
  recovery: {
    source: SOURCE,
    ...owner,
    ...(time === undefined ? {} : { recoveryTarget: { targetTime: time } }),
  },
});

export interface CnpgRestoreFacts {
  readonly stack: string;
  readonly clusterName: string;
  readonly archiveName: string;
  readonly pitrDays: number;
}

/** What to do when data must come back, with this stack's own names: the output `restoreInstructions`. */
export function cnpgRestoreInstructions({ stack, clusterName, archiveName, pitrDays }: CnpgRestoreFacts): string {
  const set = "pulumi config set --path scaling-ladder:database.restore";
  return [
    `Nothing is restored over the cluster ${clusterName}: a restore is a new stack with a cluster of its own, in a namespace of its own.`,
    `A moment of the last ${pitrDays} days: copy Pulumi.${stack}.yaml to the settings of a new stack, with the same backup.store, then there:`,
    `  ${set}.sourceInstance ${archiveName}`,
    `  ${set}.time 2026-01-31T12:00:00Z   (leave it out for the latest moment)`,
    `  What to choose from: kubectl get backups.postgresql.cnpg.io --selector cnpg.io/cluster=${clusterName}`,
    `Then compare counts and checksums, and point the application of ${stack} to the new stack.`,
  ].join("\n");
}
