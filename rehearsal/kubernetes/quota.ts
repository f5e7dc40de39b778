import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at, isObject, items, refuse } from "../values";
import { modelOf } from "./kind";
import { quantity } from "./pod";

/** How much a namespace may take. */

const entries = (value: unknown): [string, unknown][] => Object.entries(isObject(value) ? value : {});

const refusedQuantities = (values: unknown, property: string): Refusal[] =>
  entries(values)
    .filter(([, value]) => value !== UNKNOWN && quantity(value) === undefined)
    .map(([name, value]) => ({
      property,
      reason: `${name}: quantities must look like 500m or 1Gi, not ${String(value)}`,
    }));

/** Resources that the API server itself counts; everything else is `count/<resource>.<group>` or `requests.<extended>`. */
const COUNTED = new Set([
  ...["cpu", "memory", "ephemeral-storage"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
  ...["storage", "requests.storage", "persistentvolumeclaims", "pods", "services", "secrets", "configmaps"],
  ...["services.loadbalancers", "services.nodeports", "replicationcontrollers", "resourcequotas"],
]);

const isCounted = (name: string): boolean =>
  COUNTED.has(name) || /^(count\/|requests\.[^.]+\.[^.]+\/|.+\.storageclass\.)/.test(name);

function refusedQuota(inputs: Values): Refusal[] {
  const hard = at(inputs, "spec.hard");
  return [
    ...entries(hard)
      .filter(([name]) => !isCounted(name))
      .map(([name]) => ({
        property: "spec.hard",
        reason: `Invalid value: "${name}": must be a standard resource for quota`,
      })),
    ...refusedQuantities(hard, "spec.hard"),
  ];
}

/** From the least to the most; each must not be more than the next (validation.go, ValidateLimitRange). */
const BOUNDS = ["min", "defaultRequest", "default", "max"];

function refusedLimit(limit: unknown): Refusal[] {
  const property = "spec.limits";
  const type = at(limit, "type");
  const names = new Set(BOUNDS.flatMap((bound) => entries(at(limit, bound)).map(([name]) => name)));
  const wrong = [...names].flatMap((name) => {
    const values = BOUNDS.map((bound) => quantity(Reflect.get(Object(at(limit, bound)), name)));
    const known = values.filter((value) => value !== undefined);
    return refuse(
      known.some((value, index) => index > 0 && value < Number(known[index - 1])),
      property,
      `${name}: min, default request, default and max must not decrease`,
    );
  });
  return [
    ...refuse(
      type !== UNKNOWN && !["Container", "Pod", "PersistentVolumeClaim"].includes(text(type)),
      property,
      `Unsupported value: "${text(type)}"`,
    ),
    ...BOUNDS.flatMap((bound) => refusedQuantities(at(limit, bound), property)),
    ...wrong,
  ];
}

export const quota: readonly ResourceModel[] = [
  modelOf({
    apiVersion: "v1",
    kind: "ResourceQuota",
    replaces: ["spec.scopes"],
    check: refusedQuota,
    status: (inputs) => ({ hard: at(inputs, "spec.hard") ?? {} }),
  }),
  modelOf({
    apiVersion: "v1",
    kind: "LimitRange",
    check: (inputs) => items(at(inputs, "spec.limits")).flatMap(refusedLimit),
  }),
];
