import { SELECTOR } from "../../app/kubernetesDeployment";
import { REDIS_APP } from "../../cache/kubernetes/redisPod";
import { MINIO_APP } from "../../files/minio/minioPods";
import { type Facts, type MetricOf, PARTS, type Part } from "../alert";
import type { RecordingRule } from "../prometheusRules";
import { type CnpgSource, cnpgRecordings } from "./cnpg";
import { type Scraped, scrapedPods } from "./scraped";
import { appRecordings, jobRecordings, minioRecordings, type Workload } from "./sources";

/** What a stack has in the cluster that Prometheus can watch. What is left out gets no rules, no monitors and no graphs. */
export interface ClusterEstate {
  readonly app?: {
    /** The kind of object that keeps its pods. */
    readonly workload: Workload;
    /** Name of that object, and the label `app` of its pods. Default: aibase. */
    readonly name?: string;
    /** Whether the application tells its own metrics (S4-40, S4-41) at `/metrics` of its port `http`. Default: true. */
    readonly metrics?: boolean;
    /** Port of the container, for the NetworkPolicy. */
    readonly port: number;
  };
  /** A Cluster of CloudNativePG, and its Pooler. */
  readonly database?: CnpgSource & {
    /** Figures of one instance, of which thresholds are made. */
    readonly facts: DatabaseFacts;
    /** Whether WAL and base backups go to an object store, by the plugin Barman Cloud. */
    readonly archive: boolean;
  };
  /** SQLite with Litestream beside the application. */
  readonly sqlite?: {
    /** Label `app` of the pod. Default: aibase. */
    readonly app?: string;
  };
  /** Redis or Valkey, with the exporter beside it. */
  readonly cache?: {
    /** Label `app` of the pods. Default: redis. */
    readonly app?: string;
  };
  /** MinIO. */
  readonly files?: {
    /** Name of its StatefulSet, and the label `app` of its pod. Default: minio. */
    readonly app?: string;
  };
  /** Databases that are dumped by CronJobs, as `cronJobName` has them. Default: none. */
  readonly dumps?: readonly string[];
  /** Databases whose dumps are restored for a test. Default: none. */
  readonly drills?: readonly string[];
  /** Users at which the tier ends. Default: it does not. */
  readonly tierMaxUsers?: number;
}

export type DatabaseFacts = Omit<Facts, "tierMaxUsers">;

/** The parts of the catalogue that apply, in its order. */
export function partsOf({ app, database, sqlite, cache, files, dumps = [], drills = [] }: ClusterEstate): Part[] {
  const has: Partial<Record<Part, boolean>> = {
    availability: database !== undefined,
    database: database !== undefined,
    queries: database !== undefined,
    replica: database !== undefined && database.instances > 1,
    pooler: database?.poolerName !== undefined,
    sqlite: sqlite !== undefined,
    cache: cache !== undefined,
    files: files !== undefined,
    volumes: [database, sqlite, cache, files].some((part) => part !== undefined),
    app: app !== undefined,
    usage: app !== undefined && app.metrics !== false,
    archive: database?.archive === true,
    dump: dumps.length > 0,
    drill: drills.length > 0,
  };
  return PARTS.filter((part) => has[part] === true);
}

/** No rule of the other parts looks at these. */
const NO_DATABASE: DatabaseFacts = { memoryGiB: 0, vcpus: 0, maxConnections: 0, storageGiB: 0 };

/** The figures that thresholds are made of. */
export const factsOf = ({ database, tierMaxUsers }: ClusterEstate): Facts => ({
  ...(database?.facts ?? NO_DATABASE),
  ...(tierMaxUsers === undefined ? {} : { tierMaxUsers }),
});

/** What makes the catalogue's metrics of those that are told. */
export function recordingsOf(estate: ClusterEstate, of: MetricOf): RecordingRule[] {
  const { app, database, files, dumps = [], drills = [] } = estate;
  return [
    ...(database === undefined ? [] : cnpgRecordings(of, database)),
    ...(app === undefined ? [] : appRecordings(of, app.workload, app.name ?? SELECTOR.app)),
    ...(files === undefined ? [] : minioRecordings(of, files.app ?? MINIO_APP)),
    ...(dumps.length === 0 ? [] : jobRecordings(of, "dump", dumps)),
    ...(drills.length === 0 ? [] : jobRecordings(of, "drill", drills)),
  ];
}

/** The pods that tell metrics, with the port and the path of each. */
export function scrapedOf({ app, database, sqlite, cache, files }: ClusterEstate): Scraped[] {
  return [
    ...(app === undefined || app.metrics === false ? [] : [scrapedPods.app(app.name ?? SELECTOR.app, app.port)]),
    ...(sqlite === undefined ? [] : [scrapedPods.litestream(sqlite.app ?? SELECTOR.app)]),
    ...(cache === undefined ? [] : [scrapedPods.redis(cache.app ?? REDIS_APP)]),
    ...(files === undefined ? [] : [scrapedPods.minio(files.app ?? MINIO_APP)]),
    ...(database === undefined ? [] : [scrapedPods.database(database.clusterName)]),
    ...(database?.poolerName === undefined ? [] : [scrapedPods.pooler(database.poolerName)]),
  ];
}
