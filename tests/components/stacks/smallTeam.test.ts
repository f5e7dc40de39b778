import { beforeAll, describe, expect, it } from "vitest";
import { type MadeStack, makeStack } from "./makeStack";

const STATEFUL_SET = "apps/v1:StatefulSet";

let stack: MadeStack;
beforeAll(async () => {
  stack = await makeStack("team");
});

describe("the stack team", () => {
  it("S1-88: is SQLite, local files and Redis, for one pod", () => {
    const { all, contract } = stack;
    expect(contract).toMatchObject({ DB_TYPE: "sqlite", FILE_STORAGE_TYPE: "local", CACHE_TYPE: "redis" });
    expect(contract).not.toHaveProperty("DATABASE_URL");
    const replicas = all(STATEFUL_SET).map(({ inputs }) => Reflect.get(Object(inputs.spec), "replicas"));
    expect(replicas).toEqual([1, 1]);
  });

  it("needs nothing in AWS", () => {
    expect(stack.all("aws:")).toEqual([]);
  });

  it("has each volume by the size that its settings name", () => {
    const sizes = stack.all("PersistentVolumeClaim").map(({ inputs }) => JSON.stringify(inputs.spec));
    expect(sizes.filter((spec) => spec.includes('"50Gi"'))).toHaveLength(1);
    expect(sizes.filter((spec) => spec.includes('"20Gi"'))).toHaveLength(1);
  });

  it("replicates to the bucket of its settings, under its own name", () => {
    const configs = stack.all("core/v1:ConfigMap").map(({ inputs }) => JSON.stringify(inputs.data));
    expect(configs.filter((data) => data.includes("aibase-team-backups") && data.includes("team/"))).not.toEqual([]);
  });

  it("is copied daily, and watched", () => {
    const jobs = stack.all("batch/v1:CronJob").map(({ inputs }) => Reflect.get(Object(inputs.metadata), "name"));
    expect(jobs).toContain("dump-daily-ai-company");
    const rules = JSON.stringify(stack.one("PrometheusRule").inputs);
    for (const alert of ["litestream-errors", "app-down", "cache-down", "metric-absent", "dump-old"])
      expect(rules.includes(`"${alert}"`), alert).toBe(true);
    expect(rules.includes("dump-daily-ai-company-files")).toBe(true);
    expect(rules.includes("pooler-clients-waiting")).toBe(false);
  });

  it("has a bound on what it may take of the cluster, and nothing reaches it that is not named", () => {
    expect(stack.one("ResourceQuota").inputs.spec).toHaveProperty("hard");
    const policies = stack.all("NetworkPolicy").map(({ inputs }) => inputs.spec);
    expect(policies).toContainEqual(expect.objectContaining({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }));
  });
});
