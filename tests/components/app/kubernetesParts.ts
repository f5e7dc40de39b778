import * as pulumi from "@pulumi/pulumi";
import { KubernetesApp, type KubernetesAppArgs } from "../../../components/app/kubernetesApp";
import { Namespace } from "../../../components/kubernetes/namespace";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { recording } from "../../support/recording";

/** Endpoints and arguments of an application at tier enterprise. Made after the mocks, as everything with outputs. */
export const appArgs = (more: Partial<KubernetesAppArgs> = {}): KubernetesAppArgs => ({
  database: {
    kind: "postgresql",
    host: pulumi.output("db.example.com"),
    port: 5432,
    readerHost: pulumi.output("reader.example.com"),
    name: "aibase",
    username: pulumi.output("aibase"),
    password: pulumi.secret("database-password"),
    sslmode: "require",
    poolMax: 20,
  },
  files: {
    kind: "s3",
    bucket: pulumi.output("aibase-files"),
    region: "us-east-1",
    credentials: { accessKey: pulumi.secret("the-access-key"), secretKey: pulumi.secret("the-secret-key") },
  },
  cache: {
    kind: "redis",
    host: pulumi.output("cache.example.com"),
    port: 6379,
    tls: false,
    username: pulumi.output("app"),
    password: pulumi.secret("cache-password"),
  },
  namespace: "aibase",
  tier: "enterprise",
  users: 250_000,
  image: `aibase@sha256:${"a".repeat(64)}`,
  digestRequired: true,
  replicas: 3,
  port: 5040,
  size: "high-load",
  ...more,
});

export const DEPLOYMENT = "apps/v1:Deployment";
export const SERVICE = "core/v1:Service";
export const SECRET = "core/v1:Secret";

interface Container {
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  [key: string]: unknown;
}

/** Makes an application against the simulated clouds. */
export async function makeApp(more: Partial<KubernetesAppArgs> = {}) {
  const cloud = rehearsedMocks();
  const records = recording();
  const { namespace } = new Namespace("namespace", { name: "aibase" });
  const app = new KubernetesApp("app", appArgs({ namespace, ...more }), records.opts);
  await records.made();
  const spec = cloud.one(DEPLOYMENT).inputs.spec as {
    replicas: number;
    selector: { matchLabels: object };
    strategy: object;
    template: {
      metadata: { labels: object; annotations: Record<string, string> };
      spec: { containers: Container[]; [key: string]: unknown };
    };
  };
  const [container] = spec.template.spec.containers;
  if (container === undefined) throw new Error("no container");
  const env = new Map(container.env.map((variable) => [variable.name, variable]));
  return { app, spec, pod: spec.template.spec, container, env, ...records, ...cloud };
}
