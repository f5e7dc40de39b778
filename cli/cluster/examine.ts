import { helmCommand, OPERATORS } from "../../components/operators/charts";
import { NAMESPACE } from "../../settings";
import { isRecord } from "../../settings/record";
import type { Finding } from "../finding";
import type { Answer, ClusterReader } from "./kubectl";
import { type ClusterNeeds, DEFAULT_CLASS, type NeededOperator } from "./needs";

/** The oldest minor version of Kubernetes 1: sidecars that start before and stop after the main container work from it on. */
const OLDEST_MINOR = 29;

const CLUSTER = "Kubernetes cluster";

/** What a stack's cluster has, and what it lacks. Asks only; nothing is changed. */
export async function examineCluster(needs: ClusterNeeds, reader: ClusterReader): Promise<Finding[]> {
  const context = await reader.context();
  const [version, groups] = await Promise.all([reader.get("/version"), reader.get("/apis")]);
  const unreachable = [version, groups].find((answer) => answer.kind !== "ok");
  if (unreachable !== undefined) return [notReached(context, unreachable)];
  return [
    { part: CLUSTER, verdict: "ok", detail: context === undefined ? "reached" : `reached, context ${context}` },
    versionFinding(version),
    ...(await Promise.all(needs.operators.map((operator) => examineOperator(operator, reader)))),
    ...(needs.storageClass === undefined ? [] : [await examineStorage(needs.storageClass, reader)]),
    ...(needs.scales ? [await examineMetrics(reader)] : []),
  ];
}

function notReached(context: string | undefined, answer: Answer): Finding {
  const reason = answer.kind === "failed" ? answer.reason : "what answers is no Kubernetes API";
  const where =
    context === undefined
      ? "no context of a kubeconfig is chosen"
      : `context ${context} of the kubeconfig does not answer`;
  return {
    part: CLUSTER,
    verdict: "missing",
    detail: `${where}: ${reason.replace(/[.?]$/, "")}. Try kubectl version; choose another with kubectl config use-context <name> or ${NAMESPACE}:cluster.context`,
  };
}

function versionFinding(answer: Answer): Finding {
  const part = "Kubernetes version";
  const body = answer.kind === "ok" && isRecord(answer.body) ? answer.body : {};
  const [major, minor] = [body.major, body.minor].map((number) => Number.parseInt(String(number), 10));
  if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor))
    return { part, verdict: "missing", detail: `the cluster does not tell it; 1.${OLDEST_MINOR} or newer is needed` };
  const found = `${major}.${minor}`;
  return major > 1 || minor >= OLDEST_MINOR
    ? { part, verdict: "ok", detail: found }
    : { part, verdict: "missing", detail: `${found} is too old; raise the cluster to 1.${OLDEST_MINOR} or newer` };
}

async function examineOperator({ name, mode, setting }: NeededOperator, reader: ClusterReader): Promise<Finding> {
  const { title: part, chart, version, api } = OPERATORS[name];
  const answer = await reader.get(`/apis/${api.groupVersion}`);
  const absent = { part, verdict: "missing" } as const;
  if (answer.kind === "failed") return unseen(part, answer.reason);
  if (answer.kind === "absent")
    return mode === "install"
      ? {
          part,
          verdict: "ok",
          detail: `not there yet; \`up\` installs the chart ${chart} ${version} (${NAMESPACE}:${setting})`,
        }
      : {
          ...absent,
          detail: `the cluster does not serve ${api.groupVersion}. Set ${NAMESPACE}:${setting} to install, or run: ${helmCommand(name)}`,
        };
  const served = new Set(listOf(answer.body, "resources").map(({ kind }) => kind));
  const lacking = api.kinds.filter((kind) => !served.has(kind));
  return lacking.length === 0
    ? { part, verdict: "ok", detail: `${api.groupVersion} is served` }
    : {
        ...absent,
        detail: `${api.groupVersion} is served without ${lacking.join(", ")}: it is too old. Raise it: ${helmCommand(name)}`,
      };
}

/** What a cluster that does not exist yet will have: only what the stack itself brings. */
export function examineFuture({ operators }: ClusterNeeds): Finding[] {
  return [
    { part: CLUSTER, verdict: "ok", detail: "made by the stack (EKS)" },
    ...operators.map(({ name, mode, setting }): Finding => {
      const { title: part, chart, version } = OPERATORS[name];
      return mode === "install"
        ? { part, verdict: "ok", detail: `\`up\` installs the chart ${chart} ${version}` }
        : {
            part,
            verdict: "missing",
            detail: `it cannot be in a cluster that the same run makes. Set ${NAMESPACE}:${setting} to install`,
          };
    }),
  ];
}

const DEFAULT_MARKS = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

async function examineStorage(wanted: string, reader: ClusterReader): Promise<Finding> {
  const part = "StorageClass";
  const answer = await reader.get("/apis/storage.k8s.io/v1/storageclasses");
  if (answer.kind === "failed") return unseen(part, answer.reason);
  const classes = answer.kind === "ok" ? listOf(answer.body, "items").map(classOf) : [];
  const found = classes.find(({ name, isDefault }) => (wanted === DEFAULT_CLASS ? isDefault : name === wanted));
  if (found !== undefined)
    return { part, verdict: "ok", detail: `${found.name}${found.grows ? "" : " (its volumes cannot grow)"}` };
  const names = classes.map(({ name }) => name).join(", ") || "none";
  return {
    part,
    verdict: "missing",
    detail:
      wanted === DEFAULT_CLASS
        ? `none is the cluster's default (there are: ${names}). Name one in ${NAMESPACE}:cluster.storageClass, or mark it: kubectl annotate storageclass <name> ${DEFAULT_MARKS[0]}=true`
        : `${wanted} is not there (there are: ${names}). Name another in ${NAMESPACE}:cluster.storageClass`,
  };
}

interface StorageClass {
  readonly name: string;
  readonly isDefault: boolean;
  readonly grows: boolean;
}

function classOf(item: Readonly<Record<string, unknown>>): StorageClass {
  const metadata = isRecord(item.metadata) ? item.metadata : {};
  const marks = isRecord(metadata.annotations) ? metadata.annotations : {};
  const isDefault = DEFAULT_MARKS.some((mark) => marks[mark] === "true");
  return { name: String(metadata.name), isDefault, grows: item.allowVolumeExpansion === true };
}

/** Nothing breaks without it: the number of pods then stays as it is. */
async function examineMetrics(reader: ClusterReader): Promise<Finding> {
  const part = "metrics-server";
  const answer = await reader.get("/apis/metrics.k8s.io/v1beta1");
  if (answer.kind === "ok") return { part, verdict: "ok", detail: "metrics.k8s.io/v1beta1 is served" };
  if (answer.kind === "failed") return unseen(part, answer.reason);
  return { part, verdict: "optional", detail: "not here: the number of pods does not follow their load without it" };
}

const unseen = (part: string, reason: string): Finding => ({
  part,
  verdict: "optional",
  detail: `this user may not look: ${reason}`,
});

function listOf(body: unknown, name: string): Readonly<Record<string, unknown>>[] {
  const list = isRecord(body) ? body[name] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
