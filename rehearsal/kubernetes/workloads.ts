import { isDeepStrictEqual } from "node:util";
import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at, isObject, items } from "../values";
import { modelOf } from "./kind";
import { refusedPod, refusedSecurity } from "./pod";

/** Deployments, jobs and what keeps their number. */

const POD = "spec.template";

/** A selector that does not choose the workload's own pods. */
export function refusedSelector(inputs: Values): Refusal[] {
  const wanted = at(inputs, "spec.selector.matchLabels");
  const labels = at(inputs, `${POD}.metadata.labels`);
  if (wanted === UNKNOWN || labels === UNKNOWN) return [];
  if (!isObject(wanted) || Object.keys(wanted).length === 0)
    return [{ property: "spec.selector", reason: "Required value" }];
  const missing = Object.entries(wanted).find(
    ([key, value]) => !isDeepStrictEqual(isObject(labels) ? labels[key] : undefined, value),
  );
  return missing === undefined
    ? []
    : [
        {
          property: `${POD}.metadata.labels`,
          reason: `\`selector\` does not match template \`labels\`: ${missing[0]}`,
        },
      ];
}

const refusedTemplate = (inputs: Values, cloud: Cloud, path: string): Refusal[] => [
  ...refusedPod(at(inputs, `${path}.spec`), `${path}.spec`),
  ...refusedSecurity(inputs, at(inputs, `${path}.spec`), cloud, `${path}.spec`),
];

/** Pods of a job never start again for ever. */
function refusedRestart(inputs: Values, path: string): Refusal[] {
  const policy = at(inputs, `${path}.spec.restartPolicy`);
  return policy === UNKNOWN || ["Never", "OnFailure"].includes(text(policy))
    ? []
    : [{ property: `${path}.spec.restartPolicy`, reason: 'Unsupported value: supported values: "OnFailure", "Never"' }];
}

const JOB_TEMPLATE = "spec.jobTemplate.spec.template";

/** Five fields of a crontab, each with its range. */
function refusedSchedule(inputs: Values): Refusal[] {
  const schedule = at(inputs, "spec.schedule");
  if (schedule === UNKNOWN) return [];
  const ranges: readonly [number, number][] = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ];
  const fields = text(schedule).split(" ");
  const right =
    fields.length === 5 &&
    fields.every((field, index) => {
      const [low = 0, high = 0] = ranges[index] ?? [];
      return field.split(",").every((part) => {
        const [, from, to] = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/\d+)?$/.exec(part) ?? ["", "-1"];
        return [from, to].every((value) => value === undefined || (Number(value) >= low && Number(value) <= high));
      });
    });
  return right ? [] : [{ property: "spec.schedule", reason: `Invalid value: "${text(schedule)}"` }];
}

function refusedTimeZone(inputs: Values): Refusal[] {
  const zone = at(inputs, "spec.timeZone");
  if (typeof zone !== "string") return [];
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return [];
  } catch {
    return [{ property: "spec.timeZone", reason: `Invalid value: "${zone}": unknown time zone` }];
  }
}

function refusedScaling(inputs: Values): Refusal[] {
  const [least = 1, most] = [at(inputs, "spec.minReplicas"), at(inputs, "spec.maxReplicas")];
  if ([least, most].includes(UNKNOWN)) return [];
  if (Number(most) >= 1 && Number(most) >= Number(least)) return [];
  return [{ property: "spec.maxReplicas", reason: "must be greater than or equal to `minReplicas`" }];
}

function refusedDisruption(inputs: Values): Refusal[] {
  const given = ["minAvailable", "maxUnavailable"].filter((name) => at(inputs, `spec.${name}`) !== undefined);
  return given.length < 2 ? [] : [{ property: "spec", reason: "minAvailable and maxUnavailable cannot be both set" }];
}

/** The forceNew table of the provider: the selector, and everything that makes a Job what it is. */
export const workloads: readonly ResourceModel[] = [
  modelOf({
    apiVersion: "apps/v1",
    kind: "Deployment",
    replaces: ["spec.selector"],
    check: (inputs, cloud) => [...refusedSelector(inputs), ...refusedTemplate(inputs, cloud, POD)],
    status: (inputs) => {
      const replicas = Number(at(inputs, "spec.replicas") ?? 1);
      return {
        replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
        updatedReplicas: replicas,
        conditions: items([{ type: "Available", status: "True" }]),
      };
    },
    // The provider waits until the pods are available: a machine, an image and a start.
    more: { seconds: { create: 120, update: 60, delete: 10 } },
  }),
  modelOf({
    apiVersion: "batch/v1",
    kind: "Job",
    names: { form: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, limit: 63 },
    replaces: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    check: (inputs, cloud) => [...refusedTemplate(inputs, cloud, POD), ...refusedRestart(inputs, POD)],
    status: () => ({ succeeded: 1, conditions: items([{ type: "Complete", status: "True" }]) }),
    more: { seconds: { create: 60, update: 5, delete: 5 } },
  }),
  modelOf({
    apiVersion: "batch/v1",
    kind: "CronJob",
    // Eleven characters are left for the time that the name of each job gets.
    names: { form: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, limit: 52 },
    check: (inputs, cloud) => [
      ...refusedSchedule(inputs),
      ...refusedTimeZone(inputs),
      ...refusedTemplate(inputs, cloud, JOB_TEMPLATE),
      ...refusedRestart(inputs, JOB_TEMPLATE),
    ],
    status: () => ({}),
  }),
  modelOf({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    check: refusedScaling,
    status: (inputs) => {
      const replicas = Number(at(inputs, "spec.minReplicas") ?? 1);
      return { currentReplicas: replicas, desiredReplicas: replicas };
    },
  }),
  modelOf({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    check: refusedDisruption,
    status: () => ({ disruptionsAllowed: 1 }),
  }),
];
