import { isDeepStrictEqual } from "node:util";
import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at, isObject, items, refuse } from "../values";
import { isNoneOf, missing, refusedCluster, refusedClusterChange } from "./cnpgCluster";
import { LABEL_NAME, modelOf } from "./kind";

/** CloudNativePG and its Barman Cloud plugin: what their schemas and webhooks refuse, and what they answer. */

const VERSION = "postgresql.cnpg.io/v1";
const CLUSTER = `kubernetes:${VERSION}:Cluster`;

const SOURCE =
  "cloudnative-pg/cloudnative-pg api/v1 and internal/webhook/v1; no kind is in the provider's forceNew table";

/** A value that the schema lets nobody change (`self == oldSelf`): the change is refused, for the provider knows of no replacement. */
const immutable =
  (...paths: readonly string[]) =>
  (inputs: Values, old: Values): Refusal[] =>
    paths
      .filter((path) => at(inputs, path) !== UNKNOWN && !isDeepStrictEqual(at(inputs, path), at(old, path)))
      .map((property) => ({ property, reason: "is immutable after creation" }));

const inCluster = (inputs: Values, cloud: Cloud): Refusal[] =>
  missing(inputs, cloud, CLUSTER, "spec.cluster.name", at(inputs, "spec.cluster.name"));

const clusterOf = (inputs: Values, cloud: Cloud) =>
  cloud.find(CLUSTER, `${text(at(inputs, "metadata.namespace"))}/${text(at(inputs, "spec.cluster.name"))}`);

/** What PgBouncer may be told (internal/webhook/v1/pooler_webhook.go); the rest is the operator's. */
const POOLER_PARAMETERS: ReadonlySet<string> = new Set(
  [
    "application_name_add_host auth_type auth_user autodb_idle_timeout cancel_wait_timeout client_idle_timeout",
    "client_login_timeout client_tls_ciphers client_tls_sslmode client_tls13_ciphers default_pool_size disable_pqexec",
    "dns_max_ttl dns_nxdomain_ttl idle_transaction_timeout ignore_startup_parameters listen_backlog log_connections",
    "log_disconnections log_pooler_errors log_stats max_client_conn max_db_connections max_packet_size",
    "max_prepared_statements max_user_connections min_pool_size pkt_buf query_timeout query_wait_timeout",
    "reserve_pool_size reserve_pool_timeout sbuf_loopcnt server_check_delay server_check_query server_connect_timeout",
    "server_fast_close server_idle_timeout server_lifetime server_login_retry server_reset_query",
    "server_reset_query_always server_round_robin server_tls_ciphers server_tls13_ciphers server_tls_protocols",
    "server_tls_sslmode stats_period suspend_timeout tcp_defer_accept tcp_socket_buffer tcp_keepalive tcp_keepcnt",
    "tcp_keepidle tcp_keepintvl tcp_user_timeout track_extra_parameters verbose",
  ].flatMap((line) => line.split(" ")),
);

function refusedPooler(inputs: Values, cloud: Cloud): Refusal[] {
  const spec = inputs.spec;
  const name = at(inputs, "metadata.name");
  const parameters = at(spec, "pgbouncer.parameters");
  return [
    ...refuse(at(spec, "pgbouncer") === undefined, "spec.pgbouncer", "required pgbouncer configuration"),
    ...refuse(
      isNoneOf(at(spec, "pgbouncer.poolMode"), ["session", "transaction"]),
      "spec.pgbouncer.poolMode",
      "Unsupported value",
    ),
    ...refuse(isNoneOf(at(spec, "type"), ["rw", "ro", "r"]), "spec.type", "Unsupported value"),
    ...Object.entries(isObject(parameters) ? parameters : {})
      .filter(([key, value]) => !POOLER_PARAMETERS.has(key) || (typeof value !== "string" && value !== UNKNOWN))
      .map(([key]) => ({ property: "spec.pgbouncer.parameters", reason: `${key}: Invalid or reserved parameter` })),
    ...refuse(
      typeof name === "string" && at(spec, "cluster.name") === name,
      "metadata.name",
      "the pooler resource cannot have the same name of a cluster",
    ),
    ...inCluster(inputs, cloud),
  ];
}

/** Seconds, minutes, hours, days, months, days of the week (robfig/cron). */
const CRON_RANGES: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

function isSixFieldCron(schedule: string): boolean {
  const fields = schedule.split(" ");
  return (
    fields.length === CRON_RANGES.length &&
    fields.every((field, index) => {
      const [low, high] = CRON_RANGES[index] ?? [0, 0];
      return field.split(",").every((part) => {
        const [, from, to] = /^(?:[*?]|(\d+)(?:-(\d+))?)(?:\/\d+)?$/.exec(part) ?? ["", "-1"];
        return [from, to].every((value) => value === undefined || (Number(value) >= low && Number(value) <= high));
      });
    })
  );
}

function refusedScheduledBackup(inputs: Values, cloud: Cloud): Refusal[] {
  const spec = inputs.spec;
  const schedule = at(spec, "schedule");
  const [method, plugin] = [at(spec, "method"), at(spec, "pluginConfiguration.name")];
  const plugins = items(at(clusterOf(inputs, cloud)?.values, "spec.plugins"));
  const unknown = method === "plugin" && !plugins.some((each) => at(each, "name") === plugin);
  return [
    ...refuse(
      schedule !== UNKNOWN && !isSixFieldCron(text(schedule)),
      "spec.schedule",
      `Invalid value: "${text(schedule)}": six fields are wanted`,
    ),
    ...inCluster(inputs, cloud),
    ...refuse(cloud.settled && unknown, "spec.pluginConfiguration", `the cluster has no plugin ${text(plugin)}`),
  ];
}

const RESERVED_DATABASES = ["postgres", "template0", "template1"];

/** Roles that a cluster has: the owner it was made with, and those that it manages. */
function rolesOf(cluster: unknown): unknown[] {
  const origins = ["initdb", "recovery"].map((method) => at(cluster, `spec.bootstrap.${method}.owner`));
  return [...origins, ...items(at(cluster, "spec.managed.roles")).map((role) => at(role, "name"))];
}

function refusedDatabase(inputs: Values, cloud: Cloud): Refusal[] {
  const spec = inputs.spec;
  const [name, owner, cluster] = [at(spec, "name"), at(spec, "owner"), clusterOf(inputs, cloud)];
  return [
    ...refuse(RESERVED_DATABASES.includes(text(name)), "spec.name", `the name ${text(name)} is reserved`),
    ...["name", "owner"].flatMap((field) => refuse(at(spec, field) === undefined, `spec.${field}`, "Required value")),
    ...inCluster(inputs, cloud),
    // The operator would try for ever, and the provider wait until its time is over.
    ...refuse(
      cluster !== undefined && typeof owner === "string" && !rolesOf(cluster.values).includes(owner),
      "spec.owner",
      `role "${text(owner)}" does not exist`,
    ),
  ];
}

function refusedStore(inputs: Values, cloud: Cloud): Refusal[] {
  const spec = inputs.spec;
  const retention = at(spec, "retentionPolicy");
  const path = at(spec, "configuration.destinationPath");
  const credentials = at(spec, "configuration.s3Credentials");
  const keys = ["accessKeyId", "secretAccessKey"].filter((key) => at(credentials, key) !== undefined);
  const inherits = at(credentials, "inheritFromIAMRole") === true;
  return [
    ...refuse(
      path !== UNKNOWN && !/^s3:\/\/[^/]/.test(text(path)),
      "spec.configuration.destinationPath",
      "Invalid value",
    ),
    ...refuse(
      retention !== undefined && retention !== UNKNOWN && !/^[1-9][0-9]*[dwm]$/.test(text(retention)),
      "spec.retentionPolicy",
      "should match '^[1-9][0-9]*[dwm]$'",
    ),
    ...refuse(
      inherits ? keys.length > 0 : keys.length < 2,
      "spec.configuration.s3Credentials",
      "either both keys, or the identity of the pods",
    ),
    ...["accessKeyId", "secretAccessKey", "region"].flatMap((key) =>
      missing(
        inputs,
        cloud,
        "kubernetes:core/v1:Secret",
        "spec.configuration.s3Credentials",
        at(credentials, `${key}.name`),
      ),
    ),
  ];
}

const more = (rest: Partial<ResourceModel> = {}): Partial<ResourceModel> => ({ source: SOURCE, ...rest });

export const cnpg: readonly ResourceModel[] = [
  modelOf({
    apiVersion: VERSION,
    kind: "Cluster",
    // A DNS-1035 label: it begins with a letter.
    names: { form: /^[a-z]([-a-z0-9]*[a-z0-9])?$/, limit: 50 },
    check: refusedCluster,
    checkUpdate: refusedClusterChange,
    status: (inputs) => {
      const [name, instances] = [text(at(inputs, "metadata.name")), at(inputs, "spec.instances")];
      return {
        instances,
        readyInstances: instances,
        phase: "Cluster in healthy state",
        currentPrimary: `${name}-1`,
        writeService: `${name}-rw`,
        readService: `${name}-r`,
        conditions: items([{ type: "Ready", status: "True" }]),
      };
    },
    // A volume, a start and a copy for each instance, one after the other.
    more: more({ seconds: { create: 300, update: 300, delete: 60 } }),
  }),
  modelOf({
    apiVersion: VERSION,
    kind: "Pooler",
    names: LABEL_NAME,
    check: refusedPooler,
    checkUpdate: immutable("spec.cluster"),
    status: (inputs) => ({ instances: at(inputs, "spec.instances") ?? 1 }),
    more: more(),
  }),
  modelOf({
    apiVersion: VERSION,
    kind: "ScheduledBackup",
    check: refusedScheduledBackup,
    status: () => ({}),
    more: more(),
  }),
  modelOf({
    apiVersion: VERSION,
    kind: "Database",
    check: refusedDatabase,
    checkUpdate: immutable(
      "spec.cluster",
      "spec.name",
      "spec.template",
      "spec.encoding",
      "spec.localeCollate",
      "spec.localeCType",
    ),
    status: () => ({ applied: true }),
    more: more({ seconds: { create: 10, update: 5, delete: 5 } }),
  }),
  modelOf({
    apiVersion: "barmancloud.cnpg.io/v1",
    kind: "ObjectStore",
    check: refusedStore,
    status: () => ({}),
    more: more({ source: "cloudnative-pg/plugin-barman-cloud api/v1/objectstore_types.go" }),
  }),
];
