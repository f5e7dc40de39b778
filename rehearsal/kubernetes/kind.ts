import { type Cloud, type Making, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at, isObject, uuid } from "../values";

/** What all kinds have in common: metadata, names, namespaces, ids. */

export const NAMESPACE = "kubernetes:core/v1:Namespace";

const SOURCE = "pulumi/pulumi-kubernetes provider/pkg/provider/diff.go";

/** Forms of names, and their length (kubernetes.io, "Object Names and IDs"). */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
export const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

interface NameRule {
  readonly form: RegExp;
  readonly limit: number;
}
export const SUBDOMAIN_NAME: NameRule = { form: SUBDOMAIN, limit: 253 };
export const LABEL_NAME: NameRule = { form: LABEL, limit: 63 };

/** A name, or the one that the provider makes of the resource's name and eight characters (naming.go). */
const nameOf = (inputs: Values, { name, hex }: Making): string =>
  text(at(inputs, "metadata.name")) || `${name.toLowerCase()}-${hex(8, "name")}`;

const namespaceOf = (inputs: Values): string => text(at(inputs, "metadata.namespace")) || "default";

function refusedName(inputs: Values, { form, limit }: NameRule): Refusal[] {
  const name = at(inputs, "metadata.name");
  if (typeof name !== "string" || (form.test(name) && name.length <= limit)) return [];
  return [
    {
      property: "metadata.name",
      reason: `Invalid value: "${name}": it must match ${form.source} and have at most ${limit} characters`,
    },
  ];
}

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Labels have short, plain values; annotations may be anything that is text. */
function refusedLabels(inputs: Values): Refusal[] {
  return ["labels", "annotations"].flatMap((group) => {
    const values = at(inputs, `metadata.${group}`);
    return Object.entries(isObject(values) ? values : {})
      .filter(([, value]) => value !== UNKNOWN)
      .filter(([, value]) => typeof value !== "string" || (group === "labels" && !isLabelValue(value)))
      .map(([key]) => ({ property: `metadata.${group}`, reason: `Invalid value of ${key}` }));
  });
}

const isLabelValue = (value: string): boolean => value.length <= 63 && LABEL_VALUE.test(value);

/** The SDK sets both, so that they differ only where somebody wrote them by hand. */
function refusedKind(inputs: Values, apiVersion: string, kind: string): Refusal[] {
  return Object.entries({ apiVersion, kind })
    .filter(([name, value]) => inputs[name] !== undefined && inputs[name] !== value)
    .map(([property, value]) => ({ property, reason: `must be ${value}` }));
}

export interface Kind {
  /** Such as `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** True for kinds that stand outside of namespaces. */
  readonly global?: boolean;
  readonly names?: NameRule;
  /** Inputs, beside name and namespace, whose change makes a new object. */
  readonly replaces?: readonly string[];
  readonly check?: (inputs: Values, cloud: Cloud) => readonly Refusal[];
  readonly checkUpdate?: ResourceModel["checkUpdate"];
  readonly status?: (inputs: Values, making: Making) => Values;
  readonly more?: Partial<ResourceModel>;
}

/** Module of the type token: `core/v1`, `apps/v1`, `networking.k8s.io/v1`. */
const moduleOf = (apiVersion: string): string => (apiVersion === "v1" ? "core/v1" : apiVersion);

/**
 * The model of a kind. Its outputs hold what the API server adds to the metadata. A namespace must be there, except those that
 * every cluster has, which only a ConfigMap of EKS needs.
 */
export function modelOf(kind: Kind): ResourceModel {
  const { apiVersion, names = SUBDOMAIN_NAME, replaces = [], check, checkUpdate, status, more = {} } = kind;
  const idOf = (inputs: Values, making: Making): string =>
    kind.global ? nameOf(inputs, making) : `${namespaceOf(inputs)}/${nameOf(inputs, making)}`;
  return {
    type: `kubernetes:${moduleOf(apiVersion)}:${kind.kind}`,
    replaces: ["metadata.name", "metadata.namespace", ...replaces],
    source: SOURCE,
    ...(kind.global ? {} : { references: { "metadata.namespace": { types: [NAMESPACE] } } }),
    seconds: { create: 1, update: 1, delete: 1 },
    unique: (inputs) => {
      const [name, namespace] = [at(inputs, "metadata.name"), at(inputs, "metadata.namespace")];
      return typeof name !== "string" || namespace === UNKNOWN ? undefined : `${text(namespace)}/${name}`;
    },
    check: (inputs, cloud) => [
      ...refusedKind(inputs, apiVersion, kind.kind),
      ...refusedName(inputs, names),
      ...refusedLabels(inputs),
      ...(check?.(inputs, cloud) ?? []),
    ],
    ...(checkUpdate === undefined ? {} : { checkUpdate }),
    id: idOf,
    outputs: (inputs, making, old) => ({
      metadata: metadataOf(inputs, making, kind, old),
      ...(status === undefined ? {} : { status: status(inputs, making) }),
    }),
    ...more,
  };
}

function metadataOf(inputs: Values, making: Making, kind: Kind, old?: Values): Values {
  const given = at(inputs, "metadata");
  const autonamed = at(given, "name") === undefined ? { "pulumi.com/autonamed": "true" } : {};
  const annotations = { ...Object(at(given, "annotations")), ...autonamed };
  const version = Number(at(old, "metadata.resourceVersion") ?? 1000);
  return {
    ...Object(given),
    name: nameOf(inputs, making),
    ...(kind.global ? {} : { namespace: namespaceOf(inputs) }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    uid: uuid(making.hex(32, "uid")),
    creationTimestamp: "2025-01-01T00:00:00Z",
    resourceVersion: String(version + 1),
    generation: Number(at(old, "metadata.generation") ?? 0) + 1,
  };
}
