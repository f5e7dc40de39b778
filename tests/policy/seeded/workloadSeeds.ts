import { options, set, setNamed, unset, without } from "./change";
import { type Seed, seed } from "./seed";

const APP = "app-deployment";
const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers.0`;
const DUMP = "dumps-dump-daily-aibase";

/** Mistakes about what runs in the cluster. */
export const WORKLOAD_SEEDS: readonly Seed[] = [
  seed("privileged container", "smb", "k8s-baseline", set(APP, { [`${CONTAINER}.securityContext.privileged`]: true })),
  seed("may run as root", "prod", "k8s-restricted", set(APP, { [`${POD}.securityContext.runAsNonRoot`]: false })),
  seed("no requests and limits", "prod", "k8s-resources", unset(APP, `${CONTAINER}.resources`)),
  seed("latest image", "prod", "k8s-image-pinned", set(APP, { [`${CONTAINER}.image`]: "aibase:latest" })),
  seed(
    "password in the environment",
    "smb",
    "k8s-no-secret-env",
    setNamed(APP, "spec", "DB_PG_PASSWORD", { value: "Tr0ub4dor-and-3" }),
  ),
  seed("in the default namespace", "smb", "k8s-namespace", set(APP, { "metadata.namespace": "default" })),
  seed("port of every node", "smb", "k8s-exposure", set("app-service", { "spec.type": "NodePort" })),
  seed("no daily dump", "prod", "dump-schedules", without(DUMP)),
  seed(
    "SQLite behind three replicas",
    "smb",
    "single-node-storage-single-replica",
    setNamed(APP, "spec", "DB_TYPE", { value: "sqlite" }),
  ),
  seed("no disruption budget", "prod", "workload-complete", without("app-disruption")),
  seed("replicas fought over", "prod", "workload-complete", options(APP, { ignoreChanges: [] })),
];
