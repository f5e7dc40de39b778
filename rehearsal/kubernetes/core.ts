import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at, isObject, items } from "../values";
import { LABEL, LABEL_NAME, modelOf } from "./kind";

/** The core group: namespaces, settings, secrets, accounts, services. */

/** Keys of a ConfigMap or Secret; the values of a Secret's `data` are base64. */
function refusedData(inputs: Values, group: string, encoded: boolean): Refusal[] {
  const values = inputs[group];
  return Object.entries(isObject(values) ? values : {}).flatMap(([key, value]): Refusal[] => {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key)) return [{ property: group, reason: `Invalid value: "${key}"` }];
    if (value === UNKNOWN) return [];
    if (typeof value !== "string") return [{ property: group, reason: `${key} must be text` }];
    return encoded && Buffer.from(value, "base64").toString("base64") !== value
      ? [{ property: group, reason: `illegal base64 data in ${key}` }]
      : [];
  });
}

const isPort = (port: unknown): boolean => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;

/** A port by number, or by the name of a container's port. */
const isTarget = (port: unknown): boolean =>
  isPort(port) || (typeof port === "string" && port.length <= 15 && LABEL.test(port) && /[a-z]/.test(port));

function refusedService(inputs: Values): Refusal[] {
  const spec = inputs.spec;
  const type = at(spec, "type") ?? "ClusterIP";
  if (type === UNKNOWN) return [];
  if (!["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"].includes(text(type)))
    return [{ property: "spec.type", reason: `Unsupported value: "${text(type)}"` }];
  if (type === "ExternalName") return refusedExternalName(at(spec, "externalName"));
  const ports = at(spec, "ports");
  if (ports === UNKNOWN) return [];
  const wrong = items(ports).filter((each) => {
    const [port, target] = [at(each, "port"), at(each, "targetPort")];
    return (port !== UNKNOWN && !isPort(port)) || (target !== undefined && target !== UNKNOWN && !isTarget(target));
  });
  const nameless = items(ports).length > 1 && items(ports).some((each) => at(each, "name") === undefined);
  return [
    ...(items(ports).length === 0 && at(spec, "clusterIP") !== "None"
      ? [{ property: "spec.ports", reason: "Required value" }]
      : []),
    ...wrong.map(() => ({
      property: "spec.ports",
      reason: "must be between 1 and 65535, inclusive, or a port's name",
    })),
    ...(nameless ? [{ property: "spec.ports", reason: "several ports need a name each" }] : []),
  ];
}

function refusedExternalName(externalName: unknown): Refusal[] {
  if (externalName === UNKNOWN) return [];
  const name = text(externalName);
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?$/.test(name) && name.length <= 253)
    return [];
  return [{ property: "spec.externalName", reason: `Invalid value: "${name}": it must be the name of a host` }];
}

/** What the provider's forceNew table says of a Secret and a ConfigMap when it was told that they may change. */
export const core: readonly ResourceModel[] = [
  modelOf({
    apiVersion: "v1",
    kind: "Namespace",
    global: true,
    names: LABEL_NAME,
    status: () => ({ phase: "Active" }),
    more: {
      seconds: { create: 1, delete: 15 },
      // A namespace takes what is in it along; the engine has removed what it knows by then.
      refuseDelete: ({ id }) =>
        SYSTEM.has(id) ? `namespaces "${id}" is forbidden: this namespace may not be deleted` : undefined,
    },
  }),
  modelOf({
    apiVersion: "v1",
    kind: "ConfigMap",
    check: (inputs) => refusedData(inputs, "data", false),
    // Namespaces that every cluster has are nobody's resource, and the one ConfigMap of ours stands in such a one.
    more: { references: {} },
  }),
  modelOf({
    apiVersion: "v1",
    kind: "Secret",
    replaces: ["type"],
    check: (inputs) => [...refusedData(inputs, "data", true), ...refusedData(inputs, "stringData", false)],
    more: {
      outputs: (inputs, making, old) => ({
        ...modelOf({ apiVersion: "v1", kind: "Secret" }).outputs(inputs, making, old),
        type: inputs.type ?? "Opaque",
        data: { ...Object(inputs.data), ...encoded(inputs.stringData) },
      }),
      secretOutputs: ["data"],
    },
  }),
  modelOf({ apiVersion: "v1", kind: "ServiceAccount" }),
  modelOf({
    apiVersion: "v1",
    kind: "Service",
    names: LABEL_NAME,
    replaces: ["spec.clusterIP"],
    check: refusedService,
    status: (inputs, { hex, region }) =>
      at(inputs, "spec.type") === "LoadBalancer"
        ? { loadBalancer: { ingress: [{ hostname: `k8s-${hex(10)}.elb.${region}.amazonaws.com` }] } }
        : { loadBalancer: {} },
    // The provider waits until a load balancer has an address.
    more: { seconds: { create: 30, update: 5, delete: 10 } },
  }),
];

const SYSTEM: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

const encoded = (values: unknown): Values =>
  Object.fromEntries(
    Object.entries(isObject(values) ? values : {}).map(([key, value]) => [
      key,
      Buffer.from(text(value)).toString("base64"),
    ]),
  );
