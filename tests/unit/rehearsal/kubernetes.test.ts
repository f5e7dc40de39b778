import { beforeEach, describe, expect, it } from "vitest";
import { kubernetes } from "../../../rehearsal/kubernetes";
import { quantity } from "../../../rehearsal/kubernetes/pod";
import { UNKNOWN, type Values } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const SECRET = "kubernetes:core/v1:Secret";
const SERVICE = "kubernetes:core/v1:Service";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CRON_JOB = "kubernetes:batch/v1:CronJob";
const JOB = "kubernetes:batch/v1:Job";
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const PDB = "kubernetes:policy/v1:PodDisruptionBudget";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const container = { name: "app", image: "app:1", ports: [{ name: "http", containerPort: 80 }] };
const secure = {
  ...container,
  securityContext: {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
};
const labels = { app: "app" };
const deployment = (pod: Values = { containers: [secure] }, template: Values = {}): Values => ({
  metadata: { name: "app", namespace: "n" },
  spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod, ...template } },
});

let cloud: ReturnType<typeof oneCloud>;
beforeEach(async () => {
  cloud = oneCloud([...kubernetes.resources.values()]);
  await cloud.create(NAMESPACE, {
    metadata: { name: "n", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
});

describe("objects of every kind", () => {
  it("are called by namespace and name, and get what the API server adds", async () => {
    const made = await cloud.create(SECRET, { metadata: { name: "s", namespace: "n" } });
    expect(made).toMatchObject({
      id: "n/s",
      metadata: {
        name: "s",
        namespace: "n",
        uid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      },
    });
    expect(cloud.world.find(NAMESPACE, "n")).toBeDefined();
  });

  it("get a name from the provider where they have none, and keep it", async () => {
    const inputs = { metadata: { namespace: "n" } };
    const made = await cloud.create(SECRET, inputs, "My-Secret");
    expect(made.id).toMatch(/^n\/my-secret-[0-9a-f]{8}$/);
    expect(made.metadata).toMatchObject({ annotations: { "pulumi.com/autonamed": "true" } });
    const updated = await cloud.update(SECRET, made.id, { ...inputs, data: { a: "YQ==" } });
    expect(Reflect.get(Object(updated.metadata), "name")).toBe(Reflect.get(Object(made.metadata), "name"));
  });

  it("are made anew for another name or namespace only", async () => {
    await cloud.create(SECRET, { metadata: { name: "s", namespace: "n" }, data: { a: "YQ==" } });
    const replaced = (change: Values) => cloud.replaces(SECRET, "n/s", change);
    expect(replaced({ metadata: { name: "t", namespace: "n" } })).toEqual(["metadata.name"]);
    expect(replaced({ metadata: { name: "s", namespace: "m" } })).toEqual(["metadata.namespace"]);
    expect(replaced({ metadata: { name: "s", namespace: "n", labels } })).toEqual([]);
    expect(replaced({ data: { a: "Yg==" } })).toEqual([]);
  });

  it("need a namespace that is there", async () => {
    await expect(cloud.create(SECRET, { metadata: { name: "s", namespace: "m" } })).rejects.toThrow(
      /metadata\.namespace: there is no/,
    );
  });

  it("have names, labels and annotations of the right form", () => {
    const refused = (metadata: Values) => cloud.check(SECRET, { metadata }).join();
    expect(refused({ name: "ai-company.example" })).toBe("");
    for (const name of ["Ai", "ai_company", "-a", "a-", "a".repeat(254)])
      expect(refused({ name })).toContain("Invalid value");
    expect(refused({ name: "a", labels: { a: "no spaces" } })).toContain("metadata.labels");
    expect(refused({ name: "a", annotations: { a: 1 } })).toContain("metadata.annotations");
    expect(refused({ name: UNKNOWN, labels: UNKNOWN })).toBe("");
    expect(cloud.check(SECRET, { kind: "ConfigMap" })).toEqual(["kind: must be Secret"]);
  });

  it("cannot share a name", async () => {
    const inputs = { metadata: { name: "s", namespace: "n" } };
    await cloud.create(SECRET, inputs);
    await expect(cloud.create(SECRET, inputs)).rejects.toThrow(/already exists/);
  });

  it("are refused where the rehearsal knows nothing of them", async () => {
    await expect(cloud.create("kubernetes:core/v1:Pod", {})).rejects.toThrow(/does not know the type/);
  });
});

describe("a Secret", () => {
  it("turns stringData into data, and takes base64 only", async () => {
    const metadata = { name: "s", namespace: "n" };
    expect(await cloud.create(SECRET, { metadata, stringData: { a: "b" } })).toMatchObject({
      type: "Opaque",
      data: { a: Buffer.from("b").toString("base64") },
    });
    expect(cloud.check(SECRET, { metadata, data: { a: "not base64" } }).join()).toContain("illegal base64");
    expect(cloud.check(SECRET, { metadata, data: { "a b": "YQ==" } }).join()).toContain('"a b"');
  });
});

describe("a Service", () => {
  const service = (spec: Values) => cloud.check(SERVICE, { metadata: { name: "s" }, spec }).join();

  it("has ports, unless it is only another name", () => {
    expect(service({ type: "LoadBalancer", ports: [{ port: 80, targetPort: "http" }] })).toBe("");
    expect(service({ ports: [] })).toContain("spec.ports: Required value");
    expect(service({ ports: [{ port: 70_000 }] })).toContain("65535");
    expect(service({ ports: [{ port: 80, targetPort: "Not A Port" }] })).toContain("65535");
    expect(service({ ports: [{ port: 80 }, { port: 81 }] })).toContain("a name each");
    expect(service({ type: "ExternalName", externalName: "db.example.com" })).toBe("");
    expect(service({ type: "ExternalName", externalName: UNKNOWN })).toBe("");
    expect(service({ type: "ExternalName", externalName: "postgresql://db" })).toContain("name of a host");
    expect(service({ type: "Other" })).toContain("Unsupported value");
  });

  it("gets an address where it is a load balancer, and is made anew for another cluster address", async () => {
    const inputs = { metadata: { name: "s", namespace: "n" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } };
    expect(await cloud.create(SERVICE, inputs)).toMatchObject({
      status: { loadBalancer: { ingress: [{ hostname: expect.stringContaining("elb.us-east-1") }] } },
    });
    expect(cloud.replaces(SERVICE, "n/s", { spec: { ...inputs.spec, clusterIP: "10.0.0.1" } })).toEqual([
      "spec.clusterIP",
    ]);
    expect(cloud.replaces(SERVICE, "n/s", { spec: { ...inputs.spec, type: "ClusterIP" } })).toEqual([]);
  });
});

describe("a Deployment", () => {
  const refused = (pod: Values, template?: Values) => cloud.check(DEPLOYMENT, deployment(pod, template)).join("\n");

  it("is ready once it is made, and is made anew for another selector only", async () => {
    expect(await cloud.create(DEPLOYMENT, deployment())).toMatchObject({ status: { readyReplicas: 2 } });
    const spec = Object(deployment().spec);
    const replaced = (change: Values) => cloud.replaces(DEPLOYMENT, "n/app", { spec: { ...spec, ...change } });
    expect(replaced({ selector: { matchLabels: { app: "other" } } })).toEqual(["spec.selector.matchLabels.app"]);
    expect(replaced({ replicas: 5 })).toEqual([]);
  });

  it("chooses its own pods", () => {
    expect(refused({ containers: [secure] }, { metadata: { labels: { app: "other" } } })).toContain(
      "does not match template",
    );
    expect(refused({ containers: [secure] }, { metadata: {} })).toContain("does not match template");
  });

  it.each<[string, Values, string]>([
    ["no containers", { containers: [] }, "Required value"],
    ["two of a name", { containers: [secure, secure] }, "Duplicate value"],
    ["no image", { containers: [{ ...secure, image: "" }] }, "image: Required value"],
    ["a port that is none", { containers: [{ ...secure, ports: [{ containerPort: 0 }] }] }, "containerPort 0"],
    ["a probe of no port", { containers: [{ ...secure, livenessProbe: { tcpSocket: { port: "web" } } }] }, "named web"],
    ["a volume that is not there", { containers: [{ ...secure, volumeMounts: [{ name: "tmp" }] }] }, "Not found"],
    ["a number as variable", { containers: [{ ...secure, env: [{ name: "PORT", value: 1 }] }] }, "PORT must be text"],
    [
      "a variable from two places",
      { containers: [{ ...secure, env: [{ name: "A", value: "", valueFrom: {} }] }] },
      "both value and valueFrom",
    ],
    [
      "more asked for than allowed",
      { containers: [{ ...secure, resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } }] },
      "less than or equal",
    ],
    ["an odd quantity", { containers: [{ ...secure, resources: { limits: { cpu: "much" } } }] }, "quantities"],
    ["rights that the namespace forbids", { containers: [container] }, 'violates PodSecurity "restricted"'],
  ])("is refused with %s", (_, pod, reason) => {
    expect(refused(pod)).toContain(reason);
  });

  it("may have rights in a namespace that does not forbid them", async () => {
    await cloud.create(NAMESPACE, { metadata: { name: "free" } });
    const inputs = { ...deployment({ containers: [container] }), metadata: { name: "app", namespace: "free" } };
    expect(cloud.check(DEPLOYMENT, inputs)).toEqual([]);
  });

  it("leaves alone what is not known yet", () => {
    const pod = { ...secure, image: UNKNOWN, env: UNKNOWN, resources: UNKNOWN };
    expect(refused({ containers: [pod] })).toBe("");
    expect(cloud.check(DEPLOYMENT, { metadata: UNKNOWN, spec: UNKNOWN })).toEqual([]);
  });
});

describe("jobs", () => {
  const template = { spec: { restartPolicy: "Never", containers: [secure] } };
  const cron = (more: Values, pod: Values = template) =>
    cloud
      .check(CRON_JOB, {
        metadata: { name: "c", namespace: "n" },
        spec: { schedule: "0 1 * * *", jobTemplate: { spec: { template: pod } }, ...more },
      })
      .join();

  it("have a time, a zone and an end", () => {
    for (const schedule of ["0 1 * * *", "30 1 * * 0", "*/5 0-6,12 1 1 1-5"]) expect(cron({ schedule })).toBe("");
    for (const schedule of ["", "0 1 * *", "60 1 * * *", "0 24 * * *", "0 1 0 * *", "@often"])
      expect(cron({ schedule })).toContain("spec.schedule");
    expect(cron({ timeZone: "Etc/UTC" })).toBe("");
    expect(cron({ timeZone: "Moon/Crater" })).toContain("unknown time zone");
    expect(cron({}, { spec: { ...template.spec, restartPolicy: "Always" } })).toContain("restartPolicy");
    expect(cloud.check(CRON_JOB, { metadata: { name: "c".repeat(53) } }).join()).toContain("52 characters");
  });

  it("are made anew when what a Job does changes", async () => {
    await cloud.create(JOB, { metadata: { name: "j", namespace: "n" }, spec: { template } });
    const other = { spec: { ...template.spec, containers: [{ ...secure, image: "app:2" }] } };
    const [path, ...more] = cloud.replaces(JOB, "n/j", { spec: { template: other } });
    expect([path, more]).toEqual(["spec.template.spec.containers[0].image", []]);
    expect(cloud.replaces(JOB, "n/j", { spec: { template, suspend: true } })).toEqual([]);
  });
});

describe("what keeps the number of pods", () => {
  it("has an order: the fewest below the most, one bound at a time", () => {
    const scaled = (minReplicas: unknown, maxReplicas: unknown) =>
      cloud.check(HPA, { spec: { minReplicas, maxReplicas } }).length;
    expect([scaled(3, 12), scaled(12, 3), scaled(UNKNOWN, 3)]).toEqual([0, 1, 0]);
    const bound = (spec: Values) => cloud.check(PDB, { spec }).length;
    expect([bound({ maxUnavailable: 1 }), bound({ maxUnavailable: 1, minAvailable: 1 })]).toEqual([0, 1]);
  });
});

describe("a NetworkPolicy", () => {
  it("chooses pods, and names ranges, protocols and ports that there are", () => {
    const refused = (spec: Values) => cloud.check(NETWORK_POLICY, { spec }).join();
    const egress = (rule: Values) => refused({ podSelector: {}, egress: [rule] });
    expect(refused({ podSelector: {} })).toBe("");
    expect(refused({})).toContain("spec.podSelector");
    expect(egress({ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: "http" }] })).toBe("");
    expect(egress({ to: [{ ipBlock: { cidr: "10.0.0.0" } }] })).toContain("not a valid CIDR");
    expect(egress({ ports: [{ protocol: "HTTP", port: 80 }] })).toContain('"HTTP"');
    expect(egress({ ports: [{ port: 0 }] })).toContain("65535");
  });
});

describe("quantities", () => {
  it.each([
    ["500m", 0.5],
    ["2", 2],
    ["1Gi", 2 ** 30],
    ["1.5k", 1500],
    ["much", undefined],
    ["1 Gi", undefined],
  ])("%s is %s", (text, value) => {
    expect(quantity(text)).toBe(value);
  });
});
