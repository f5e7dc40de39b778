import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";

type Given = ReturnType<typeof resource>;

const variable = (name: Value, value: Value): Value => ({ name, value });
const POSTGRESQL = variable("DB_TYPE", "postgresql");
const container = (env: Value): Value => ({ name: "app", env });
const pool = (size: Value): Value => container([POSTGRESQL, variable("DB_PG_POOL_MAX", size)]);

const workload = (replicas: Value, containers: Value, name = "web", kind = "Deployment") =>
  resource(
    `kubernetes:apps/v1:${kind}`,
    { metadata: { name }, spec: { replicas, template: { spec: { containers } } } },
    name,
  );
const scaler = (maxReplicas: Value, target: Value = "web", refers: Record<string, Given> = {}) =>
  resource(
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    { spec: { minReplicas: 3, maxReplicas, scaleTargetRef: { name: target } } },
    "scaler",
    { refers },
  );
const eight = workload(8, [pool("20")]);
const nine = workload(9, [pool("20")]);
const proxy = resource("aws:rds/proxy:Proxy", { name: "proxy" }, "proxy");
const target = (dbProxyName: Value, refers: Record<string, Given> = {}) =>
  resource("aws:rds/proxyTarget:ProxyTarget", { dbProxyName }, "target", { refers });

const POOLS: readonly Case[] = [
  one("pass", "C-32: 8 processes with 20 each, the last that fit", [eight]),
  one("pass", "what uses no database", [workload(500, [container([variable("PORT", "1")])])]),
  one("pass", "what uses SQLite", [workload(500, [container([variable("DB_TYPE", "sqlite")])])]),
  one("pass", "behind a proxy, by reference", [nine, proxy, target(UNKNOWN, { dbProxyName: proxy })]),
  one("pass", "behind a proxy, by its name", [nine, proxy, target("proxy")]),
  one("pass", "an autoscaler of something else", [eight, scaler(500, "other")]),
  one("pass", "a smaller pool", [workload(16, [pool("10")])]),
  one("pass", "no stack of Kubernetes", []),
  one("fail", "9 processes with 20 each", [nine], ["violated"], {
    says: ["With web", "180 connections", "160 or fewer"],
  }),
  one("fail", "one connection too many", [workload(7, [pool("23")])], ["violated"], { says: ["161"] }),
  one(
    "fail",
    "as many as autoscaling may reach, by reference",
    [eight, scaler(9, UNKNOWN, { spec: eight })],
    ["violated"],
    { says: ["180"] },
  ),
  one("fail", "as many as autoscaling may reach, by name", [eight, scaler(9)], ["violated"]),
  one("fail", "more replicas than autoscaling has", [nine, scaler(3)], ["violated"]),
  one(
    "fail",
    "two workloads together",
    [workload(5, [pool("20")]), workload(4, [pool("20")], "jobs", "StatefulSet")],
    ["violated", "violated"],
    { says: ["With web", "With jobs"] },
  ),
  one("fail", "two containers together", [workload(4, [pool("20"), pool("21")])], ["violated"], { says: ["164"] }),
  one(
    "fail",
    "too many beside some that are not known",
    [nine, workload(UNKNOWN, [pool("20")], "jobs")],
    ["violated"],
    {
      says: ["With web"],
    },
  ),
  one("fail", "a proxy with nothing behind it", [nine, proxy], ["violated"]),
  one("fail", "another proxy has the database", [nine, proxy, target("other")], ["violated"]),
  one("absent", "no pool: that of the contract, 20", [workload(8, [container([POSTGRESQL])])]),
  one("absent", "no pool, and a process more", [workload(9, [container([POSTGRESQL])])], ["violated"]),
  one("absent", "no replicas: one", [workload(null, [pool("160")])]),
  one("absent", "no replicas, and a larger pool", [workload(null, [pool("161")])], ["violated"]),
  one("absent", "no environment", [workload(9, [container(null)])]),
  one("absent", "no containers", [workload(9, null)]),
  one("unknown", "replicas", [workload(UNKNOWN, [pool("20")])], ["unverified"], { says: ["How many connections web"] }),
  one("unknown", "replicas of what uses no database", [workload(UNKNOWN, [container([])])]),
  one("unknown", "replicas, and the pool", [workload(UNKNOWN, [pool(UNKNOWN)])], ["unverified"]),
  one("unknown", "how far autoscaling goes", [eight, scaler(UNKNOWN)], ["unverified"]),
  one("unknown", "the pool", [workload(1, [pool(UNKNOWN)])], ["unverified"]),
  one("unknown", "the type of database", [workload(1, [container([variable("DB_TYPE", UNKNOWN)])])], ["unverified"]),
  one(
    "unknown",
    "a variable that the cluster supplies",
    [workload(1, [container([{ name: "DB_TYPE", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }])])],
    ["unverified"],
  ),
  one("unknown", "the name of a variable", [workload(1, [container([variable(UNKNOWN, "x")])])], ["unverified"]),
  one("unknown", "the name of a variable that does not matter", [
    workload(1, [container([variable(UNKNOWN, "x"), POSTGRESQL, variable("DB_PG_POOL_MAX", "20")])]),
  ]),
  one("unknown", "the environment", [workload(1, [container(UNKNOWN)])], ["unverified"]),
  one("unknown", "the containers", [workload(1, UNKNOWN)], ["unverified"]),
  one("unknown", "one of two workloads", [eight, workload(1, UNKNOWN, "jobs")], ["unverified"], { says: ["jobs"] }),
  one("unknown", "whose target it is", [nine, proxy, target(UNKNOWN)]),
  one(
    "wrong type",
    "a pool that is no number counts as that of the contract",
    [workload(9, [pool("many")])],
    ["violated"],
  ),
  one("wrong type", "a pool of half a connection", [workload(9, [pool("0.5")])], ["violated"]),
  one("wrong type", "a pool below nothing", [workload(9, [pool("-20")])], ["violated"]),
  one("wrong type", "replicas that are none", [workload("nine", [pool("20")])]),
  one("wrong type", "an autoscaler without a name", [
    having(eight, ["metadata"], null),
    having(scaler(9), ["spec", "scaleTargetRef"], null),
  ]),
  one("secret", "a pool that is marked secret", [workload(9, [pool(new Secret("20"))])], ["violated"]),
];

export const CASES: Cases = { "pool-fits-connections": POOLS };
