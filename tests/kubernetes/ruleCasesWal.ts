import { BARMAN, changed, type RuleCase, SLOT, series, setting, steady } from "./ruleSeries";

/** What becomes of PostgreSQL's WAL: slots, subscriptions and the archive. */

const SUBSCRIPTION = series("cnpg_pg_stat_subscription_error_count", { pod: "pg-1", subname: "shop" });

function slotCases(): readonly RuleCase[] {
  const retained = (status: string) =>
    series("cnpg_pg_replication_slots_wal_retained_bytes", { ...SLOT, wal_status: status });
  const active = series("cnpg_pg_replication_slots_active", SLOT);
  const labels = { slot_name: "shop" };
  const cap = series("cnpg_pg_settings_setting", setting("max_slot_wal_keep_size"));
  return [
    {
      alert: "replication-slot-lag",
      firing: { [retained("reserved")]: steady(10 * 1024 ** 3 + 1) },
      at: 15,
      notYet: 14,
      labels,
      quiet: { [retained("reserved")]: steady(10 * 1024 ** 3) },
    },
    {
      alert: "replication-slot-near-loss",
      firing: { [retained("extended")]: steady(5.1 * 1024 ** 3) },
      at: 5,
      notYet: 4,
      labels,
      quiet: { [retained("extended")]: steady(5 * 1024 ** 3) },
    },
    {
      alert: "replication-slot-near-loss",
      firing: { [retained("extended")]: steady(200 * 1024 ** 2), [cap]: steady(300) },
      at: 5,
      notYet: 4,
      labels,
      // Without a limit there is no share of it.
      quiet: { [retained("extended")]: steady(9 * 1024 ** 3), [cap]: steady(-1) },
    },
    {
      alert: "replication-slot-inactive",
      firing: { [active]: steady(0) },
      at: 30,
      notYet: 29,
      labels,
      quiet: { [active]: steady(1) },
    },
    {
      alert: "replication-slot-lost",
      firing: { [retained("lost")]: steady(0) },
      at: 1,
      labels,
      quiet: { [retained("unreserved")]: steady(1e9) },
    },
  ];
}

function archiveCases(): readonly RuleCase[] {
  const archived = series("cnpg_pg_stat_archiver_last_archived_time", { pod: "pg-1" });
  const failed = series("cnpg_pg_stat_archiver_last_failed_time", { pod: "pg-1" });
  const ready = (pod: string) => series("cnpg_collector_pg_wal_archive_status", { pod, value: "ready" });
  const backup = series(`${BARMAN}_last_available_backup_timestamp`, { pod: "pg-1" });
  const failedBackup = series(`${BARMAN}_last_failed_backup_timestamp`, { pod: "pg-1" });
  return [
    {
      alert: "base-backup-old",
      step: 900,
      firing: { [backup]: steady(0) },
      at: 26 * 60 + 45,
      notYet: 26 * 60 + 30,
      labels: {},
      quiet: { [backup]: steady(3600) },
    },
    {
      alert: "base-backup-failed",
      firing: { [backup]: steady(60), [failedBackup]: steady(120) },
      at: 1,
      labels: {},
      quiet: { [backup]: steady(180), [failedBackup]: steady(120) },
    },
    {
      alert: "wal-archiving-failed",
      firing: { [archived]: steady(0), [failed]: steady(60) },
      at: 10,
      notYet: 9,
      labels: {},
      quiet: { [archived]: steady(61), [failed]: steady(60) },
    },
    {
      alert: "wal-archive-backlog",
      firing: { [ready("pg-1")]: steady(11) },
      at: 10,
      notYet: 9,
      labels: {},
      // A standby archives nothing.
      quiet: { [ready("pg-1")]: steady(10), [ready("pg-2")]: steady(99) },
    },
  ];
}

export const WAL_CASES: readonly RuleCase[] = [
  ...slotCases(),
  {
    alert: "subscription-errors",
    firing: { [SUBSCRIPTION]: changed(4, 5, 5) },
    at: 8,
    labels: { subname: "shop" },
    quiet: { [SUBSCRIPTION]: steady(4) },
  },
  ...archiveCases(),
];
