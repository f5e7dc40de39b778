import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { makeCnpg, NETWORK_POLICY, POOLER } from "./makeCnpg";

const SELECTS_INSTANCES = {
  matchLabels: { "cnpg.io/cluster": "postgres" },
  matchExpressions: [{ key: "cnpg.io/podRole", operator: "NotIn", values: ["pooler"] }],
};

interface Rule {
  readonly from?: readonly Readonly<Record<string, unknown>>[];
  readonly to?: readonly Readonly<Record<string, unknown>>[];
  readonly ports: readonly { readonly port: number }[];
}

const portsOf = (rules: unknown, wanted: (rule: Rule) => boolean): number[] =>
  (rules as readonly Rule[]).filter(wanted).flatMap(({ ports }) => ports.map(({ port }) => port));

describe("the Pooler", () => {
  it("shares connections by transaction, in two pods of which one may be away", async () => {
    const { spec, one } = await makeCnpg({ databases: [] });
    expect(spec(POOLER)).toMatchObject({
      cluster: { name: "postgres" },
      type: "rw",
      instances: 2,
      pgbouncer: {
        poolMode: "transaction",
        parameters: {
          default_pool_size: "80",
          max_db_connections: "80",
          max_client_conn: "5000",
          max_prepared_statements: "200",
          server_reset_query: expect.stringContaining("RESET ALL"),
          server_reset_query_always: "1",
          client_tls_sslmode: "require",
        },
      },
      deploymentStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
    expect(one("PodDisruptionBudget").inputs.spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: { "cnpg.io/poolerName": "postgres-pooler" } },
    });
  });

  it("leaves its containers to the operator but for what they run and may take", async () => {
    const { spec } = await makeCnpg();
    const { containers } = Object(spec(POOLER).template).spec as { containers: readonly object[] };
    expect(containers).toMatchObject([
      {
        name: "pgbouncer",
        image: "ghcr.io/cloudnative-pg/pgbouncer:1.25.2",
        resources: { limits: { memory: "512Mi" } },
      },
    ]);
  });
});

describe("the network", () => {
  it("lets in the clients, the operator, the pooler and the instances, each to its ports", async () => {
    const { one } = await makeCnpg();
    const { podSelector, ingress, policyTypes } = one(NETWORK_POLICY, "database-network").inputs.spec as Record<
      string,
      unknown
    >;
    expect(podSelector).toEqual(SELECTS_INSTANCES);
    expect(policyTypes).toEqual(["Ingress", "Egress"]);
    expect(ingress).toHaveLength(4);
    const from = (peer: object) => (rule: Rule) => rule.from?.some((each) => isDeepStrictEqual(each, peer)) ?? false;
    const pods = (app: string) => from({ podSelector: { matchLabels: { app } } });
    const pooler = from({ podSelector: { matchLabels: { "cnpg.io/poolerName": "postgres-pooler" } } });
    const operator = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "cnpg-system" } } };
    expect(portsOf(ingress, pods("aibase"))).toEqual([5432]);
    expect(portsOf(ingress, pods("database-dump"))).toEqual([5432]);
    expect(portsOf(ingress, pooler)).toEqual([5432]);
    expect(portsOf(ingress, from(operator))).toEqual([5432, 8000]);
    expect(portsOf(ingress, from({ podSelector: SELECTS_INSTANCES }))).toEqual([5432, 8000]);
  });

  it("lets instances out to each other, the API server and the bucket", async () => {
    const { one } = await makeCnpg();
    const { egress } = one(NETWORK_POLICY, "database-network").inputs.spec as Record<string, unknown>;
    expect(portsOf(egress, ({ to }) => isDeepStrictEqual(to, [{ podSelector: SELECTS_INSTANCES }]))).toEqual([
      5432, 8000,
    ]);
    expect(portsOf(egress, ({ to }) => to === undefined)).toEqual([443, 6443, 9000]);
  });

  it("lets the pooler out to the instances and the API server only", async () => {
    const { one } = await makeCnpg();
    const { ingress, egress } = one(NETWORK_POLICY, "pooler-network").inputs.spec as Record<string, unknown>;
    expect(portsOf(ingress, () => true)).toEqual([5432]);
    expect(portsOf(egress, ({ to }) => to !== undefined)).toEqual([5432]);
    expect(portsOf(egress, ({ to }) => to === undefined)).toEqual([443, 6443]);
  });

  it("knows an operator that stands elsewhere, and no pooler where there is none", async () => {
    const { one, all } = await makeCnpg({ operatorNamespace: "operators", pooler: false });
    const policy = JSON.stringify(one(NETWORK_POLICY, "database-network").inputs.spec);
    expect(policy).toContain('"kubernetes.io/metadata.name":"operators"');
    expect(policy).not.toContain("poolerName");
    expect(all(NETWORK_POLICY)).toHaveLength(2);
  });
});
