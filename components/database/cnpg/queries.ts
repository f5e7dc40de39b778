import * as shared from "../../../schema/metrics/queries";
import type { MetricQuery } from "../../../schema/metrics/query";

/**
 * Questions that the exporter of CloudNativePG asks beside its own (config/manager/default-monitoring.yaml of the operator). A column
 * `column` of the query `query` becomes the metric `cnpg_<query>_<column>`. The exporter's role may read statistics and no table.
 */

interface Query {
  readonly query: string;
  /** Only where the writer runs: what a standby would answer is old, or an error. */
  readonly primary?: true;
  /** Databases in which it is asked. Default: the one that the server was made with. */
  readonly target_databases?: readonly string[];
  readonly metrics: MetricQuery["metrics"];
}

/** Those of ours that the operator's own do not answer already. */
const NAMES: Readonly<Record<string, MetricQuery>> = {
  postgres: shared.documented,
  postgres_cache: shared.cacheHitRatio,
  pg_stat_user_tables: shared.tables,
  ladder_default_partition: shared.defaultPartitions,
  pg_replication_slots_wal: shared.slots,
  pg_stat_subscription: shared.subscriptions,
};

/** All of them, by name, for these logical databases. */
export const customQueries = (databases: readonly string[]): Readonly<Record<string, Query>> =>
  Object.fromEntries(
    Object.entries(NAMES).map(([name, { query, primary, of, metrics }]) => [
      name,
      {
        query,
        ...(primary ? { primary } : {}),
        metrics,
        ...(of === "database" ? { target_databases: databases } : {}),
      },
    ]),
  );

/** Key of the ConfigMap under which the operator looks for them. */
export const QUERIES_KEY = "queries";

/** As the exporter reads them: YAML, of which JSON is a part. */
export const renderQueries = (databases: readonly string[]): string =>
  JSON.stringify(customQueries(databases), null, 2);
