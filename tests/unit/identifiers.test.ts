import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectFiles } from "../support/house";
import { type Listed, parseListed, readListed } from "../support/identifiers/listed";
import { type Kind, usedIn } from "../support/identifiers/used";
import { type UsedMetric, usedFamilies, usedMetrics, usedParameters } from "../support/identifiers/values";
import { plainName, unconfirmed, unlisted, unused, wrongDimensions } from "../support/identifiers/verify";

const ROOT = join(__dirname, "../..");
const sources = projectFiles(ROOT).filter(({ path }) => /^(components|stacks)\/.*\.(ts|sh)$/.test(path));
const metrics = usedMetrics();
const used = [...sources.flatMap(usedIn), ...usedParameters(), ...usedFamilies(), ...metrics];

describe("the AWS identifiers of the project", () => {
  const listed = readListed(join(ROOT, "tests/support/identifiers"));

  it("are found: some of each kind", () => {
    const kinds = new Set(used.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      "endpointService",
      "engineVersion",
      "eventCategory",
      "iamAction",
      "instanceClass",
      "logType",
      "managedPolicy",
      "metric",
      "parameter",
      "servicePrincipal",
    ]);
  });

  it("are listed, each one", () => expect(unlisted(used, listed)).toEqual([]));

  it("stand on a page of AWS's, looked up", () => expect(unconfirmed(listed)).toEqual([]));

  it("are used: nothing is listed for nothing", () =>
    expect(
      unused(
        listed,
        used,
        sources.map(({ text }) => text),
      ),
    ).toEqual([]));

  it("have the dimensions that the page names, where they are metrics", () =>
    expect(wrongDimensions(metrics, listed)).toEqual([]));
});

describe("the collectors", () => {
  const found = (text: string): string[] => usedIn({ path: "a.ts", text }).map(({ kind, name }) => `${kind} ${name}`);

  it.each<[string, string, string[]]>([
    ["an action", 'x({ Action: "s3:GetObject" })', ["iamAction s3:GetObject"]],
    ["a list of actions", 'x({ Action: ["s3:Get*", "kms:*"] })', ["iamAction s3:Get*", "iamAction kms:*"]],
    [
      "actions by condition",
      'x({ Action: a === "b:C" ? ["sts:A"] : "sts:B" })',
      ["iamAction sts:A", "iamAction sts:B"],
    ],
    [
      "actions in a constant",
      'const READ = ["s3:A"];\nx({ Action: [...READ, "s3:B"] })',
      ["iamAction s3:A", "iamAction s3:B"],
    ],
    ["no condition key", 'x({ Condition: { StringEquals: { "aws:SourceAccount": a } } })', []],
    ["a principal", 'x({ Service: "rds.amazonaws.com" })', ["servicePrincipal rds.amazonaws.com"]],
    ["a regional principal", `x(\`logs.\${region}.amazonaws.com\`)`, ["servicePrincipal logs.*.amazonaws.com"]],
    ["a managed policy", 'x("arn:aws:iam::aws:policy/service-role/AmazonX")', ["managedPolicy AmazonX"]],
    [
      "a managed policy behind a constant",
      `const BASE = "arn:aws:iam::aws:policy";\nx(\`\${BASE}/AmazonX\`);`,
      ["managedPolicy AmazonX"],
    ],
    ["managed policies by name", 'const NODE_POLICIES = ["AmazonX"] as const;', ["managedPolicy AmazonX"]],
    [
      "instance classes",
      'x("db.m7g.large", "cache.t4g.small", "db.internal")',
      ["instanceClass db.m7g.large", "instanceClass cache.t4g.small"],
    ],
    ["event categories", 'const EVENT_CATEGORIES = { a: ["low storage"] };', ["eventCategory low storage"]],
    [
      "events of a vault",
      'const F = ["COPY_JOB_FAILED"];\nx({ backupVaultEvents: F });',
      ["eventCategory COPY_JOB_FAILED"],
    ],
    ["log types", 'const LOG_TYPES = ["slow-log"];', ["logType slow-log"]],
    [
      "engines",
      'const REDIS_ENGINES = { a: { version: "7.1", family: "redis7" } };',
      ["engineVersion 7.1", "engineVersion redis7"],
    ],
    [
      "parameters of a group",
      'x({ parameters: [{ name: "work_mem", value: "b" }], name: "c" })',
      ["parameter work_mem"],
    ],
    [
      "endpoints",
      `type InterfaceEndpoint = "ecr.api" | "sts";\nfor (const s of ["s3"]) x(\`com.amazonaws.\${r}.\${s}\`);`,
      ["endpointService ecr.api", "endpointService sts", "endpointService s3"],
    ],
    ["nothing of a list that has no endpoints", 'type Endpoint = "a";\nfor (const s of ["b"]) x(s);', []],
  ])("find %s", (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it("tell the place", () => {
    expect(usedIn({ path: "a/b.ts", text: '\n\nx("db.m7g.large")' })).toEqual([
      { kind: "instanceClass", name: "db.m7g.large", place: "a/b.ts:3" },
    ]);
  });

  it("find metrics of alarms with and without a proxy, and of the dashboard, and none of our own", () => {
    const names = metrics.map(({ namespace, name }) => `${namespace} ${name}`);
    for (const name of ["AWS/RDS ReplicaLag", "AWS/RDS ClientConnections", "AWS/S3 5xxErrors"])
      expect(names).toContain(name);
    expect(metrics.filter(({ namespace }) => !namespace.startsWith("AWS/"))).toEqual([]);
    expect(metrics.some(({ place }) => place.startsWith("dashboard"))).toBe(true);
  });

  it("find a family of parameters for each version that the settings take", () => {
    expect(usedFamilies().map(({ name }) => name)).toEqual(["postgres15", "postgres16"]);
  });

  it("find parameters of both ways to tune the database", () => {
    const names = usedParameters().map(({ name }) => name);
    for (const name of ["shared_buffers", "max_parallel_workers"]) expect(names).toContain(name);
  });
});

describe("the verifier", () => {
  const page = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/x.html";
  const entry = (kind: Kind, name: string, more: Partial<Listed> = {}): Listed => ({
    kind,
    name,
    page,
    seen: "a phrase",
    confirmed: true,
    place: "a.jsonl:1",
    ...more,
  });
  const use = (kind: Kind, name: string) => ({ kind, name, place: "a.ts:1" });

  it.each<[Kind, string, string]>([
    ["servicePrincipal", "logs.<region>.amazonaws.com", "logs.*.amazonaws.com"],
    ["servicePrincipal", `logs.\${region}.amazonaws.com`, "logs.*.amazonaws.com"],
    ["managedPolicy", "arn:aws:iam::aws:policy/service-role/AmazonX", "AmazonX"],
    ["endpointService", "com.amazonaws.<region>.ecr.api", "ecr.api"],
    ["endpointService", "com.amazonaws.us-east-1.sts", "sts"],
    ["metric", "AWS/RDS CPUUtilization", "CPUUtilization"],
    ["iamAction", "kms:Decrypt", "kms:Decrypt"],
  ])("takes a %s %s for the one that is written another way", (kind, name, plain) => {
    expect(plainName({ kind, name })).toBe(plain);
    expect(unlisted([use(kind, plain)], [entry(kind, name)])).toEqual([]);
    expect(unused([entry(kind, name)], [use(kind, plain)], [])).toEqual([]);
  });

  it("tells what is used and not listed, with its place", () => {
    expect(unlisted([use("iamAction", "s3:GetObject")], [entry("iamAction", "s3:PutObject")])).toEqual([
      "iamAction s3:GetObject (a.ts:1)",
    ]);
    expect(unlisted([use("metric", "logs")], [entry("logType", "logs")])).toEqual(["metric logs (a.ts:1)"]);
  });

  it("takes a version for a word of what is listed", () => {
    expect(unlisted([use("engineVersion", "7.1")], [entry("engineVersion", "redis 7.1")])).toEqual([]);
    expect(unlisted([use("engineVersion", "7.1")], [entry("engineVersion", "redis 7.10")])).toHaveLength(1);
  });

  it("tells what is listed and not used, unless a source writes it", () => {
    expect(unused([entry("other", "SomeApplication")], [], ["x"])).toEqual(["other SomeApplication (a.jsonl:1)"]);
    expect(unused([entry("other", "SomeApplication")], [], ['x("SomeApplication")'])).toEqual([]);
  });

  it.each<[string, Partial<Listed>]>([
    ["not confirmed", { confirmed: false }],
    ["without a page", { page: "" }],
    ["on somebody else's page", { page: "https://example.com/docs.aws.amazon.com/" }],
    ["on a page that looks like AWS's", { page: "https://docs.aws.amazon.com.example.org/" }],
    ["without what was seen", { seen: " " }],
  ])("refuses one that is %s", (_what, more) => {
    expect(unconfirmed([entry("metric", "ReplicaLag", more)])).toHaveLength(1);
  });

  it.each([page, "https://aws.amazon.com/rds/instance-types/", "https://github.com/aws-samples/x"])(
    "takes %s",
    (url) => {
      expect(unconfirmed([entry("metric", "ReplicaLag", { page: url })])).toEqual([]);
    },
  );

  it("compares dimensions of metrics", () => {
    const metric: UsedMetric = { ...use("metric", "CPUUtilization"), namespace: "AWS/RDS", dimensions: ["ProxyName"] };
    const list = (...dimensions: string[]) => [entry("metric", "AWS/RDS CPUUtilization", { dimensions })];
    expect(wrongDimensions([metric], list("ProxyName", "TargetGroup"))).toEqual([]);
    expect(wrongDimensions([metric], list("DBInstanceIdentifier"))).toEqual([
      "metric CPUUtilization: ProxyName (a.ts:1)",
    ]);
    expect(wrongDimensions([metric], [entry("metric", "CPUUtilization")])).toHaveLength(1);
  });

  it("reads lists line by line, and names the line that is none", () => {
    const line = JSON.stringify({ kind: "logType", name: "upgrade", page, seen: "upgrade log" });
    expect(parseListed(`${line}\n\n`, "x.jsonl")).toEqual([
      { kind: "logType", name: "upgrade", page, seen: "upgrade log", confirmed: true, place: "x.jsonl:1" },
    ]);
    expect(() => parseListed(`${line}\n{`, "x.jsonl")).toThrow("x.jsonl:2");
    expect(() => parseListed('{"kind":"cheese"}', "x.jsonl")).toThrow("x.jsonl:1");
  });
});
