import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { app, type Case, type Cases, resource } from "./cases";

const sqlite = resource("scaling-ladder:database:SqliteDatabase", { kind: "sqlite" }, "db");
const localFiles = resource("scaling-ladder:files:LocalFiles", { kind: "local" }, "files");
const memoryCache = resource("scaling-ladder:cache:MemoryCache", { kind: "memory" }, "cache");
const postgres = resource("scaling-ladder:database:AnyDatabase", { kind: "postgresql" }, "db");

const container = (env: Value): Value => ({ name: "app", env });
const variable = (name: string, value: Value): Value => ({ name, value });
const workload = (replicas: Value, containers: Value, kind = "Deployment") =>
  resource(
    `kubernetes:apps/v1:${kind}`,
    { spec: { ...(replicas === null ? {} : { replicas }), template: { spec: { containers } } } },
    "web",
  );
const onSqlite = [container([variable("DB_TYPE", "sqlite")])];

const SINGLE_REPLICA: readonly Case[] = [
  {
    kind: "pass",
    title: "one replica on SQLite, local files and a memory cache",
    resources: [sqlite, localFiles, memoryCache, app({ replicas: 1 })],
    verdicts: [],
  },
  { kind: "pass", title: "no replica at all", resources: [sqlite, app({ replicas: 0 })], verdicts: [] },
  { kind: "pass", title: "three replicas on PostgreSQL", resources: [postgres, app({ replicas: 3 })], verdicts: [] },
  {
    kind: "pass",
    title: "a Deployment with three replicas and shared storage",
    resources: [
      workload(3, [container([variable("DB_TYPE", "postgresql"), variable("CACHE_TYPE", "redis")]), { name: "log" }]),
    ],
    verdicts: [],
  },
  {
    kind: "pass",
    title: "a Deployment with many replicas that is not the application",
    resources: [sqlite, workload(5, [container([variable("MODE", "sqlite")])]), app({ replicas: 1 })],
    verdicts: [],
  },
  {
    kind: "fail",
    title: "S1-60: two replicas on SQLite",
    resources: [app({ replicas: 2 }), sqlite],
    verdicts: ["violated"],
    says: ["2 replicas", "SQLite"],
  },
  {
    kind: "fail",
    title: "S1-60: a memory cache beside PostgreSQL",
    resources: [postgres, memoryCache, app({ replicas: 3 })],
    verdicts: ["violated"],
    says: ["memory cache"],
  },
  {
    kind: "fail",
    title: "S1-60: local files, known by the type of the component alone",
    resources: [resource("scaling-ladder:files:LocalFiles", {}), app({ replicas: 3 })],
    verdicts: ["violated"],
    says: ["local files"],
  },
  {
    kind: "fail",
    title: "a component of another type that says it is SQLite",
    resources: [resource("scaling-ladder:database:VolumeDatabase", { kind: "sqlite" }), app({ replicas: 2 })],
    verdicts: ["violated"],
  },
  {
    kind: "fail",
    title: "a Deployment with SQLite in its contract",
    resources: [workload(3, onSqlite)],
    verdicts: ["violated"],
    says: ["web has 3 replicas"],
  },
  {
    kind: "fail",
    title: "a StatefulSet with local files and a memory cache",
    resources: [
      workload(
        2,
        [container([variable("FILE_STORAGE_TYPE", "local"), variable("CACHE_TYPE", "memory")])],
        "StatefulSet",
      ),
    ],
    verdicts: ["violated"],
    says: ["a memory cache, local files"],
  },
  {
    kind: "unknown",
    title: "replicas not known yet",
    resources: [sqlite, app({ replicas: UNKNOWN })],
    verdicts: ["unverified"],
  },
  {
    kind: "unknown",
    title: "a kind of database that is not known yet",
    resources: [resource("scaling-ladder:database:AnyDatabase", { kind: UNKNOWN }, "db"), app({ replicas: 3 })],
    verdicts: ["unverified"],
    says: ["the kind of db"],
  },
  {
    kind: "unknown",
    title: "neither replicas nor the kind of database",
    resources: [resource("scaling-ladder:database:AnyDatabase", { kind: UNKNOWN }, "db"), app({})],
    verdicts: ["unverified"],
  },
  {
    kind: "unknown",
    title: "one unknown kind does not hide a known one",
    resources: [resource("scaling-ladder:database:AnyDatabase", { kind: UNKNOWN }), memoryCache, app({ replicas: 3 })],
    verdicts: ["violated"],
    says: ["a memory cache"],
  },
  {
    kind: "unknown",
    title: "a variable that the cluster supplies",
    resources: [
      workload(3, [
        container([{ name: "DB_TYPE", valueFrom: { configMapKeyRef: { name: "contract", key: "DB_TYPE" } } }]),
      ]),
    ],
    verdicts: ["unverified"],
    says: ["`DB_TYPE`"],
  },
  { kind: "unknown", title: "containers not known yet", resources: [workload(3, UNKNOWN)], verdicts: ["unverified"] },
  {
    kind: "unknown",
    title: "nothing is asked of one replica",
    resources: [workload(1, [container(UNKNOWN)])],
    verdicts: [],
  },
  {
    kind: "wrong type",
    title: "replicas as a text",
    resources: [sqlite, app({ replicas: "1" })],
    verdicts: ["violated"],
  },
  {
    kind: "wrong type",
    title: "a Deployment without sense and without SQLite",
    resources: [resource("kubernetes:apps/v1:Deployment", { spec: { replicas: [], template: "x" } })],
    verdicts: [],
  },
  { kind: "absent", title: "no replicas beside SQLite", resources: [sqlite, app({})], verdicts: ["violated"] },
  { kind: "absent", title: "Kubernetes runs one by itself", resources: [workload(null, onSqlite)], verdicts: [] },
  {
    kind: "secret",
    title: "secret replicas are judged, and not told",
    resources: [sqlite, app({ replicas: new Secret(47) })],
    verdicts: ["violated"],
    says: ["several replicas"],
    hides: ["47"],
  },
  {
    kind: "secret",
    title: "a secret contract is still judged",
    resources: [workload(3, new Secret(onSqlite))],
    verdicts: ["violated"],
  },
];

export const CASES: Cases = { "single-node-storage-single-replica": SINGLE_REPLICA };
