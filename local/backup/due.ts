import type { BackupKind } from "./names";

interface Existing {
  kind: BackupKind;
  created: Date;
}

/** When the period began for which a backup of this kind must exist: last Sunday, or day 1 of the month; UTC. */
function periodStart(kind: "weekly" | "monthly", now: Date): Date {
  const day = kind === "weekly" ? now.getUTCDate() - now.getUTCDay() : 1;
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day));
}

/**
 * Which backups a scheduled run has to make: daily always, weekly on Sunday, monthly on day 1 (UTC).
 * A weekly or monthly one that was missed, because the machine was off that day, is due on the next run; before the
 * first backup of all nothing was missed. `existing` are the good backups of one database.
 */
export function dueKinds(now: Date, existing: readonly Existing[]): BackupKind[] {
  const due: BackupKind[] = ["daily"];
  for (const kind of ["weekly", "monthly"] as const) {
    const start = periodStart(kind, now);
    const dayOf = now.getTime() - start.getTime() < 24 * 60 * 60 * 1000;
    const made = existing.some((backup) => backup.kind === kind && backup.created >= start);
    const missed = existing.some((backup) => backup.created < start);
    if (!made && (dayOf || missed)) due.push(kind);
  }
  return due;
}
