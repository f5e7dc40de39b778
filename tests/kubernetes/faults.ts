import { isObject, type Json } from "../../crosscheck/captured";
import type { KubernetesObject } from "../servers/kubernetesApi";

/** Who has to catch a mistake, and how it is known that this one was caught. */
export type Catcher =
  /** The API server refuses the object, or warns of it, with this text. */
  | { readonly by: "API server"; readonly says: string }
  /** A rule of ours is violated. */
  | { readonly by: "policy"; readonly says: string }
  /** A check of kube-score fails. */
  | { readonly by: "kube-score"; readonly says: string }
  /** It names what is not there (references.ts). */
  | { readonly by: "references"; readonly says: string }
  /** promtool refuses the rules. */
  | { readonly by: "promtool"; readonly says: string };

/** One mistake in one object of a stack. */
export interface Fault {
  readonly what: string;
  /** The name that the program gives the object. */
  readonly object: string;
  readonly change: (object: KubernetesObject) => KubernetesObject;
  readonly caught: Catcher;
}

type Path = readonly (string | number)[];

/** The same object with another value at a path; undefined takes the key away. */
function put(path: string, value: Json | undefined) {
  return (object: KubernetesObject): KubernetesObject =>
    changed(object, path.split(".").map(keyOf), value) as KubernetesObject;
}

const keyOf = (key: string): string | number => (/^\d+$/.test(key) ? Number(key) : key);

function changed(value: Json | undefined, [key, ...rest]: Path, to: Json | undefined): Json | undefined {
  if (key === undefined) return to;
  if (typeof key === "number") {
    if (!Array.isArray(value)) throw new Error(`there is no list with an element ${key}`);
    const items: Json[] = [...value];
    const item = changed(items[key], rest, to);
    if (item === undefined) items.splice(key, 1);
    else items[key] = item;
    return items;
  }
  if (value !== undefined && !isObject(value)) throw new Error(`there is no object with a key ${key}`);
  const { [key]: before, ...others } = value ?? {};
  const after = changed(before, rest, to);
  return after === undefined ? others : { ...others, [key]: after };
}

const api = (says: string): Catcher => ({ by: "API server", says });
const rule = (says: string): Catcher => ({ by: "policy", says });
const missing = (says: string): Catcher => ({ by: "references", says });
const score = (says: string): Catcher => ({ by: "kube-score", says });

function fault(what: string, object: string, path: string, value: Json | undefined, caught: Catcher): Fault {
  return { what, object, change: put(path, value), caught };
}

const APP = "app-deployment";
const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers.0`;
const JOB = "spec.jobTemplate.spec.template.spec";
const DUMP = "dumps-dump-daily-aibase";

const CLUSTER = "database-cluster";
const SCHEDULE = "database-backup-schedule";
const STORE = "database-backup-store";
const RULES = "watch-rules";
const MONITOR = "watch-redis";
const POOLER = "database-pooler";

/** Mistakes, and who catches each: nothing that is wrong may be wrong unseen. */
export const FAULTS: readonly Fault[] = [
  fault(
    "wrong selector",
    APP,
    "spec.selector.matchLabels.app",
    "other",
    api("`selector` does not match template `labels`"),
  ),
  fault(
    "probe without a port",
    APP,
    `${CONTAINER}.readinessProbe.tcpSocket.port`,
    undefined,
    api("must be between 1 and 65535"),
  ),
  fault("misspelt field", APP, "spec.replica", 3, api("field not declared in schema")),
  fault("wrong quantity", APP, `${CONTAINER}.resources.limits.memory`, "512MiB", api("quantities must match")),
  fault(
    "request above its limit",
    APP,
    `${CONTAINER}.resources.requests.memory`,
    "1Ti",
    api("must be less than or equal to memory limit"),
  ),
  fault("container without an image", APP, `${CONTAINER}.image`, undefined, api("image: Required value")),
  fault("label with a blank", APP, "spec.template.metadata.labels.tier", "a b", api("a valid label must be")),
  fault(
    "mount of a volume that is not there",
    APP,
    `${CONTAINER}.volumeMounts.0.name`,
    "attic",
    api('Not found: "attic"'),
  ),
  fault("privileged container", APP, `${CONTAINER}.securityContext.privileged`, true, api("privileged")),
  fault("namespace of the machine", APP, `${POD}.hostPID`, true, api("host namespaces")),
  fault("hour 25", DUMP, "spec.schedule", "0 25 * * *", api("end of range (25) above maximum (23)")),
  fault("job that restarts always", DUMP, `${JOB}.restartPolicy`, "Always", api("restartPolicy")),
  fault("port 70000", "app-service", "spec.ports.0.port", 70_000, api("must be between 1 and 65535")),
  fault(
    "address that is no range",
    "app-network",
    "spec.egress.0.to",
    [{ ipBlock: { cidr: "10.0.0.0" } }],
    api("cidr"),
  ),
  fault("both bounds of a disruption budget", "app-disruption", "spec.minAvailable", 1, api("cannot be both set")),
  fault(
    "version of the API that is gone",
    "app-disruption",
    "apiVersion",
    "policy/v1beta1",
    api("no matches for PodDisruptionBudget"),
  ),
  fault("secret that is not base64", "app-db-credentials", "data.password", "it's plain", api("illegal base64")),
  fault("unknown field of a Cluster", CLUSTER, "spec.instance", 3, api("field not declared in schema")),
  fault("Cluster without an instance", CLUSTER, "spec.instances", 0, api("should be greater than or equal to 1")),
  fault("unknown type of a Pooler", POOLER, "spec.type", "wr", api('supported values: "rw", "ro"')),
  fault("backup of no cluster", SCHEDULE, "spec.cluster", undefined, api("spec.cluster: Required value")),
  fault(
    "unknown compression of an ObjectStore",
    STORE,
    "spec.configuration.wal.compression",
    "zip",
    api("Unsupported value"),
  ),
  fault("time of an alert in words", RULES, "spec.groups.0.rules.0.for", "5 minutes", api("should match")),
  fault("monitor without a selector", MONITOR, "spec.selector", undefined, api("spec.selector: Required value")),
  fault("expression that does not parse", RULES, "spec.groups.0.rules.0.expr", "up ==", {
    by: "promtool",
    says: "could not parse expression",
  }),
  fault("latest image", DUMP, `${JOB}.containers.0.image`, "aibase:latest", rule("k8s-image-pinned")),
  fault("no memory limit", APP, `${CONTAINER}.resources.limits`, undefined, rule("k8s-resources")),
  fault("probe of an unknown port", APP, `${CONTAINER}.readinessProbe.tcpSocket.port`, "web", missing("the port web")),
  fault("service of an unknown port", "app-service", "spec.ports.0.targetPort", "web", missing("the port web")),
  fault("monitor of an unknown port", MONITOR, "spec.podMetricsEndpoints.0.port", "web", missing("the port web")),
  fault("monitor of nobody", MONITOR, "spec.selector.matchLabels.app", "other", missing("which no pod has")),
  fault(
    "disruption budget of nobody",
    "app-disruption",
    "spec.selector.matchLabels.app",
    "other",
    missing("which no pod has"),
  ),
  fault("account that nobody makes", APP, `${POD}.serviceAccountName`, "other", missing("ServiceAccount other")),
  fault("key that a secret has not", "app-db-credentials", "data.password", undefined, missing("the key password")),
  fault("backup of another cluster", SCHEDULE, "spec.cluster.name", "other", missing("the Cluster other")),
  fault(
    "job without a deadline",
    DUMP,
    "spec.jobTemplate.spec.activeDeadlineSeconds",
    undefined,
    rule("cronjob-bounded"),
  ),
  fault(
    "password in a variable",
    APP,
    `${CONTAINER}.env.0`,
    { name: "DB_PG_PASSWORD", value: "open" },
    rule("k8s-no-secret-env"),
  ),
  fault("service that selects nothing", "app-service", "spec.selector.app", "other", score("service-targets-pod")),
  fault(
    "policy for no pod",
    "app-network",
    "spec.podSelector.matchLabels.app",
    "other",
    score("networkpolicy-targets-pod"),
  ),
  fault("jobs beside each other", DUMP, "spec.concurrencyPolicy", "Allow", rule("cronjob-bounded")),
];
