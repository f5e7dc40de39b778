import type { Path } from "../../../../policy/reading/reader";
import type { StackResource } from "../../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, resource } from "../cases";

type Structure = { readonly [key: string]: Value };

/** Where the first container of a Deployment stands. */
export const SPEC: Path = ["spec", "template", "spec"];
export const CONTAINER: Path = [...SPEC, "containers", 0];

const handler = { tcpSocket: { port: "http" } };

/** A container that keeps every rule. */
export const container: Structure = {
  name: "app",
  image: `registry.example:5000/app@sha256:${"0a".repeat(32)}`,
  env: [
    { name: "DB_TYPE", value: "postgresql" },
    { name: "DB_PG_PASSWORD", valueFrom: { secretKeyRef: { name: "db-credentials", key: "password" } } },
  ],
  resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
  readinessProbe: { ...handler, periodSeconds: 5 },
  livenessProbe: { ...handler, periodSeconds: 10 },
};

/** The specification of a pod that keeps every rule. */
export const podSpec = (containers: Value = [container]): Structure => ({
  automountServiceAccountToken: false,
  serviceAccountName: "app",
  securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
  containers,
});

export const LABELS: Structure = { app: "app" };

/** A pod, or a template of pods, that keeps every rule. */
export const template = (spec: Value = podSpec()): Structure => ({ metadata: { labels: LABELS }, spec });

export const deployment = (spec?: Value): StackResource =>
  resource(
    "kubernetes:apps/v1:Deployment",
    {
      metadata: { name: "app", namespace: "shop" },
      spec: { selector: { matchLabels: LABELS }, template: template(spec) },
    },
    "app",
  );

/** One resource of each kind that runs pods, around the same specification. */
export const runners = (spec: Value): readonly StackResource[] => [
  resource("kubernetes:core/v1:Pod", template(spec)),
  ...[
    "core/v1:ReplicationController",
    "apps/v1:StatefulSet",
    "apps/v1:DaemonSet",
    "apps/v1:ReplicaSet",
    "batch/v1:Job",
  ].map((kind) => resource(`kubernetes:${kind}`, { spec: { template: template(spec) } })),
  resource("kubernetes:batch/v1:CronJob", { spec: { jobTemplate: { spec: { template: template(spec) } } } }),
  deployment(spec),
];

/** The same resource with the value at a path set, and all that is missing on the way; without it when `undefined`. */
export const setting = (original: StackResource, path: Path, value: Value | undefined): StackResource => ({
  ...original,
  props: grown(original.props, path, value),
});

function grown(from: Value | undefined, [key, ...rest]: Path, value: Value | undefined): Value {
  if (key === undefined) return value ?? null;
  if (typeof key === "number") {
    const list: readonly Value[] = Array.isArray(from) ? from : [];
    return [...list.slice(0, key), grown(list[key], rest, value), ...list.slice(key + 1)];
  }
  const { [key]: old, ...others } = typeof from === "object" && from !== null ? (from as Structure) : {};
  return rest.length === 0 && value === undefined ? others : { ...others, [key]: grown(old, rest, value) };
}

export type Verdict = Case["verdicts"][number];

/** One case of resources. */
export const one = (
  kind: Case["kind"],
  title: string,
  resources: StackResource | readonly StackResource[],
  ...verdicts: readonly Verdict[]
): Case => ({ kind, title, resources: [resources].flat(), verdicts });

interface Answers {
  /** Values that keep the rule. */
  readonly good?: readonly Value[];
  /** Values that break it, once each. */
  readonly bad?: readonly Value[];
  /** What the rule says of nothing; by default, nothing. */
  readonly absent?: "passes" | Verdict;
  /** What it says of a value that is not known. */
  readonly unknown?: "passes" | Verdict;
}

/** The cases of one setting of a resource that keeps the rule. Messages name the setting, and never repeat a text. */
export function settingCases(sound: StackResource, path: Path, answers: Answers): readonly Case[] {
  const { good = [], bad = [], absent = "passes", unknown = "unverified" } = answers;
  const name = path.join(".");
  const judged = (kind: Case["kind"], title: string, value: Value | undefined, answer: "passes" | Verdict): Case => ({
    ...one(kind, `${name}: ${title}`, setting(sound, path, value), ...(answer === "passes" ? [] : [answer])),
    ...(answer === "passes" ? {} : { says: [String(path.at(-1))] }),
  });
  return [
    ...good.map((value) => judged("pass", JSON.stringify(value), value, "passes")),
    ...bad.map((value) => ({
      ...judged("fail", JSON.stringify(value), value, "violated"),
      ...(typeof value === "string" && value.length > 6 ? { hides: [value] } : {}),
    })),
    judged("absent", "left out", undefined, absent),
    judged("absent", "null", null, absent),
    judged("wrong type", "a structure of another kind", { other: ["kind"] }, "violated"),
    judged("unknown", "not known yet", UNKNOWN, unknown),
    ...good.slice(0, 1).map((value) => judged("secret", "good, marked secret", new Secret(value), "passes")),
    ...bad.slice(0, 1).map((value) => judged("secret", "bad, marked secret", new Secret(value), "violated")),
  ];
}

const broken = (part: Value): readonly Value[] => [podSpec([part]), podSpec([container, part])];

/** The cases of every rule about containers: wherever a bad one stands, in whatever kind of resource it is found. */
export const placeCases = (bad: Value, kinds: readonly string[], others: readonly string[] = []): readonly Case[] => [
  one("pass", "all kinds that run pods", runners(podSpec())),
  ...runners(podSpec([container, bad])).flatMap((runner) =>
    kinds.some((kind) => runner.type.endsWith(`:${kind}`))
      ? [
          {
            ...one("fail", `the second container of ${runner.type}`, runner, "violated" as const),
            says: ["containers[1]"],
          },
        ]
      : [one("pass", `nothing is asked of ${runner.type}`, runner)],
  ),
  ...["initContainers", "ephemeralContainers"].map((list) =>
    others.includes(list)
      ? {
          ...one("fail", `one of ${list}`, deployment({ ...podSpec(), [list]: [bad] }), "violated" as const),
          says: [`${list}[0]`],
        }
      : one("pass", `nothing is asked of ${list}`, deployment({ ...podSpec(), [list]: [bad] })),
  ),
  ...broken(UNKNOWN).map((spec, index) => one("unknown", `container ${index + 1}`, deployment(spec), "unverified")),
  one("unknown", "all containers", deployment(podSpec(UNKNOWN)), "unverified"),
  one("unknown", "the whole pod", deployment(UNKNOWN), "unverified"),
  one("wrong type", "a container that is none", deployment(podSpec([7])), "violated"),
  one("wrong type", "containers that are no list", deployment(podSpec("app")), "violated"),
  one("wrong type", "a pod that is none", deployment("app"), "violated"),
  one("absent", "no containers", deployment(podSpec(null))),
  one("secret", "containers, marked secret", deployment(podSpec(new Secret([bad]))), "violated"),
];

/** Kinds that run pods, as `placeCases` names them. */
export const ALL_KINDS = [
  "Pod",
  "ReplicationController",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
] as const;
export const ALL_LISTS = ["initContainers", "ephemeralContainers"] as const;
