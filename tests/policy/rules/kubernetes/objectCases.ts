import { Secret, UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, type Cases, resource } from "../cases";
import { ALL_KINDS, deployment, one, podSpec, runners, SPEC, settingCases, template } from "./workloads";

const sound = deployment();

const account = resource("kubernetes:core/v1:ServiceAccount", {
  metadata: { name: "app", namespace: "shop" },
  automountServiceAccountToken: false,
});
const TOKEN = { good: [false], bad: [true, "false"], absent: "violated" } as const;

const SERVICE_ACCOUNT: readonly Case[] = [
  one("pass", "all kinds that run pods", runners(podSpec())),
  ...runners({ ...podSpec(), serviceAccountName: "default" }).map((runner) =>
    one("fail", `the shared account in ${runner.type}`, runner, "violated"),
  ),
  ...settingCases(sound, [...SPEC, "serviceAccountName"], {
    good: ["app"],
    bad: ["default", "", 7],
    absent: "violated",
    unknown: "passes",
  }),
  ...settingCases(sound, [...SPEC, "automountServiceAccountToken"], TOKEN),
  ...settingCases(account, ["automountServiceAccountToken"], TOKEN),
  one("unknown", "the whole pod", deployment(UNKNOWN), "unverified"),
  one("wrong type", "a pod that is none", deployment(7), "violated"),
];

const NAMESPACE = resource("kubernetes:core/v1:Namespace", { metadata: { name: "shop" } }, "shop");
const object = (namespace: Value, kind = "core/v1:Service", refers = {}, name: Value = "app") =>
  resource(`kubernetes:${kind}`, { metadata: { name, namespace } }, "app", { refers });
const CNI = "amazon-vpc-cni";

const NAMESPACES: readonly Case[] = [
  ...[
    "core/v1:Service",
    "core/v1:ServiceAccount",
    "core/v1:ConfigMap",
    "core/v1:Secret",
    "core/v1:PersistentVolumeClaim",
    "networking.k8s.io/v1:NetworkPolicy",
    "policy/v1:PodDisruptionBudget",
    "autoscaling/v2:HorizontalPodAutoscaler",
    ...ALL_KINDS.map((kind) =>
      /Job/.test(kind) ? `batch/v1:${kind}` : /^(Pod|Repl.*ler)$/.test(kind) ? `core/v1:${kind}` : `apps/v1:${kind}`,
    ),
  ].map((kind) => one("fail", `${kind} in default`, [object("shop", kind), object("default", kind)], "violated")),
  one("pass", "a namespace of its own", [NAMESPACE, object("shop")]),
  one("pass", "a namespace that only begins alike", object("defaults")),
  one("pass", "what has no namespace", resource("kubernetes:storage.k8s.io/v1:StorageClass", {})),
  one("pass", "the cluster's own settings", object("kube-system", "core/v1:ConfigMap", {}, CNI)),
  one("fail", "other settings of the cluster", object("kube-system", "core/v1:ConfigMap"), "violated"),
  one("fail", "such a name elsewhere", object("default", "core/v1:ConfigMap", {}, CNI), "violated"),
  one("fail", "kube-public", object("kube-public"), "violated"),
  one("fail", "an object without a name", object("kube-system", "core/v1:ConfigMap", {}, UNKNOWN), "violated"),
  { ...one("absent", "none", object(null), "violated"), says: ["not set", "default"] },
  one("absent", "no metadata", resource("kubernetes:core/v1:Secret", {}), "violated"),
  one("wrong type", "a number", object(7), "violated"),
  one("unknown", "from a Namespace of the stack", [NAMESPACE, object(UNKNOWN, undefined, { metadata: NAMESPACE })]),
  one("unknown", "from elsewhere", [NAMESPACE, object(UNKNOWN)], "unverified"),
  one(
    "unknown",
    "from a Namespace, by another input",
    [NAMESPACE, object(UNKNOWN, undefined, { spec: NAMESPACE })],
    "unverified",
  ),
  one("unknown", "all metadata", resource("kubernetes:core/v1:Secret", { metadata: UNKNOWN }), "unverified"),
  one("secret", "default, marked secret", object(new Secret("default")), "violated"),
];

const SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const OLD = "service.beta.kubernetes.io/aws-load-balancer-internal";
const service = (type: Value, annotations: Value = null, more: Readonly<Record<string, Value>> = {}) =>
  resource("kubernetes:core/v1:Service", { metadata: { annotations }, spec: { type, ...more } });
const balancer = service("LoadBalancer", { [SCHEME]: "internal" }, { ports: [{ port: 80 }] });

const EXPOSURE: readonly Case[] = [
  one("pass", "an internal load balancer", balancer),
  one("pass", "an internal load balancer, told in the older form", service("LoadBalancer", { [OLD]: "true" })),
  one("fail", "the older form in the newer words", service("LoadBalancer", { [OLD]: "internal" }), "violated"),
  one("fail", "a load balancer for the internet", service("LoadBalancer", { [SCHEME]: "internet-facing" }), "violated"),
  {
    ...one("absent", "a load balancer that does not say", service("LoadBalancer"), "violated"),
    says: ["not internal"],
  },
  one("unknown", "the scheme", service("LoadBalancer", { [SCHEME]: UNKNOWN }), "unverified"),
  one("unknown", "all annotations", service("LoadBalancer", UNKNOWN), "unverified"),
  one(
    "unknown",
    "one annotation, and the other says it",
    service("LoadBalancer", { [OLD]: UNKNOWN, [SCHEME]: "internal" }),
  ),
  one("secret", "the scheme", service("LoadBalancer", { [SCHEME]: new Secret("internal") })),
  one("wrong type", "the scheme", service("LoadBalancer", { [SCHEME]: true }), "violated"),
  ...settingCases(service("ClusterIP"), ["spec", "type"], { good: ["ClusterIP", "ExternalName"], bad: ["NodePort"] }),
  ...settingCases(balancer, ["spec", "externalIPs"], { good: [[]], bad: [["192.0.2.1"]] }),
  ...settingCases(balancer, ["spec", "ports", 0, "nodePort"], { good: [0], bad: [30_080] }),
];

const VALID = {
  schedule: "0 1 * * *",
  concurrencyPolicy: "Forbid",
  startingDeadlineSeconds: 600,
  jobTemplate: {
    spec: { activeDeadlineSeconds: 60, template: template({ ...podSpec(), restartPolicy: "Never" }) },
  },
};
const cronJob = resource("kubernetes:batch/v1:CronJob", { spec: VALID });
const job = resource("kubernetes:batch/v1:Job", { spec: VALID.jobTemplate.spec });
const jobCases = (sound: typeof job, ...path: readonly string[]): readonly Case[] => [
  ...settingCases(sound, [...path, "activeDeadlineSeconds"], { good: [1, 72_000], bad: [0, "60"], absent: "violated" }),
  ...settingCases(sound, [...path, "backoffLimit"], { good: [0, 6], bad: [7, "2"] }),
  ...settingCases(sound, [...path, "template", "spec", "restartPolicy"], {
    good: ["Never", "OnFailure"],
    bad: ["Always"],
    absent: "violated",
  }),
];

const BOUNDED: readonly Case[] = [
  one("pass", "both kinds", [cronJob, job]),
  one("pass", "a Deployment", deployment()),
  ...settingCases(cronJob, ["spec", "concurrencyPolicy"], {
    good: ["Forbid", "Replace"],
    bad: ["Allow"],
    absent: "violated",
  }),
  ...settingCases(cronJob, ["spec", "startingDeadlineSeconds"], { good: [10, 3600], bad: [9], absent: "violated" }),
  ...settingCases(cronJob, ["spec", "successfulJobsHistoryLimit"], { good: [0, 10], bad: [11, -1] }),
  ...settingCases(cronJob, ["spec", "failedJobsHistoryLimit"], { good: [1, 10], bad: [0, 11] }),
  ...jobCases(cronJob, "spec", "jobTemplate", "spec"),
  ...jobCases(job, "spec"),
];

export const CASES: Cases = {
  "k8s-service-account": SERVICE_ACCOUNT,
  "k8s-namespace": NAMESPACES,
  "k8s-exposure": EXPOSURE,
  "cronjob-bounded": BOUNDED,
};
