import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CloudNativePgArgs } from "../../components/database/cnpg/args";
import { makeCnpg } from "../components/database/cnpg/makeCnpg";
import { startKubernetes } from "../servers/kubernetes";

/** Forms of a database that no stack of the project has, sent to a real API server with the operators' own schemas. */

let api: Awaited<ReturnType<typeof startKubernetes>>;
beforeAll(async () => {
  api = await startKubernetes();
});
afterAll(() => api.stop());

const FORMS: readonly (readonly [string, Partial<CloudNativePgArgs>])[] = [
  ["three instances with a pooler", {}],
  [
    "one instance, restored",
    { clusterName: "one", instances: 1, pooler: false, restore: { serverName: "old", time: "2026-01-31T12:00:00Z" } },
  ],
  [
    "two instances of version 15 on AWS",
    {
      clusterName: "two",
      instances: 2,
      version: 15,
      tuning: "scaled",
      nodeSpread: "preferred",
      storageClass: "fast",
      backup: { bucket: "backups", path: "postgres", region: "eu-central-1", encryption: "aws:kms" },
      restore: { serverName: "smb", store: { bucket: "other", path: "postgres", region: "eu-central-1" } },
    },
  ],
];

/** The objects of a form, in the order of their making, and what became of the first and the second time they were sent. */
async function sent(more: Partial<CloudNativePgArgs>) {
  const { made } = await makeCnpg(more);
  const objects = made
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ name, inputs }) => ({ name, inputs }));
  const replies = [];
  for (const { name, inputs } of objects) {
    const [first, second] = [await api.apply(Object(inputs)), await api.apply(Object(inputs))];
    replies.push({ name, first, second });
  }
  return replies;
}

const versionOf = (body: unknown): unknown => Object(Object(body).metadata).resourceVersion;

describe("a real API server", () => {
  it.each(FORMS)(
    "takes every object of %s without a warning, and changes none the second time",
    async (_name, more) => {
      const replies = await sent(more);
      expect(replies.length).toBeGreaterThan(10);
      for (const { name, first, second } of replies) {
        expect([name, first.message, first.warnings, first.status < 300]).toEqual([name, "", [], true]);
        expect([name, versionOf(second.body)]).toEqual([name, versionOf(first.body)]);
      }
    },
  );

  it.each<[string, string, (spec: Record<string, unknown>) => object, RegExp]>([
    [
      "a field of the Cluster that nobody knows",
      "database-cluster",
      (spec) => ({ ...spec, instance: 3 }),
      /\.spec\.instance: field not declared in schema/,
    ],
    [
      "a Cluster of no instance",
      "database-cluster",
      (spec) => ({ ...spec, instances: 0 }),
      /spec\.instances.*greater than or equal to 1/,
    ],
    [
      "a Pooler by statement",
      "database-pooler",
      (spec) => ({ ...spec, pgbouncer: { poolMode: "statement" } }),
      /poolMode: Unsupported value/,
    ],
    [
      "a Database called postgres",
      "database-database-4g3n7db",
      (spec) => ({ ...spec, name: "postgres" }),
      /the name postgres is reserved|name is immutable/,
    ],
    [
      "a store that keeps backups for no day",
      "database-backup-store",
      (spec) => ({ ...spec, retentionPolicy: "0d" }),
      /retentionPolicy/,
    ],
  ])("refuses %s", async (_what, name, change, reason) => {
    const { made } = await makeCnpg();
    const inputs = Object(made.find((each) => each.name === name)?.inputs);
    const { message, status } = await api.apply({ ...inputs, spec: change(inputs.spec) });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(message).toMatch(reason);
  });
});
