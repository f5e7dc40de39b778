import { isObject, type Json, type JsonObject } from "../../crosscheck/captured";
import type { KubernetesObject } from "../servers/kubernetesApi";
import { podOf } from "./pods";

/**
 * What objects of a stack name and none of them has. The API server takes such an object, and it never works: a probe or
 * a service of a port without that name, a selector that nobody has, a secret or a key that nobody makes.
 */
export function danglingReferences(made: readonly KubernetesObject[]): readonly string[] {
  const objects = [...made, ...made.flatMap(secretsOfOperator)];
  const pods = [...objects.flatMap((object) => podOf(object) ?? []), ...objects.flatMap(podsOfOperator)];
  return made.flatMap((object) => {
    const pod = podOf(object);
    const found = [
      ...(pod === undefined ? [] : [...probesOf(pod), ...sourcesOf(pod, objects)]),
      ...selectionOf(object, pods),
      ...targetOf(object, objects),
    ];
    return found.map((what) => `${object.kind} ${object.metadata.name}: ${what}`);
  });
}

/** The pods that CloudNativePG makes, as far as others select them. */
function podsOfOperator({ kind, metadata: { name, namespace } }: KubernetesObject): readonly KubernetesObject[] {
  const labelled = (labels: JsonObject, ports: readonly string[]): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels },
    spec: { containers: [{ name, ports: ports.map((port) => ({ name: port })) }] },
  });
  if (kind === "Pooler")
    return [labelled({ "cnpg.io/poolerName": name, "cnpg.io/podRole": "pooler" }, ["metrics", "pgbouncer"])];
  if (kind !== "Cluster") return [];
  const instance = { "cnpg.io/cluster": name, "cnpg.io/podRole": "instance" };
  return ["primary", "replica"].map((role) =>
    labelled({ ...instance, role, "cnpg.io/instanceRole": role }, ["postgresql", "metrics", "status"]),
  );
}

/** The authority of the servers' certificates, which CloudNativePG makes for each cluster (DefaultServerCaSecretSuffix). */
const secretsOfOperator = ({ kind, metadata: { name, namespace } }: KubernetesObject): readonly KubernetesObject[] =>
  kind !== "Cluster"
    ? []
    : [
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: `${name}-ca`, ...(namespace === undefined ? {} : { namespace }) },
          data: { "ca.crt": "", "ca.key": "" },
        },
      ];

const list = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

const specOf = ({ spec }: KubernetesObject): JsonObject => (isObject(spec) ? spec : {});

const containersOf = (pod: KubernetesObject): readonly JsonObject[] => [
  ...list(specOf(pod).initContainers),
  ...list(specOf(pod).containers),
];

const portsOf = (pod: KubernetesObject): readonly Json[] =>
  containersOf(pod).flatMap(({ ports }) => list(ports).flatMap(({ name }) => name ?? []));

function probesOf(pod: KubernetesObject): readonly string[] {
  return containersOf(pod).flatMap((container) => {
    const names = list(container.ports).map(({ name }) => name);
    const probes = [container.readinessProbe, container.livenessProbe, container.startupProbe].filter(isObject);
    const asked = probes.flatMap(({ httpGet, tcpSocket }) =>
      [httpGet, tcpSocket].filter(isObject).map(({ port }) => port),
    );
    return asked
      .filter((port) => typeof port === "string" && !names.includes(port))
      .map((port) => `a probe of the port ${port}, which its container has not`);
  });
}

/** Secrets, ConfigMaps and the account that a pod needs to start. */
function sourcesOf(pod: KubernetesObject, objects: readonly KubernetesObject[]): readonly string[] {
  const { volumes, serviceAccountName } = specOf(pod);
  const needed = [
    ...containersOf(pod).flatMap(({ env, envFrom }) => [
      ...list(env).flatMap(({ valueFrom }) => (isObject(valueFrom) ? keysIn(valueFrom, "KeyRef", "name") : [])),
      ...list(envFrom).flatMap((source) => keysIn(source, "Ref", "name")),
    ]),
    ...list(volumes).flatMap(({ secret, configMap, projected }) => [
      ...keysIn({ secret: secret ?? null }, "", "secretName"),
      ...keysIn({ configMap: configMap ?? null }, "", "name"),
      ...list(isObject(projected) ? projected.sources : []).flatMap((source) => keysIn(source, "", "name")),
    ]),
    ...(typeof serviceAccountName === "string" ? [{ kind: "ServiceAccount", name: serviceAccountName }] : []),
  ];
  return needed
    .filter((one) => !objects.some((object) => holds(object, one)))
    .map(
      ({ kind, name, key }) =>
        `the ${kind} ${name}${key === undefined ? "" : ` with the key ${key}`}, which nobody makes`,
    );
}

interface Needed {
  readonly kind: string;
  readonly name: string;
  readonly key?: string;
}

function keysIn(source: JsonObject, ending: string, nameKey: string): readonly Needed[] {
  return ["secret", "configMap"].flatMap((kind) => {
    const reference = source[`${kind}${ending}`];
    if (!isObject(reference) || reference.optional === true || typeof reference[nameKey] !== "string") return [];
    const name = reference[nameKey];
    const keys = [reference, ...list(reference.items)].flatMap(({ key }) => (typeof key === "string" ? [key] : []));
    const Kind = kind === "secret" ? "Secret" : "ConfigMap";
    return keys.length === 0 ? [{ kind: Kind, name }] : keys.map((key) => ({ kind: Kind, name, key }));
  });
}

function holds(object: KubernetesObject, { kind, name, key }: Needed): boolean {
  if (object.metadata.name !== name || object.kind !== kind) return false;
  const held = [object.data, object.stringData, object.binaryData].filter(isObject);
  return key === undefined || held.some((entries) => Object.hasOwn(entries, key));
}

/** What selects pods must find one, and its ports by name. */
function selectionOf(object: KubernetesObject, pods: readonly KubernetesObject[]): readonly string[] {
  const spec = specOf(object);
  const selector = object.kind === "NetworkPolicy" ? spec.podSelector : spec.selector;
  if (!SELECTING.includes(object.kind) || !isObject(selector)) return [];
  const wanted = object.kind === "Service" ? selector : isObject(selector.matchLabels) ? selector.matchLabels : {};
  const selected = pods.filter(
    ({ metadata: { namespace, labels } }) =>
      namespace === object.metadata.namespace &&
      Object.entries(wanted).every(([key, value]) => isObject(labels) && labels[key] === value),
  );
  if (selected.length === 0) return [`selects ${JSON.stringify(wanted)}, which no pod has`];
  const ports = [
    ...list(spec.ports).map(({ targetPort }) => targetPort),
    ...list(spec.podMetricsEndpoints).map(({ port }) => port),
  ];
  return ports
    .filter((port) => typeof port === "string" && !selected.some((pod) => portsOf(pod).includes(port)))
    .map((port) => `the port ${port}, which no pod of it has`);
}

const SELECTING = ["Service", "NetworkPolicy", "PodDisruptionBudget", "PodMonitor"];

/** A scaler's target, and the cluster of a pooler, a schedule or a database. */
function targetOf({ spec }: KubernetesObject, objects: readonly KubernetesObject[]): readonly string[] {
  if (!isObject(spec)) return [];
  const targets = [
    ...(isObject(spec.scaleTargetRef) ? [spec.scaleTargetRef] : []),
    ...(isObject(spec.cluster) ? [{ kind: "Cluster", name: spec.cluster.name }] : []),
  ];
  return targets
    .filter(({ kind, name }) => !objects.some((object) => object.kind === kind && object.metadata.name === name))
    .map(({ kind, name }) => `the ${kind} ${name}, which nobody makes`);
}
