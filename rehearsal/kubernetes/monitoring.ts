import { type Refusal, type ResourceModel, UNKNOWN, type Values } from "../model";
import { at, isObject, items, refuse } from "../values";
import { modelOf } from "./kind";

/**
 * Types of the Prometheus operator: what their schemas ask for, and what the operator's webhook refuses of rules
 * (prometheus-operator, example/prometheus-operator-crd and pkg/admission).
 */

const API = "monitoring.coreos.com/v1";

/** The operator's own pattern of a duration. */
const DURATION = /^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$/;
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const isDuration = (value: unknown): boolean =>
  value === undefined || value === UNKNOWN || (typeof value === "string" && DURATION.test(value));

/** Names of what differs between two objects of a list; the schema keeps lists by their names. */
function duplicates(objects: readonly unknown[]): readonly string[] {
  const names = objects.map((object) => String(at(object, "name")));
  return names.filter((name, index) => names.indexOf(name) !== index);
}

function refusedRules(inputs: Values): Refusal[] {
  const groups = items(at(inputs, "spec.groups"));
  return [
    ...refuse(at(inputs, "spec") === undefined, "spec", "Required value"),
    ...duplicates(groups).map((name) => ({ property: "spec.groups", reason: `Duplicate value: "${name}"` })),
    ...groups.flatMap((group) => [
      ...refuse(!at(group, "name"), "spec.groups.name", "Required value"),
      ...refuse(!isDuration(at(group, "interval")), "spec.groups.interval", "must be a duration"),
      ...items(at(group, "rules")).flatMap(refusedRule),
    ]),
  ];
}

function refusedRule(rule: unknown): Refusal[] {
  const property = "spec.groups.rules";
  const [alert, record, expr] = [at(rule, "alert"), at(rule, "record"), at(rule, "expr")];
  const name = String(alert ?? record);
  return [
    ...refuse(
      (alert === undefined) === (record === undefined),
      property,
      `${name}: one of record and alert must be set`,
    ),
    ...refuse(typeof record === "string" && !METRIC.test(record), property, `${name}: invalid recording rule name`),
    ...refuse(!isExpression(expr), property, `${name}: could not parse the expression`),
    ...refuse(!isDuration(at(rule, "for")), property, `${name}: for must be a duration`),
    ...refuse(
      record !== undefined && at(rule, "for") !== undefined,
      property,
      `${name}: invalid field 'for' in recording rule`,
    ),
    ...refuse(
      record !== undefined && at(rule, "annotations") !== undefined,
      property,
      `${name}: invalid field 'annotations' in recording rule`,
    ),
    ...["labels", "annotations"].flatMap((group) => refusedNames(at(rule, group), `${name}: ${group}`)),
  ];
}

const refusedNames = (labels: unknown, where: string): Refusal[] =>
  Object.entries(isObject(labels) ? labels : {}).flatMap(([label, value]) => [
    ...refuse(!LABEL_NAME.test(label), "spec.groups.rules", `${where}: invalid name ${label}`),
    ...refuse(value !== UNKNOWN && typeof value !== "string", "spec.groups.rules", `${where}: ${label} must be text`),
  ]);

/** Not a parser: an expression is there, and each bracket outside of its strings is closed by its own kind. */
function isExpression(expr: unknown): boolean {
  if (expr === UNKNOWN || typeof expr === "number") return true;
  if (typeof expr !== "string" || expr.trim() === "") return false;
  const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
  const open: string[] = [];
  for (const sign of expr.replace(/"(?:[^"\\]|\\.)*"/g, "").replace(/[^()[\]{}]/g, "")) {
    const end = closing[sign];
    if (end !== undefined) open.push(end);
    else if (open.pop() !== sign) return false;
  }
  return open.length === 0;
}

const PORT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function refusedMonitor(inputs: Values): Refusal[] {
  const property = "spec.podMetricsEndpoints";
  return [
    ...refuse(at(inputs, "spec.selector") === undefined, "spec.selector", "Required value"),
    ...items(at(inputs, "spec.podMetricsEndpoints")).flatMap((endpoint) => {
      const [port, interval, timeout] = ["port", "interval", "scrapeTimeout"].map((name) => at(endpoint, name));
      return [
        ...refuse(
          typeof port === "string" && (!PORT_NAME.test(port) || port.length > 15),
          property,
          `"${String(port)}" is no name of a container's port`,
        ),
        ...refuse(
          !isDuration(interval) || !isDuration(timeout),
          property,
          "interval and scrapeTimeout must be durations",
        ),
        ...refuse(seconds(timeout) > seconds(interval), property, "scrapeTimeout must not be longer than interval"),
      ];
    }),
  ];
}

/** Of plain seconds only: what cannot be compared is not refused. */
const seconds = (duration: unknown): number => {
  const [, digits] = /^(\d+)s$/.exec(String(duration)) ?? [];
  return digits === undefined ? Number.NaN : Number(digits);
};

export const monitoring: readonly ResourceModel[] = [
  modelOf({ apiVersion: API, kind: "PrometheusRule", check: refusedRules }),
  modelOf({ apiVersion: API, kind: "PodMonitor", check: refusedMonitor }),
];
