import type { Command } from "commander";
import { renderExporterQueries } from "../../schema/metrics/exporter";

/** `ladder metrics`: the questions to PostgreSQL whose answers are our metrics, for an exporter that somebody else runs. */
export function addMetrics(program: Command): void {
  program
    .command("metrics")
    .summary("prints our queries for postgres_exporter")
    .description(
      "Prints the file for postgres_exporter --extend.query-path: the documented metrics of PostgreSQL, and ours.",
    )
    .action(() => void process.stdout.write(renderExporterQueries()));
}
