import { type Alert, fixed } from "../alert";

/** SQLite with Litestream, on the small-team tier. */
export const sqlite: readonly Alert[] = [
  {
    name: "litestream-errors",
    part: "sqlite",
    signal: "errors of the SQLite replication",
    threshold: fixed(0),
    limit: "any within 10 minutes",
    unit: "errors",
    forMinutes: 0,
    severity: "critical",
    source: "S0-08; Litestream's own metric",
    runbook: {
      means: "Changes of the SQLite database do not reach the backup.",
      look: ["Litestream's log in the pod: credentials, bucket, a full disk."],
      act: ["Mend it, then prove a restore: `npm run ladder -- backup --help`."],
    },
    prometheus: {
      expr: (errors) => `increase(litestream_sync_error_count[10m]) > ${errors}`,
      always: ["litestream_sync_count"],
    },
  },
];
