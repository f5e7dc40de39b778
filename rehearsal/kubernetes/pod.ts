import { type Cloud, type Refusal, text, UNKNOWN, type Values } from "../model";
import { at, isObject, items } from "../values";
import { LABEL, NAMESPACE } from "./kind";

/** Rules for the pods of a workload: what the API server refuses, and what Pod Security would keep from starting. */

/** Quantities in one unit: thousandths of a CPU, bytes of memory. */
const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

export function quantity(value: unknown): number | undefined {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(value)) ?? [];
  const factor = UNITS[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** Refusals of a pod's specification; `path` is where it stands. `claimed` are volumes that the workload makes for each pod. */
export function refusedPod(spec: unknown, path: string, claimed: readonly unknown[] = []): Refusal[] {
  if (spec === UNKNOWN) return [];
  const containers = [...items(at(spec, "containers")), ...items(at(spec, "initContainers"))].filter(
    (container) => container !== UNKNOWN,
  );
  if (items(at(spec, "containers")).length === 0 && at(spec, "containers") !== UNKNOWN)
    return [{ property: `${path}.containers`, reason: "Required value" }];
  const names = containers.map((container) => at(container, "name")).filter((name) => name !== UNKNOWN);
  const volumes = new Set([...items(at(spec, "volumes")).map((volume) => at(volume, "name")), ...claimed]);
  return [
    ...(new Set(names).size < names.length
      ? [{ property: `${path}.containers`, reason: "Duplicate value: two containers of one name" }]
      : []),
    ...containers.flatMap((container) => refusedContainer(container, volumes, `${path}.containers`)),
  ];
}

function refusedContainer(container: unknown, volumes: ReadonlySet<unknown>, property: string): Refusal[] {
  const name = at(container, "name");
  const refuse = (reason: string): Refusal => ({ property, reason: `${text(name)}: ${reason}` });
  const ports = items(at(container, "ports"));
  const mounts = items(at(container, "volumeMounts")).map((mount) => at(mount, "name"));
  return [
    ...(name === UNKNOWN || LABEL.test(text(name)) ? [] : [refuse("Invalid value of name")]),
    ...(text(at(container, "image")) === "" && at(container, "image") !== UNKNOWN
      ? [refuse("image: Required value")]
      : []),
    ...ports
      .map((port) => at(port, "containerPort"))
      .filter((port) => port !== UNKNOWN && !(Number(port) >= 1 && Number(port) <= 65_535))
      .map((port) => refuse(`containerPort ${String(port)} is not between 1 and 65535`)),
    ...mounts
      .filter((mount) => !volumes.has(mount))
      .map((mount) => refuse(`volumeMounts: Not found: "${text(mount)}"`)),
    ...refusedProbes(container, refuse),
    ...refusedVariables(container, refuse),
    ...refusedResources(container, refuse),
  ];
}

function refusedProbes(container: unknown, refuse: (reason: string) => Refusal): Refusal[] {
  const named = new Set(items(at(container, "ports")).map((port) => at(port, "name")));
  return ["startupProbe", "readinessProbe", "livenessProbe"].flatMap((probe) => {
    const port = at(container, `${probe}.tcpSocket.port`) ?? at(container, `${probe}.httpGet.port`);
    return typeof port === "string" && !named.has(port) ? [refuse(`${probe}: no port is named ${port}`)] : [];
  });
}

/** A variable has a value or a place to take it from, never both; values are text. */
function refusedVariables(container: unknown, refuse: (reason: string) => Refusal): Refusal[] {
  return items(at(container, "env")).flatMap((variable) => {
    const [name, value, from] = [at(variable, "name"), at(variable, "value"), at(variable, "valueFrom")];
    if (value !== undefined && from !== undefined) return [refuse(`${text(name)} has both value and valueFrom`)];
    return value === undefined || value === UNKNOWN || typeof value === "string"
      ? []
      : [refuse(`${text(name)} must be text`)];
  });
}

function refusedResources(container: unknown, refuse: (reason: string) => Refusal): Refusal[] {
  return ["cpu", "memory"].flatMap((resource) => {
    const [request, limit] = [
      at(container, `resources.requests.${resource}`),
      at(container, `resources.limits.${resource}`),
    ];
    if ([request, limit].includes(UNKNOWN)) return [];
    const wrong = [request, limit].find((value) => value !== undefined && quantity(value) === undefined);
    if (wrong !== undefined)
      return [refuse(`${resource}: quantities must look like 500m or 1Gi, not ${String(wrong)}`)];
    const [least = 0, most = Number.POSITIVE_INFINITY] = [quantity(request), quantity(limit)];
    return least > most ? [refuse(`${resource} request must be less than or equal to its limit`)] : [];
  });
}

/**
 * What Pod Security `restricted` demands (kubernetes.io, "Pod Security Standards"). The API server takes such a Deployment and
 * starts none of its pods, so that the provider waits ten minutes and fails; here it is refused at once.
 */
export function refusedSecurity(inputs: Values, spec: unknown, cloud: Cloud, path: string): Refusal[] {
  const namespace = cloud.find(NAMESPACE, text(at(inputs, "metadata.namespace")));
  const labels = at(namespace?.values, "metadata.labels");
  const enforced = isObject(labels) ? labels["pod-security.kubernetes.io/enforce"] : undefined;
  if (enforced !== "restricted" || spec === UNKNOWN) return [];
  const both = (container: unknown, name: string): unknown =>
    at(container, `securityContext.${name}`) ?? at(spec, `securityContext.${name}`);
  const forbidden = items(at(spec, "volumes")).filter((volume) => at(volume, "hostPath") !== undefined);
  const containers = [...items(at(spec, "containers")), ...items(at(spec, "initContainers"))];
  const wrong = containers
    .filter((container) => container !== UNKNOWN)
    .flatMap((container) => {
      const capabilities = items(at(container, "securityContext.capabilities.drop"));
      return [
        both(container, "runAsNonRoot") === true ? [] : ["runAsNonRoot must be true"],
        at(container, "securityContext.allowPrivilegeEscalation") === false
          ? []
          : ["allowPrivilegeEscalation must be false"],
        capabilities.includes("ALL") ? [] : ["capabilities.drop must hold ALL"],
        ["RuntimeDefault", "Localhost"].includes(text(both(container, "seccompProfile.type")))
          ? []
          : ["seccompProfile.type must be RuntimeDefault"],
      ]
        .flat()
        .map((reason) => ({
          property: path,
          reason: `violates PodSecurity "restricted": ${text(at(container, "name"))}: ${reason}`,
        }));
    });
  return [
    ...wrong,
    ...forbidden.map((volume) => ({
      property: path,
      reason: `violates PodSecurity "restricted": volume ${text(at(volume, "name"))} is a hostPath`,
    })),
  ];
}
