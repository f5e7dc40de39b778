import { type Cloud, type Refusal, text, UNKNOWN, type Values } from "../model";
import { at, field, isObject, items, refuse } from "../values";
import { quantity } from "./pod";

/** Rules of CloudNativePG's Cluster (its validating webhook, internal/webhook/v1/cluster_webhook.go of 1.30). */

export const OBJECT_STORE = "kubernetes:barmancloud.cnpg.io/v1:ObjectStore";
const SECRET = "kubernetes:core/v1:Secret";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

const namespaceOf = (inputs: Values): string => text(at(inputs, "metadata.namespace"));

/** A name in the object's own namespace that nothing has. */
export function missing(inputs: Values, cloud: Cloud, type: string, property: string, name: unknown): Refusal[] {
  if (!cloud.settled || typeof name !== "string") return [];
  return refuse(
    cloud.find(type, `${namespaceOf(inputs)}/${name}`) === undefined,
    property,
    `there is no ${type} ${name}`,
  );
}

/** A Secret with the name and the password of a role; the operator takes no other form. */
function refusedLogin(inputs: Values, cloud: Cloud, property: string, name: unknown): Refusal[] {
  if (!cloud.settled || typeof name !== "string") return [];
  const secret = cloud.find(SECRET, `${namespaceOf(inputs)}/${name}`);
  if (secret === undefined) return missing(inputs, cloud, SECRET, property, name);
  return refuse(
    secret.values.type !== "kubernetes.io/basic-auth",
    property,
    `${name} must be of type kubernetes.io/basic-auth`,
  );
}

/** A value that is known and none of these. */
export const isNoneOf = (value: unknown, allowed: readonly string[]): boolean =>
  value !== UNKNOWN && value !== undefined && !allowed.includes(text(value));

/** Major version in the tag; undefined where the operator could not read it. */
export function majorOf(image: unknown): number | undefined {
  const [, tag = ""] = /:([^:/@]+)(?:@.*)?$/.exec(text(image)) ?? [];
  const major = Number(/^(\d+)(?:[.\-_].*)?$/.exec(tag)?.[1] ?? Number.NaN);
  return Number.isNaN(major) ? undefined : major;
}

function refusedImage(image: unknown): Refusal[] {
  if (image === undefined || image === UNKNOWN) return [];
  const major = majorOf(image);
  if (major === undefined)
    return [{ property: "spec.imageName", reason: `${text(image)}: the tag must begin with a version` }];
  return refuse(major < 13, "spec.imageName", "Unsupported PostgreSQL version. Versions 13 or newer are supported");
}

/** What the operator sets by itself (pkg/postgres/configuration.go, FixedConfigurationParameters), shortened to what one might set. */
const FIXED: ReadonlySet<string> = new Set([
  "archive_command",
  "archive_mode",
  "cluster_name",
  "data_directory",
  "hot_standby",
  "listen_addresses",
  "log_destination",
  "log_directory",
  "log_filename",
  "logging_collector",
  "port",
  "primary_conninfo",
  "primary_slot_name",
  "recovery_target_time",
  "restart_after_crash",
  "restore_command",
  "shared_preload_libraries",
  "ssl",
  "ssl_ca_file",
  "ssl_cert_file",
  "ssl_key_file",
  "synchronous_standby_names",
  "temp_tablespaces",
  "unix_socket_directories",
]);

const MEMORY: Readonly<Record<string, number>> = { kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** Bytes of a memory parameter; the operator takes a bare number for megabytes. */
function bytesOf(value: unknown): number | undefined {
  const [, digits, unit = "MB"] = /^(\d+)\s*(kB|MB|GB|TB)?$/.exec(text(value)) ?? [];
  return digits === undefined ? undefined : Number(digits) * (MEMORY[unit] ?? Number.NaN);
}

function refusedParameters(spec: unknown): Refusal[] {
  const property = "spec.postgresql.parameters";
  const parameters = at(spec, "postgresql.parameters");
  const named = Object.entries(isObject(parameters) ? parameters : {});
  const wrong = named.flatMap(([name, value]): Refusal[] => [
    ...refuse(!/^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/.test(name), property, `${name} is no name of a parameter`),
    ...refuse(FIXED.has(name), property, `${name}: Can't set fixed configuration parameter`),
    ...refuse(typeof value !== "string" && value !== UNKNOWN, property, `${name} must be text`),
  ]);
  const buffers = at(parameters, "shared_buffers");
  if (typeof buffers !== "string") return wrong;
  const memory = quantity(at(spec, "resources.requests.memory"));
  const bytes = bytesOf(buffers);
  return [
    ...wrong,
    ...refuse(bytes === undefined, property, `shared_buffers: Invalid value ${buffers}`),
    ...refuse(
      bytes !== undefined && memory !== undefined && bytes > memory,
      "spec.resources.requests",
      "Memory request is lower than PostgreSQL `shared_buffers` value",
    ),
  ];
}

function refusedSynchronous(spec: unknown): Refusal[] {
  const [synchronous, instances] = [at(spec, "postgresql.synchronous"), at(spec, "instances")];
  if (!isObject(synchronous)) return [];
  const property = "spec.postgresql.synchronous";
  const number = Number(at(synchronous, "number"));
  return [
    ...refuse(isNoneOf(at(synchronous, "method"), ["any", "first"]), property, "method must be any or first"),
    ...refuse(number < 1, property, "The number of synchronous replicas should be greater than zero"),
    ...refuse(
      typeof instances === "number" && number >= instances,
      property,
      "the number of synchronous replicas must be less than the total number of instances",
    ),
  ];
}

function refusedBootstrap(inputs: Values, cloud: Cloud): Refusal[] {
  const bootstrap = at(inputs, "spec.bootstrap");
  const methods = ["initdb", "recovery", "pg_basebackup"].filter((name) => field(bootstrap, name) !== undefined);
  const [method] = methods;
  if (method === undefined) return [];
  const property = `spec.bootstrap.${method}`;
  const begin = at(bootstrap, method);
  const [database, owner, source] = [at(begin, "database"), at(begin, "owner"), at(begin, "source")];
  const clusters = items(at(inputs, "spec.externalClusters"));
  const found = clusters.find((each) => at(each, "name") === source);
  return [
    ...refuse(methods.length > 1, "spec.bootstrap", "Only one bootstrap method can be specified at a time"),
    ...refuse((database === undefined) !== (owner === undefined), property, "database and owner belong together"),
    ...refuse(
      method === "recovery" && typeof source === "string" && at(found, "plugin") === undefined,
      `${property}.source`,
      `External cluster ${text(source)} not found`,
    ),
    ...refusedLogin(inputs, cloud, `${property}.secret`, at(begin, "secret.name")),
    ...clusters.flatMap((each) =>
      missing(inputs, cloud, OBJECT_STORE, "spec.externalClusters", at(each, "plugin.parameters.barmanObjectName")),
    ),
  ];
}

/** Roles of the operator and of PostgreSQL itself (pkg/postgres/roles.go). */
const isReserved = (role: string): boolean =>
  /^(cnpg_|pg_)/.test(role) || ["postgres", "streaming_replica"].includes(role);

function refusedRoles(inputs: Values, cloud: Cloud): Refusal[] {
  const property = "spec.managed.roles";
  const roles = items(at(inputs, "spec.managed.roles")).filter((role) => role !== UNKNOWN);
  const names = roles.map((role) => text(at(role, "name")));
  return [
    ...refuse(new Set(names).size < names.length, property, "Role name is duplicate of another"),
    ...names
      .filter(isReserved)
      .map((name) => ({ property, reason: `${name}: This role is reserved for operator use` })),
    ...roles.flatMap((role) => refusedLogin(inputs, cloud, property, at(role, "passwordSecret.name"))),
  ];
}

function refusedPlugins(inputs: Values, cloud: Cloud): Refusal[] {
  const plugins = items(at(inputs, "spec.plugins"));
  const archivers = plugins.filter((plugin) => at(plugin, "isWALArchiver") === true);
  return [
    ...refuse(archivers.length > 1, "spec.plugins", "Cannot enable more than one WAL archiver plugin"),
    ...plugins.flatMap((plugin) =>
      missing(inputs, cloud, OBJECT_STORE, "spec.plugins", at(plugin, "parameters.barmanObjectName")),
    ),
  ];
}

const refusedSize = (spec: unknown, volume: string): Refusal[] => {
  const size = at(spec, `${volume}.size`);
  return refuse(size !== UNKNOWN && !(Number(quantity(size)) > 0), `spec.${volume}.size`, "Size value isn't valid");
};

function refusedLimits(spec: unknown): Refusal[] {
  return ["cpu", "memory", "ephemeral-storage"].flatMap((resource) => {
    const [request, limit] = ["requests", "limits"].map((kind) => quantity(at(spec, `resources.${kind}.${resource}`)));
    const wrong = request !== undefined && limit !== undefined && request > limit;
    return refuse(wrong, "spec.resources", `${resource} request is greater than the limit`);
  });
}

/** What the webhook and the schema refuse, and what the operator would wait for in vain. */
export function refusedCluster(inputs: Values, cloud: Cloud): Refusal[] {
  const spec = inputs.spec;
  const instances = at(spec, "instances");
  const spread = at(spec, "affinity.podAntiAffinityType");
  return [
    ...refuse(
      text(at(inputs, "metadata.name")).length > 50,
      "metadata.name",
      "the maximum length of a cluster name is 50 characters",
    ),
    ...refuse(
      instances !== UNKNOWN && !(Number(instances ?? 1) >= 1),
      "spec.instances",
      "should be greater than or equal to 1",
    ),
    ...refuse(
      isNoneOf(spread, ["required", "preferred"]),
      "spec.affinity.podAntiAffinityType",
      "must be required or preferred",
    ),
    ...refusedImage(at(spec, "imageName")),
    ...refusedSize(spec, "storage"),
    ...(at(spec, "walStorage") === undefined ? [] : refusedSize(spec, "walStorage")),
    ...refusedParameters(spec),
    ...refusedSynchronous(spec),
    ...refusedLimits(spec),
    ...refusedBootstrap(inputs, cloud),
    ...refusedRoles(inputs, cloud),
    ...refusedPlugins(inputs, cloud),
    ...items(at(spec, "monitoring.customQueriesConfigMap")).flatMap((each) =>
      missing(inputs, cloud, CONFIG_MAP, "spec.monitoring.customQueriesConfigMap", at(each, "name")),
    ),
  ];
}

/** Changes that the webhook refuses. */
export function refusedClusterChange(inputs: Values, old: Values): Refusal[] {
  const [now = 0, before = 0] = [majorOf(at(inputs, "spec.imageName")), majorOf(at(old, "spec.imageName"))];
  const gone = at(old, "spec.walStorage") !== undefined && at(inputs, "spec.walStorage") === undefined;
  const shrunk = ["storage", "walStorage"].filter(
    (volume) => Number(quantity(at(inputs, `spec.${volume}.size`))) < Number(quantity(at(old, `spec.${volume}.size`))),
  );
  return [
    ...refuse(gone, "spec.walStorage", "walStorage cannot be disabled once configured"),
    ...shrunk.map((volume) => ({ property: `spec.${volume}`, reason: "can't shrink existing storage" })),
    ...refuse(now < before, "spec.imageName", `can't downgrade from major ${before} to ${now}`),
    ...refuse(now > before && now < 16, "spec.imageName", "major upgrades are only supported to version 16 or higher"),
  ];
}
