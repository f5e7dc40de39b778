import type { StackResource } from "../../../../policy/reading/stackView";
import { UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, type Cases, resource } from "../cases";
import { all, changed, complete, elsewhere, SELECTOR, says, sound, without } from "./completeWorkload";
import { NETWORK } from "./networkCases";
import { OPERATED } from "./operatedCases";
import { EXPRESSIONS, SERVICES } from "./selectorCases";
import { one, setting } from "./workloads";

/** A Deployment that has no autoscaler. */
const plain = (
  replicas: Value | undefined,
  parts: readonly StackResource[] = without("scaler", "budget", "workload"),
) => [setting(sound.workload, ["spec", "replicas"], replicas), ...parts];
const withBudget = without("scaler", "workload");

const BUDGETS: readonly Case[] = [
  one("pass", "one replica without a budget", plain(1)),
  one("absent", "no number is one replica", plain(undefined)),
  says(one("fail", "two replicas without a budget", plain(2), "violated"), "PodDisruptionBudget"),
  one("pass", "two replicas with a budget", plain(2, withBudget)),
  one("wrong type", "replicas as a text", plain("3", withBudget), "violated"),
  says(one("unknown", "replicas, without a budget", plain(UNKNOWN), "unverified"), "replicas"),
  one("unknown", "replicas, with a budget", plain(UNKNOWN, withBudget)),
  one("fail", "an autoscaler that keeps two, and no budget", without("budget"), "violated"),
  one("pass", "an autoscaler that keeps one", [
    ...without("budget", "scaler"),
    setting(sound.scaler, ["spec", "minReplicas"], 1),
  ]),
  one("absent", "an autoscaler keeps one when not told", [
    ...without("budget", "scaler"),
    setting(sound.scaler, ["spec", "minReplicas"], undefined),
  ]),
  one(
    "fail",
    "a budget for others",
    changed("budget", ["spec", "selector"], { matchLabels: { app: "other" } }),
    "violated",
    "violated",
  ),
  one(
    "fail",
    "a budget without a selector",
    changed("budget", ["spec", "selector"], undefined),
    "violated",
    "violated",
  ),
  one(
    "fail",
    "a budget in another namespace",
    [elsewhere, ...changed("budget", ["metadata", "namespace"], "other")],
    "violated",
    "violated",
  ),
  one("unknown", "the budget's selector", changed("budget", ["spec", "selector"], UNKNOWN), "unverified", "unverified"),
  one(
    "unknown",
    "the budget's labels",
    changed("budget", ["spec", "selector", "matchLabels"], UNKNOWN),
    "unverified",
    "unverified",
  ),
  one(
    "unknown",
    "one label of the budget",
    changed("budget", ["spec", "selector", "matchLabels", "app"], UNKNOWN),
    "unverified",
    "unverified",
  ),
  one(
    "wrong type",
    "the budget's labels",
    changed("budget", ["spec", "selector", "matchLabels"], 7),
    "violated",
    "violated",
  ),
  one(
    "wrong type",
    "one label of the budget",
    changed("budget", ["spec", "selector", "matchLabels", "app"], 7),
    "violated",
    "violated",
  ),
  one("pass", "a budget for all pods of the namespace", changed("budget", ["spec", "selector"], {})),
  ...[0, "0%"].map((most) =>
    says(
      one("fail", `maxUnavailable ${most}`, changed("budget", ["spec", "maxUnavailable"], most), "violated"),
      "never",
    ),
  ),
  ...([["100%", "violated"], [3, "violated"], [2], ["50%"]] as const).map(([least, ...verdicts]) =>
    one(
      verdicts.length > 0 ? "fail" : "pass",
      `minAvailable ${least} of 3`,
      changed("budget", ["spec"], { minAvailable: least, selector: SELECTOR }),
      ...verdicts,
    ),
  ),
  one("unknown", "maxUnavailable", changed("budget", ["spec", "maxUnavailable"], UNKNOWN), "unverified"),
];

const target = (key: string, value: Value | undefined) => changed("scaler", ["spec", "scaleTargetRef", key], value);
const owned = (ignoreChanges: readonly string[], replicas: Value = 3) =>
  all({
    workload: {
      ...setting(sound.workload, ["spec", "replicas"], replicas),
      options: { ...sound.workload.options, ignoreChanges },
    },
  });

const AUTOSCALERS: readonly Case[] = [
  says(one("fail", "an autoscaler of something else", target("name", "other"), "violated"), "scales nothing"),
  one("fail", "an autoscaler of another kind", target("kind", "StatefulSet"), "violated"),
  one("absent", "no kind", target("kind", undefined), "violated"),
  one("wrong type", "a number as name", target("name", 7), "violated"),
  one(
    "fail",
    "an autoscaler in another namespace",
    [elsewhere, ...changed("scaler", ["metadata", "namespace"], "other")],
    "violated",
  ),
  one("pass", "an autoscaler of a kind of another maker", target("kind", "Rollout")),
  ...[
    [1, 2, "violated"] as const,
    [2, 1, "violated"] as const,
    [1, 1] as const,
    [1, UNKNOWN, "unverified"] as const,
    [UNKNOWN, 1, "unverified"] as const,
    [UNKNOWN, "2", "violated"] as const,
    ["2", UNKNOWN, "violated"] as const,
  ].map(([first, second, ...verdicts]) =>
    one(
      verdicts.length > 0 ? "fail" : "pass",
      `two autoscalers, and no budget: ${JSON.stringify([first, second])}`,
      [
        ...without("scaler", "budget"),
        ...[first, second].map((least) => setting(sound.scaler, ["spec", "minReplicas"], least)),
      ],
      ...verdicts,
    ),
  ),
  one("unknown", "the kind of what is scaled", target("kind", UNKNOWN), "unverified"),
  says(one("fail", "a number that each `up` sets back", owned([]), "violated"), "spec.replicas"),
  one("fail", "other changes are ignored", owned(["spec.template"]), "violated"),
  one("pass", "all changes are ignored", owned(["spec"])),
  one("pass", "no number", owned([], null)),
  one(
    "unknown",
    "the name, from another Deployment",
    [
      ...without("scaler"),
      resource(sound.scaler.type, setting(sound.scaler, ["spec", "scaleTargetRef", "name"], UNKNOWN).props, "scaler", {
        refers: { spec: resource("kubernetes:apps/v1:Deployment", {}, "second") },
      }),
    ],
    "unverified",
  ),
  one(
    "unknown",
    "the name, from nowhere",
    [
      ...without("scaler"),
      resource(sound.scaler.type, setting(sound.scaler, ["spec", "scaleTargetRef", "name"], UNKNOWN).props, "scaler"),
    ],
    "unverified",
  ),
  one("unknown", "the workload's name", changed("workload", ["metadata", "name"], UNKNOWN), "unverified"),
];

export const CASES: Cases = {
  "workload-complete": [
    one("pass", "all that belongs to a workload", all()),
    one("unknown", "all names, before `up`", Object.values(complete(true))),
    one("pass", "nothing at all", []),
    ...BUDGETS,
    ...EXPRESSIONS,
    ...AUTOSCALERS,
    ...SERVICES,
    ...NETWORK,
    ...OPERATED,
  ],
};
