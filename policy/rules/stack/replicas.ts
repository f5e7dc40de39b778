import { type Reading, readCount, readList, readText } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import { ALWAYS, type Judgement, type StackRule } from "../../rule";
import { podSpecPath } from "../kubernetes/pods";
import { environmentOf } from "./environment";

/** Storage that one machine has to itself, by the value that names it in the contract of the application. */
const SINGLE_NODE = { sqlite: "SQLite", local: "local files", memory: "a memory cache" } as const;

/** The contract's variables that choose the storage, with the one value of each that serves a single node only. */
const CONTRACT: readonly (readonly [variable: string, kind: keyof typeof SINGLE_NODE])[] = [
  ["DB_TYPE", "sqlite"],
  ["FILE_STORAGE_TYPE", "local"],
  ["CACHE_TYPE", "memory"],
];

/** Components whose very type says that they serve one node, in case they register no `kind`. */
const SINGLE_NODE_TYPES: Readonly<Record<string, keyof typeof SINGLE_NODE>> = {
  "scaling-ladder:database:SqliteDatabase": "sqlite",
  "scaling-ladder:files:LocalFiles": "local",
  "scaling-ladder:cache:MemoryCache": "memory",
};

const STORAGE_TYPE = /^scaling-ladder:(database|files|cache):/;
const APP_TYPE = /^scaling-ladder:app:/;
const WORKLOAD_TYPE = /^kubernetes:apps\/v1:(Deployment|StatefulSet)$/;

/** Names of what holds the replicas to one; `unknown` when a value that decides is not known yet. */
interface Ties {
  readonly names: readonly string[];
  readonly unknown: readonly string[];
}

/** The single-node storage among the components of a stack. */
function tiesOfStack(resources: readonly ResourceView[]): Ties {
  const names: string[] = [];
  const unknown: string[] = [];
  for (const resource of resources) {
    if (!STORAGE_TYPE.test(resource.type)) continue;
    const kind = readText(resource.props, "kind");
    const byType = SINGLE_NODE_TYPES[resource.type];
    const known = kind.state === "known" && Object.hasOwn(SINGLE_NODE, kind.value) ? kind.value : byType;
    if (known !== undefined) names.push(SINGLE_NODE[known as keyof typeof SINGLE_NODE]);
    else if (kind.state === "unknown") unknown.push(`the kind of ${resource.name}`);
  }
  return { names, unknown };
}

/** The single-node storage that the contract in the containers of a Kubernetes workload names. */
function tiesOfWorkload(workload: ResourceView): Ties {
  const containers = readList(workload.props, ...podSpecPath(workload.type), "containers");
  if (containers.state === "unknown") return { names: [], unknown: ["its containers"] };
  const names: string[] = [];
  const unknown: string[] = [];
  for (const container of containers.state === "known" ? containers.value : []) {
    for (const [variable, kind] of CONTRACT) {
      const value = environmentOf(container, variable);
      if (value.state === "unknown") unknown.push(`\`${variable}\``);
      else if (value.state === "known" && value.value === kind) names.push(SINGLE_NODE[kind]);
    }
  }
  return { names, unknown };
}

const list = (names: readonly string[]): string => [...new Set(names)].sort().join(", ");

function judge(resource: ResourceView, replicas: Reading<number>, ties: Ties): readonly Judgement[] {
  const { urn, name } = resource;
  const unverified = (what: readonly string[]): readonly Judgement[] => [
    { verdict: "unverified", urn, message: `${name}: ${list(what)} not known before \`pulumi up\`.` },
  ];
  if (replicas.state === "known" && replicas.value <= 1) return [];
  if (ties.names.length === 0) return ties.unknown.length === 0 ? [] : unverified(ties.unknown);
  if (replicas.state === "unknown") return unverified(["its number of replicas"]);
  const storage = list(ties.names);
  if (replicas.state !== "known") {
    const message = `${name} must say its replicas as a whole number, because it uses ${storage}.`;
    return [{ verdict: "violated", urn, message }];
  }
  const count = replicas.secret ? "several" : replicas.value;
  return [
    { verdict: "violated", urn, message: `${name} has ${count} replicas and uses ${storage}, which serves one only.` },
  ];
}

/** Kubernetes runs one replica when none is asked for. */
function workloadReplicas(workload: ResourceView): Reading<number> {
  const replicas = readCount(workload.props, "spec", "replicas");
  return replicas.state === "absent" ? { state: "known", value: 1, secret: false } : replicas;
}

/** SQLite, local files or a memory cache allow one replica of the application. */
export const singleNodeStorageSingleReplica: StackRule = {
  scope: "stack",
  name: "single-node-storage-single-replica",
  description: "An application on SQLite, local files or a memory cache runs as one replica.",
  why: "Such storage belongs to one process: a second replica has its own database, files and sessions, or corrupts those of the first.",
  remedy:
    "Set `scaling-ladder:app.replicas` to 1, or promote the stack to tier `smb`, which has PostgreSQL, S3 and Redis.",
  ids: ["S1-60", "S1-74", "S1-76", "C-12"],
  levels: ALWAYS,
  check: ({ resources }) => {
    const ofStack = tiesOfStack(resources);
    return resources.flatMap((resource) => {
      if (APP_TYPE.test(resource.type)) return judge(resource, readCount(resource.props, "replicas"), ofStack);
      if (!WORKLOAD_TYPE.test(resource.type)) return [];
      return judge(resource, workloadReplicas(resource), tiesOfWorkload(resource));
    });
  },
};
