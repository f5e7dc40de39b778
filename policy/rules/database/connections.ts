import { judged } from "../../checks/answer";
import { readCount, readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import type { Value } from "../../reading/value";
import { ALWAYS, type Judgement, type StackRule } from "../../rule";
import { podSpecPath } from "../kubernetes/pods";
import { environmentOf } from "../stack/environment";
import { pointingTo } from "../stack/targets";

/** Kinds of Kubernetes that run as many pods of the application as they are told. */
const WORKLOADS = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const PROXY = "aws:rds/proxy:Proxy";
const PROXY_TARGET = "aws:rds/proxyTarget:ProxyTarget";

/** Connections that a process opens at most when the contract does not say (C-11). */
const DEFAULT_POOL = 20;

/** A sum of which some terms may not be known yet. */
interface Sum {
  readonly known: number;
  readonly open: boolean;
}

const sum = (terms: readonly Sum[]): Sum => ({
  known: terms.reduce((total, { known }) => total + known, 0),
  open: terms.some(({ open }) => open),
});

const NOTHING: Sum = { known: 0, open: false };

/** All pods together may not open more connections than the server has room for. */
export const poolFitsConnections: StackRule = {
  scope: "stack",
  name: "pool-fits-connections",
  description:
    "The pools of all replicas of the application fit into the connections of the database, or a pooler stands between.",
  why: "The server takes 200 connections. The replica too many gets none, and with it neither do migrations nor people.",
  remedy: "Turn the pooler on (`database.pooler: true`), or lower `database.poolMax` or `app.maxReplicas`.",
  ids: ["S1-72", "S3-06", "S4-27", "C-32"],
  levels: ALWAYS,
  limits: ["connectionsWithoutPooler"],
  check: (stack, { connectionsWithoutPooler: most }) => {
    if (hasPooler(stack)) return [];
    const terms = stack
      .ofType(...WORKLOADS)
      .map((workload) => ({ workload, connections: ofWorkload(stack, workload) }));
    const total = sum(terms.map(({ connections }) => connections));
    const fits = total.known > most ? "no" : total.open ? "unknown" : "yes";
    return terms
      .filter(({ connections }) => (fits === "no" ? connections.known > 0 : connections.open))
      .flatMap(({ workload: { urn, name } }): readonly Judgement[] =>
        judged(
          fits,
          urn,
          `With ${name}, the application may open ${total.known} connections; without a pooler it must be ${most} or fewer.`,
          `How many connections ${name} may open is`,
        ),
      );
  },
};

/** A proxy with a database behind it. */
const hasPooler = (stack: StackView): boolean =>
  stack.ofType(PROXY).some((proxy) => {
    const { found, perhaps } = pointingTo(stack, proxy, PROXY_TARGET, "dbProxyName");
    return perhaps || found.length > 0;
  });

function ofWorkload(stack: StackView, workload: StackResource): Sum {
  const pod = ofPod(workload);
  if (pod.known === 0) return pod;
  const pods = mostPods(stack, workload);
  return pods === undefined ? { known: 0, open: true } : { known: pods * pod.known, open: pod.open };
}

/** As many pods as autoscaling may reach; without it, those asked for, or the one that Kubernetes runs by itself. */
function mostPods(stack: StackView, workload: StackResource): number | undefined {
  const scalers = stack.ofType(AUTOSCALER).filter((scaler) => scales(stack, scaler, workload));
  const counts = [
    readCount(workload.props, "spec", "replicas"),
    ...scalers.map(({ props }) => readCount(props, "spec", "maxReplicas")),
  ];
  if (counts.some(({ state }) => state === "unknown")) return undefined;
  const known = counts.flatMap((count) => (count.state === "known" ? [count.value] : []));
  return known.length === 0 ? 1 : Math.max(...known);
}

function scales(stack: StackView, scaler: StackResource, workload: StackResource): boolean {
  if (stack.referredBy(scaler, workload.type, "spec").includes(workload)) return true;
  const target = readText(scaler.props, "spec", "scaleTargetRef", "name");
  const name = readText(workload.props, "metadata", "name");
  return target.state === "known" && name.state === "known" && target.value === name.value;
}

function ofPod(workload: StackResource): Sum {
  const containers = readList(workload.props, ...podSpecPath(workload.type), "containers");
  if (containers.state === "unknown") return { known: 0, open: true };
  return sum(containers.state === "known" ? containers.value.map(ofContainer) : []);
}

/** The pool of a container that uses PostgreSQL, as its part of the contract says (C-11). */
function ofContainer(container: Value): Sum {
  const type = environmentOf(container, "DB_TYPE");
  if (type.state === "unknown") return { known: 0, open: true };
  if (type.state !== "known" || type.value !== "postgresql") return NOTHING;
  const pool = environmentOf(container, "DB_PG_POOL_MAX");
  if (pool.state === "unknown") return { known: 0, open: true };
  const size = pool.state === "known" ? Number(pool.value) : DEFAULT_POOL;
  return { known: Number.isSafeInteger(size) && size > 0 ? size : DEFAULT_POOL, open: false };
}
