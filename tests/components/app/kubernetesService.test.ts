import { describe, expect, it } from "vitest";
import { resolved } from "../../support/mocks";
import { appArgs, DEPLOYMENT, makeApp, SERVICE } from "./kubernetesParts";

describe("the Services", () => {
  it("S1-57: aibase-service takes port 80 to the container's port, behind a load balancer", async () => {
    const { one, app } = await makeApp();
    const { inputs } = one(SERVICE, "app-service");
    expect(inputs).toMatchObject({
      metadata: { name: "aibase-service" },
      spec: { type: "LoadBalancer", selector: { app: "aibase" }, ports: [{ port: 80, targetPort: "http" }] },
    });
    expect(await resolved(app.serviceName)).toBe("aibase-service");
  });

  it.each([
    [undefined, "LoadBalancer", "internal"],
    ["internal", "LoadBalancer", "internal"],
    ["internet-facing", "LoadBalancer", "internet-facing"],
    ["cluster", "ClusterIP", undefined],
  ] as const)("opens to whom it is told: %s", async (exposure, type, scheme) => {
    const { one } = await makeApp(exposure === undefined ? {} : { exposure });
    const { metadata, spec } = one(SERVICE, "app-service").inputs as {
      metadata: { annotations?: Record<string, string> };
      spec: { type: string };
    };
    expect(spec.type).toBe(type);
    expect(metadata.annotations?.["service.beta.kubernetes.io/aws-load-balancer-scheme"]).toBe(scheme);
  });

  it("S1-05: leaves a WebSocket open for an hour without a byte, and binds nobody to a pod", async () => {
    const { one } = await makeApp();
    const { metadata, spec } = one(SERVICE, "app-service").inputs as {
      metadata: { annotations: Record<string, string> };
      spec: { sessionAffinity?: string };
    };
    expect(metadata.annotations).toMatchObject({
      "service.beta.kubernetes.io/aws-load-balancer-listener-attributes.TCP-80": "tcp.idle_timeout.seconds=3600",
    });
    expect(spec.sessionAffinity ?? "None").toBe("None");
    expect(JSON.stringify(metadata.annotations)).not.toContain("stickiness");
  });

  it("S1-59: postgres-service and redis-service are there and lead to the servers", async () => {
    const { one } = await makeApp();
    expect(one(SERVICE, "postgres-service").inputs).toMatchObject({
      metadata: { name: "postgres-service", namespace: "aibase" },
      spec: { type: "ExternalName", externalName: "db.example.com" },
    });
    expect(one(SERVICE, "redis-service").inputs).toMatchObject({
      metadata: { name: "redis-service", namespace: "aibase" },
      spec: { type: "ExternalName", externalName: "cache.example.com" },
    });
  });
});

describe("what keeps the application up", () => {
  it("loses one pod at a time to maintenance", async () => {
    const { one } = await makeApp();
    expect(one("PodDisruptionBudget").inputs.spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: { app: "aibase" } },
    });
  });

  it.each([undefined, 3])("scales nothing by itself with maxReplicas %s", async (maxReplicas) => {
    const { all, find } = await makeApp(maxReplicas === undefined ? {} : { maxReplicas });
    expect(all("HorizontalPodAutoscaler")).toEqual([]);
    expect(find("app-deployment").opts.ignoreChanges ?? []).toEqual([]);
  });

  it("scales from replicas to maxReplicas, and an `up` leaves the number alone", async () => {
    const { one, find } = await makeApp({ replicas: 6, maxReplicas: 24 });
    expect(one("HorizontalPodAutoscaler").inputs.spec).toMatchObject({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "aibase" },
      minReplicas: 6,
      maxReplicas: 24,
    });
    expect(find("app-deployment").opts.ignoreChanges).toEqual(["spec.replicas"]);
  });

  it("lets nothing in but its port, and nothing out but HTTPS, database and cache", async () => {
    const { one } = await makeApp();
    const spec = one("NetworkPolicy", "app-network").inputs.spec as {
      egress: { ports: { port: number; protocol: string }[] }[];
    };
    expect(spec).toMatchObject({
      podSelector: { matchLabels: { app: "aibase" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: [{ port: "http" }] }],
    });
    const ports = spec.egress.flatMap((rule) => rule.ports.map(({ protocol, port }) => `${protocol} ${port}`));
    expect(ports.sort()).toEqual(["TCP 443", "TCP 5432", "TCP 6379", "TCP 80"]);
    expect(spec.egress.at(-1)).toMatchObject({ to: [{ ipBlock: { cidr: "169.254.170.23/32" } }] });
  });

  it("reaches an S3-compatible server at its own port", async () => {
    const { files } = appArgs();
    const { one } = await makeApp({ files: { ...files, endpoint: "http://minio:9000" } });
    expect(JSON.stringify(one("NetworkPolicy", "app-network").inputs.spec)).toContain("9000");
  });

  it("makes everything under itself, and the Deployment after its Secrets", async () => {
    const { recorded, find, app } = await makeApp();
    const children = recorded.filter(({ name }) => name !== "app");
    expect(children.length).toBeGreaterThan(8);
    for (const { opts } of children) expect(opts.parent).toBe(app);
    expect(find("app-deployment").opts.dependsOn).toHaveLength(3);
  });

  it("lets the user have the last word", async () => {
    const { one } = await makeApp({
      transform: {
        deployment: (args) => ({ ...args, metadata: { ...args.metadata, annotations: { mine: "yes" } } }),
        service: (args) => ({ ...args, spec: { ...args.spec, sessionAffinity: "ClientIP" } }),
        networkPolicy: (args) => ({ ...args, spec: { ...args.spec, podSelector: {}, policyTypes: ["Ingress"] } }),
      },
    });
    expect(one(DEPLOYMENT).inputs.metadata).toMatchObject({ annotations: { mine: "yes" } });
    expect(one(SERVICE, "app-service").inputs.spec).toMatchObject({ sessionAffinity: "ClientIP" });
    expect(one("NetworkPolicy", "app-network").inputs.spec).toMatchObject({ policyTypes: ["Ingress"] });
  });
});
