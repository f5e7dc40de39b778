import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MigrationJobArgs } from "../../components/schema/migrationJob";
import { database, ELSEWHERE, EVERY_DATABASE, makeMigrations, ON_RDS } from "../components/schema/someMigrations";
import { type Kubernetes, startKubernetes } from "../servers/kubernetes";
import type { KubernetesObject, Reply } from "../servers/kubernetesApi";
import { podOf } from "./pods";

/** Migrations and what runs by the clock, with every option, at a real API server. */

const CASES: readonly [string, Partial<MigrationJobArgs>][] = [
  ["on RDS", { server: { ...ON_RDS, ca: "-----BEGIN CERTIFICATE-----\n" } }],
  [
    "in the cluster",
    {
      server: { ...ELSEWHERE, app: "postgres", ca: { secretName: "postgres-ca", key: "ca.crt" } },
      databases: EVERY_DATABASE.map(({ name }) => database(name, ["owner"])),
    },
  ],
];

let kubernetes: Kubernetes;
beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());

const objections = (name: string, { status, message, warnings }: Reply): readonly string[] => [
  ...(status < 300 ? [] : [`${name} is rejected: ${message}`]),
  ...warnings.map((warning) => `${name} is warned of: ${warning}`),
];

const versionOf = ({ body }: Reply): unknown =>
  Reflect.get(Object(Reflect.get(Object(body), "metadata")), "resourceVersion");

describe.each(CASES)("a real API server and a migration %s", (title, args) => {
  let objects: readonly KubernetesObject[];
  beforeAll(async () => {
    const { made } = await makeMigrations(args);
    const namespace = title.replaceAll(" ", "-").toLowerCase();
    objects = made
      .filter(({ type }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm"))
      .map(
        ({ inputs }) => JSON.parse(JSON.stringify(inputs).replaceAll('"aibase"', `"${namespace}"`)) as KubernetesObject,
      );
  });

  it("takes everything without a warning, and has nothing to change when it comes again", async () => {
    expect(objects.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["Job", "ConfigMap", "Secret", "NetworkPolicy"]),
    );
    for (const object of objects) {
      const name = `${object.kind} ${object.metadata.name}`;
      const first = await kubernetes.apply(object);
      expect(objections(name, first)).toEqual([]);
      expect(versionOf(await kubernetes.apply(object)), name).toBe(versionOf(first));
    }
  });

  it("lets the pods in, under Pod Security restricted", async () => {
    const pods = objects.flatMap((object) => podOf(object) ?? []);
    expect(pods.length).toBe(title === "on RDS" ? 1 : 3);
    for (const pod of pods)
      expect(objections(pod.metadata.name, await kubernetes.create(pod, { dryRun: true }))).toEqual([]);
  });

  it("keeps program and plan as they are: a change is refused", async () => {
    const maps = objects.filter(({ kind, immutable }) => kind === "ConfigMap" && immutable === true);
    expect(maps).toHaveLength(2);
    for (const map of maps)
      expect((await kubernetes.apply({ ...map, data: { other: "text" } })).message).toContain("immutable");
  });

  it("keeps the Job as it is: another migration is another Job", async () => {
    const job = objects.find(({ kind }) => kind === "Job");
    if (job === undefined) throw new Error("there is no Job");
    const changed = JSON.parse(
      JSON.stringify(job).replace("node:22.21.1-alpine", "node:23-alpine"),
    ) as KubernetesObject;
    expect((await kubernetes.apply(changed)).message).toContain("field is immutable");
  });
});
