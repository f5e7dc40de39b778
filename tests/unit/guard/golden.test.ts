import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Golden, judgeChange } from "../../support/golden";

/**
 * Edits of the code or of the settings, made on the recorded preview of `prod` and judged with the providers' own rules of what
 * replaces: what the guard would say to a stack that is up.
 */
const PROD = JSON.parse(readFileSync(join(__dirname, "../../golden/prod.json"), "utf8")) as Golden;

type Inputs = Record<string, unknown>;
type Resources = Record<string, { inputs: Inputs; protect?: true }>;

const urnOf = (name: string): string => {
  const [urn, ...more] = Object.keys(PROD).filter((each) => each.endsWith(`::${name}`));
  if (urn === undefined || more.length > 0)
    throw new Error(`${more.length + (urn === undefined ? 0 : 1)} resources ${name}`);
  return urn;
};

const edit = (name: string, change: (inputs: Inputs) => void) => (resources: Resources) => {
  const resource = resources[urnOf(name)];
  if (resource === undefined) throw new Error(`no ${name}`);
  change(resource.inputs);
};

const set = (name: string, values: Inputs) => edit(name, (inputs) => void Object.assign(inputs, values));

const rename = (from: string, to: string) => (resources: Resources) => {
  const urn = urnOf(from);
  const resource = resources[urn];
  delete resources[urn];
  if (resource !== undefined) resources[urn.replace(new RegExp(`::${from}$`), `::${to}`)] = resource;
};

const remove = (name: string) => (resources: Resources) => {
  delete resources[urnOf(name)];
};

type Edit = readonly [string, (resources: Resources) => void];

const DANGEROUS: readonly Edit[] = [
  ["an engine downgrade", set("database-primary", { engineVersion: "15" })],
  ["a renamed identifier", set("database-primary", { identifier: "aibase-prod-db" })],
  ["encryption switched off", set("database-primary", { storageEncrypted: false })],
  ["another subnet group", set("database-primary", { dbSubnetGroupName: "other" })],
  ["another bucket name", set("files-main-bucket", { bucket: "aibase-other" })],
  ["another zone in the list", set("network-data-1", { availabilityZone: "us-east-1d" })],
  ["another address range", set("network-vpc", { cidrBlock: "10.30.0.0/16" })],
  ["a replica that becomes a primary", edit("database-replica-1", (inputs) => void delete inputs.replicateSourceDb)],
  ["a removed primary", remove("database-primary")],
  ["a primary under another name without an alias", rename("database-primary", "database-main")],
  ["deletion protection off", set("database-primary", { deletionProtection: false })],
  ["no final snapshot", set("database-primary", { skipFinalSnapshot: true })],
  ["no automated backups", set("database-primary", { backupRetentionPeriod: 0 })],
  ["less storage", set("database-primary", { allocatedStorage: 100 })],
  ["a cache without encryption at rest", set("cache-group", { atRestEncryptionEnabled: false })],
  ["a master password drawn anew", set("database-master-password", { length: 64 })],
  [
    "versions of files suspended",
    edit(
      "files-main-versioning",
      (inputs) => void Object.assign(inputs, { versioningConfiguration: { status: "Suspended" } }),
    ),
  ],
];

const HARMLESS: readonly Edit[] = [
  ["another instance class", set("database-primary", { instanceClass: "db.m7g.4xlarge" })],
  ["more storage", set("database-primary", { allocatedStorage: 2048 })],
  ["Redis that becomes Valkey", set("cache-group", { engine: "valkey", engineVersion: "8.0" })],
  ["another maintenance window", set("database-primary", { maintenanceWindow: "sat:05:00-sat:06:00" })],
  ["a bigger cache node", set("cache-group", { nodeType: "cache.m7g.xlarge" })],
  ["another tag", set("files-main-bucket", { tags: { Team: "data" } })],
  [
    "another alarm threshold",
    edit("watch-database-cpu-high-aibase-prod-database", (inputs) => void Object.assign(inputs, { threshold: 80 })),
  ],
  ["another image", edit("app-deployment", (inputs) => void Object.assign(inputs, { spec: { replicas: 7 } }))],
  ["a dropped alarm", remove("watch-database-cpu-high-aibase-prod-database")],
  ["another budget", set("budget-budget", { limitAmount: "5000" })],
  ["a longer idle time of the proxy", set("database-proxy", { idleClientTimeout: 900 })],
];

const judged = (change: (resources: Resources) => void) => {
  const after = structuredClone(PROD) as Resources;
  change(after);
  return judgeChange(PROD, after as Golden);
};

describe("the guard, over the recorded stack prod", () => {
  it("says nothing where nothing changed", () => {
    expect(judgeChange(PROD, PROD).findings).toEqual([]);
  });

  it.each(DANGEROUS)("refuses %s", (_title, change) => {
    const { refused, findings } = judged(change);
    expect(refused).toBe(true);
    expect(findings.filter(({ level }) => level === "refuse").length).toBeGreaterThan(0);
  });

  it("refuses the way back from Valkey to Redis, which makes a new cache", () => {
    const valkey = structuredClone(PROD) as Resources;
    set("cache-group", { engine: "valkey", engineVersion: "8.0" })(valkey);
    expect(judgeChange(valkey as Golden, PROD).refused).toBe(true);
  });

  it.each(HARMLESS)("lets %s pass", (_title, change) => {
    expect(judged(change).refused).toBe(false);
  });
});
