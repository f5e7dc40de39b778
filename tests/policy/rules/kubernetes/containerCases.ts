import { Secret, UNKNOWN, type Value } from "../../../../policy/reading/value";
import type { Case, Cases } from "../cases";
import {
  ALL_KINDS,
  ALL_LISTS,
  CONTAINER,
  container,
  deployment,
  one,
  placeCases,
  SPEC,
  setting,
  settingCases,
} from "./workloads";

const sound = deployment();
const without = (key: string): Value => ({ ...container, [key]: null });
const inContainer = (...path: readonly (string | number)[]) => [...CONTAINER, ...path];

const READONLY_ROOT: readonly Case[] = [
  ...placeCases(without("securityContext"), ALL_KINDS, ALL_LISTS),
  ...settingCases(sound, inContainer("securityContext", "readOnlyRootFilesystem"), {
    good: [true],
    bad: [false, "true"],
    absent: "violated",
  }),
];

const AMOUNTS = {
  good: ["500m", "1Gi", "0.5", "2", 2, 0.1, "1e3", "10M", "100u", "1k"],
  bad: ["0", 0, -1, "", "much", "1 Gi", "x1", "0m"],
  absent: "violated",
  unknown: "passes",
} as const;

const RESOURCES: readonly Case[] = [
  ...placeCases({ ...container, resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } } }, ALL_KINDS, [
    "initContainers",
  ]),
  ...settingCases(sound, inContainer("resources", "requests", "cpu"), AMOUNTS),
  ...settingCases(sound, inContainer("resources", "requests", "memory"), AMOUNTS),
  ...settingCases(sound, inContainer("resources", "limits", "memory"), AMOUNTS),
  one(
    "absent",
    "no resources",
    setting(sound, inContainer("resources"), undefined),
    "violated",
    "violated",
    "violated",
  ),
  one("unknown", "all resources", setting(sound, inContainer("resources"), UNKNOWN), "unverified"),
  one("wrong type", "resources that are none", setting(sound, inContainer("resources"), "much"), "violated"),
];

const SERVING = ["ReplicationController", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
const probes = (readiness: Value, liveness: Value) =>
  setting(setting(sound, inContainer("readinessProbe"), readiness), inContainer("livenessProbe"), liveness);
const http = (path: Value, more: Readonly<Record<string, Value>> = {}): Value => ({
  httpGet: { path, port: 80 },
  ...more,
});
const exec = (...command: readonly Value[]): Value => ({ exec: { command } });

const PROBES: readonly Case[] = [
  ...placeCases(without("readinessProbe"), SERVING),
  ...["readinessProbe", "livenessProbe"]
    .flatMap((probe) =>
      settingCases(sound, inContainer(probe), {
        good: [http("/"), { tcpSocket: { port: 1 } }, exec("true"), { grpc: { port: 1 } }, { exec: UNKNOWN }],
        bad: [{}, { periodSeconds: 3 }, "/health"],
        absent: "violated",
      }),
    )
    .filter(({ kind }) => kind !== "secret"),
  one("pass", "of different paths", probes(http("/ready"), http("/live"))),
  one("pass", "of different patience", probes(http("/"), http("/", { failureThreshold: 9 }))),
  one(
    "pass",
    "one with more patience than the other, which says none",
    probes(http("/", { failureThreshold: 9 }), http("/")),
  ),
  one("pass", "commands of different length", probes(exec("a"), exec("a", "b"))),
  { ...one("fail", "the same twice", probes(http("/"), http("/")), "violated"), says: ["same", "containers[0]"] },
  one(
    "fail",
    "the same, in another order",
    probes({ periodSeconds: 5, grpc: { port: 1 } }, { grpc: { port: 1 }, periodSeconds: 5 }),
    "violated",
  ),
  one("fail", "the same, once with a null", probes(http("/"), http("/", { periodSeconds: null })), "violated"),
  one("unknown", "a path that may be the same", probes(http(UNKNOWN), http("/")), "unverified"),
  one("unknown", "a path, and what differs anyway", probes(http(UNKNOWN), http("/", { periodSeconds: 3 }))),
  one("secret", "the same, one marked secret", probes(new Secret(http("/")), http(new Secret("/"))), "violated"),
  one("secret", "different ones, one marked secret", probes(http("/a"), http(new Secret("/")))),
  one("secret", "the same, the other marked secret", probes(http("/"), http(new Secret("/"))), "violated"),
];

const DIGEST = `@sha256:${"ab".repeat(32)}`;
const IMAGE = inContainer("image");
const volume = (reference: Value) => setting(sound, [...SPEC, "volumes"], [{ name: "a", image: { reference } }]);

const imageCases = (bad: string, good: readonly string[], others: readonly string[]): readonly Case[] => [
  ...placeCases({ ...container, image: bad }, ALL_KINDS, ALL_LISTS),
  ...settingCases(sound, IMAGE, { good, bad: [bad, ...others, 7, ""], absent: "violated" }),
  one("pass", "an image as a volume", volume(`data${DIGEST}`)),
  one("pass", "another volume", setting(sound, [...SPEC, "volumes"], [{ name: "a", emptyDir: {} }])),
  { ...one("fail", "an image as a volume", volume(bad), "violated"), says: ["volumes[0].image.reference"] },
  one("unknown", "an image as a volume", volume(UNKNOWN), "unverified"),
];

export const CASES: Cases = {
  "k8s-readonly-root": READONLY_ROOT,
  "k8s-resources": RESOURCES,
  "k8s-probes": PROBES,
  "k8s-image-pinned": imageCases(
    "aibase:latest",
    [`app${DIGEST}`, `app:latest${DIGEST}`, "app:1.2.3", "registry.example:5000/team/app:v1", "postgres:16-alpine"],
    ["aibase", "registry.example:5000/app", "registry.example:5000/app:latest", "app:", "app@sha256:ab"],
  ),
  "k8s-image-digest": imageCases(
    "aibase:1.2.3",
    [`app${DIGEST}`, `registry.example:5000/app:1.2.3${DIGEST}`],
    ["aibase:latest", `app${DIGEST}0`, `app${DIGEST.slice(0, -1)}`, `${DIGEST} `, `app${DIGEST.toUpperCase()}`],
  ),
};
