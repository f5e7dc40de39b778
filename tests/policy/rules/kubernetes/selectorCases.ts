import { Secret, UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, resource } from "../cases";
import { changed, elsewhere, says, sound, without } from "./completeWorkload";
import { LABELS, one, setting } from "./workloads";

const expressed = (...expressions: readonly Value[]) =>
  changed("budget", ["spec", "selector"], { matchExpressions: expressions });
const expression = (operator: Value, values?: Value, key: Value = "app"): Value => ({
  key,
  operator,
  ...(values === undefined ? {} : { values }),
});

export const EXPRESSIONS: readonly Case[] = [
  one("pass", "In", expressed(expression("In", ["other", "app"]))),
  one("pass", "NotIn", expressed(expression("NotIn", ["other"]), expression("NotIn", ["x"], "none"))),
  one(
    "pass",
    "Exists and DoesNotExist",
    expressed(expression("Exists"), expression("DoesNotExist", undefined, "none")),
  ),
  ...[
    expression("In", ["other"]),
    expression("In"),
    expression("NotIn", ["app"]),
    expression("Exists", undefined, "none"),
    expression("DoesNotExist"),
    expression("Near", ["app"]),
    expression(7),
    7,
  ].map((wrong) => one("fail", JSON.stringify(wrong), expressed(expression("Exists"), wrong), "violated", "violated")),
  ...[
    expression(UNKNOWN),
    expression("In", UNKNOWN),
    expression("In", ["x", UNKNOWN]),
    expression("In", ["app"], UNKNOWN),
    UNKNOWN,
  ].map((open, index) => one("unknown", `expression ${index + 1}`, expressed(open), "unverified", "unverified")),
  one(
    "unknown",
    "all expressions",
    changed("budget", ["spec", "selector"], { matchExpressions: UNKNOWN }),
    "unverified",
    "unverified",
  ),
  one(
    "wrong type",
    "expressions",
    changed("budget", ["spec", "selector"], { matchExpressions: 7 }),
    "violated",
    "violated",
  ),
];

const noLabels = (labels: Value | undefined) => changed("workload", ["spec", "template", "metadata", "labels"], labels);

export const SERVICES: readonly Case[] = [
  says(
    one("fail", "a Service that selects nobody", changed("service", ["spec", "selector", "app"], "ap"), "violated"),
    "no pod",
  ),
  one(
    "fail",
    "a Service that asks one label too many",
    changed("service", ["spec", "selector", "tier"], "web"),
    "violated",
  ),
  one(
    "fail",
    "a Service in another namespace",
    [elsewhere, ...changed("service", ["metadata", "namespace"], "other")],
    "violated",
  ),
  one("pass", "a Service without a selector", changed("service", ["spec", "selector"], undefined)),
  one(
    "pass",
    "a Service for another name",
    changed("service", ["spec"], { type: "ExternalName", selector: { app: "x" } }),
  ),
  one("unknown", "a Service's selector", changed("service", ["spec", "selector"], UNKNOWN), "unverified"),
  one(
    "unknown",
    "a Service's namespace, from nowhere",
    [
      ...without("service"),
      resource(sound.service.type, setting(sound.service, ["metadata", "namespace"], UNKNOWN).props, "web"),
    ],
    "unverified",
  ),
  one("wrong type", "a Service's selector", changed("service", ["spec", "selector"], "app"), "violated"),
  one("secret", "a Service's selector", changed("service", ["spec", "selector"], new Secret(LABELS))),
  says(
    one("absent", "S1-58: pods without labels", noLabels(undefined), ...Array<"violated">(6).fill("violated")),
    "selects no pod",
  ),
];
