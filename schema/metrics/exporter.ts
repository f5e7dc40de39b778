import { stringify } from "yaml";
import * as queries from "./queries";
import type { MetricQuery } from "./query";

/** A question as postgres_exporter has it in the file of `--extend.query-path`. */
interface ExporterQuery {
  readonly query: string;
  /** Asked once, in the database of the address, not in each that is found. */
  readonly master?: true;
  /** An answer is given again for so long. */
  readonly cache_seconds?: number;
  readonly metrics: MetricQuery["metrics"];
}

/** To count users reads a whole table or index. */
const USERS_SECONDS = 300;

/** Names of ours begin with `ladder`: `pg_…` is what postgres_exporter calls its own. The documented ones have theirs. */
const NAMES: Readonly<Record<string, MetricQuery>> = {
  postgres: queries.documented,
  postgres_cache: queries.cacheHitRatio,
  total: queries.users,
  ladder_clients: queries.clients,
  ladder_statements: queries.statements,
  ladder_table: queries.tables,
  ladder_index: queries.indexes,
  ladder_default_partition: queries.defaultPartitions,
  ladder_slot: queries.slots,
  ladder_follower: queries.followers,
  ladder_subscription: queries.subscriptions,
};

/** All of them for postgres_exporter, by name. Its databases are found by `--auto-discover-databases`. */
export const exporterQueries = (): Readonly<Record<string, ExporterQuery>> =>
  Object.fromEntries(
    Object.entries(NAMES).map(([name, { query, of, metrics }]) => [
      name,
      {
        query,
        ...(of === "server" ? { master: true as const } : {}),
        ...(name === "total" ? { cache_seconds: USERS_SECONDS } : {}),
        metrics,
      },
    ]),
  );

/** To be read by people, too: the SQL as it is, and nothing by reference. */
const FORM = { aliasDuplicateObjects: false, blockQuote: "literal", lineWidth: 0 } as const;

/** The file for `--extend.query-path`. */
export const renderExporterQueries = (): string =>
  `# Written by scaling-ladder for postgres_exporter --extend.query-path; docs/metrics.md tells how it is run.\n${stringify(exporterQueries(), FORM)}`;
