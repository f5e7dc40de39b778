import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, inFolder, listens, type Server, startServer } from "./process";
import { postgresExporter } from "./tools";

export interface ExporterOptions {
  /** Of the database that server-wide questions are asked in. */
  readonly url: string;
  /** The logical databases that are looked into beside it. */
  readonly databases: readonly string[];
  /** The file of `--extend.query-path`. */
  readonly queries: string;
}

/** One sample of the text that Prometheus reads. */
export interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exporter extends Pick<Server, "log" | "stop"> {
  /** Asks as Prometheus does; throws unless the exporter answers with 200. */
  scrape(): Promise<readonly Sample[]>;
}

/** Starts the real postgres_exporter, with its own metrics beside ours. */
export async function startPostgresExporter({ url, databases, queries }: ExporterOptions): Promise<Exporter> {
  const command = await postgresExporter();
  return inFolder(async (folder) => {
    const port = await freePort();
    const file = join(folder, "queries.yaml");
    writeFileSync(file, queries);
    const { log, stop } = await startServer({
      name: "postgres_exporter",
      command,
      args: [
        `--web.listen-address=127.0.0.1:${port}`,
        `--extend.query-path=${file}`,
        "--auto-discover-databases",
        `--include-databases=${databases.join(",")}`,
      ],
      env: { DATA_SOURCE_NAME: url },
      folder,
      ready: () => listens(port),
    });
    const scrape = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`postgres_exporter answered ${answer.status}: ${text}`);
      return samplesOf(text);
    };
    return { scrape, log, stop };
  });
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of Prometheus' text format. */
export const samplesOf = (text: string): readonly Sample[] =>
  text.split("\n").flatMap((line) => {
    const [, metric, labels = "", value] = SAMPLE.exec(line) ?? [];
    if (metric === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, name = "", text = ""]) => [name, text.replace(/\\(.)/g, "$1")]);
    return [{ metric, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
