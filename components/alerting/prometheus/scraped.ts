import { PORT_NAME as APP_PORT_NAME } from "../../app/kubernetesDeployment";
import { METRICS_PORT as LITESTREAM } from "../../app/sqlite/litestream";
import { METRICS_PORT_NAME, METRICS_PORT as REDIS_EXPORTER } from "../../cache/kubernetes/redisPod";
import { PORT as MINIO, PORT_NAME as MINIO_PORT_NAME } from "../../files/minio/minioPods";

/** Pods that tell metrics: where, and by which labels they are found. */
export interface Scraped {
  /** Of the monitor, and of the policy that lets Prometheus in; a label's characters. */
  readonly name: string;
  /** Labels that choose the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the container's port. */
  readonly portName: string;
  /** Its number, for the NetworkPolicy. */
  readonly port: number;
  readonly path: string;
}

const PATH = "/metrics";

/** Ports of the exporters that the operator puts into its pods (pkg/management/url of CloudNativePG). */
const CNPG_INSTANCE = 9187;
const CNPG_POOLER = 9127;

export const scrapedPods = {
  app: (app: string, port: number): Scraped => ({
    name: app,
    labels: { app },
    portName: APP_PORT_NAME,
    port,
    path: PATH,
  }),
  litestream: (app: string): Scraped => ({
    name: `${app}-litestream`,
    labels: { app },
    portName: METRICS_PORT_NAME,
    port: LITESTREAM,
    path: PATH,
  }),
  redis: (app: string): Scraped => ({
    name: app,
    labels: { app },
    portName: METRICS_PORT_NAME,
    port: REDIS_EXPORTER,
    path: PATH,
  }),
  /** MinIO tells its metrics at the port of its API. */
  minio: (app: string): Scraped => ({
    name: app,
    labels: { app },
    portName: MINIO_PORT_NAME,
    port: MINIO,
    path: "/minio/v2/metrics/cluster",
  }),
  /** Labels and ports of CloudNativePG (pkg/utils/labels_annotations.go, pkg/specs). */
  database: (clusterName: string): Scraped => ({
    name: `${clusterName}-instances`,
    labels: { "cnpg.io/cluster": clusterName, "cnpg.io/podRole": "instance" },
    portName: METRICS_PORT_NAME,
    port: CNPG_INSTANCE,
    path: PATH,
  }),
  pooler: (poolerName: string): Scraped => ({
    name: poolerName,
    labels: { "cnpg.io/poolerName": poolerName, "cnpg.io/podRole": "pooler" },
    portName: METRICS_PORT_NAME,
    port: CNPG_POOLER,
    path: PATH,
  }),
};
