import { beforeEach, describe, expect, it } from "vitest";
import { kubernetes } from "../../../rehearsal/kubernetes";
import { UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const release = {
  name: "operator",
  chart: "operator",
  version: "1.2.3",
  namespace: "n",
  repositoryOpts: { repo: "https://charts.example.com" },
};

let cloud: ReturnType<typeof oneCloud>;
beforeEach(async () => {
  cloud = oneCloud([...kubernetes.resources.values()]);
  await cloud.create("kubernetes:core/v1:Namespace", { metadata: { name: "n" } });
});

describe("a Helm release", () => {
  it("is called by namespace and name, and counts its revisions", async () => {
    const made = await cloud.create(RELEASE, release);
    expect(made).toMatchObject({
      id: "n/operator",
      status: {
        name: "operator",
        namespace: "n",
        chart: "operator",
        version: "1.2.3",
        revision: 1,
        status: "deployed",
      },
    });
    const raised = await cloud.update(RELEASE, made.id, { ...release, version: "1.3.0" });
    expect(raised).toMatchObject({ id: "n/operator", status: { revision: 2, version: "1.3.0" } });
  });

  it("gets a name of its own when it was given none", async () => {
    const { name: _, ...nameless } = release;
    const { id, name } = await cloud.create(RELEASE, nameless, "mine");
    expect(name).toMatch(/^mine-[0-9a-f]{8}$/);
    expect(id).toBe(`n/${name}`);
  });

  it("is made anew for another name or namespace, and for nothing else", () => {
    expect(cloud.replaces(RELEASE, release, { name: "other" })).toEqual(["name"]);
    expect(cloud.replaces(RELEASE, release, { namespace: "other" })).toEqual(["namespace"]);
    expect(cloud.replaces(RELEASE, release, { version: "2.0.0", values: { a: 1 }, timeout: 5 })).toEqual([]);
  });

  it.each([
    [{ version: "^1.2.0" }, "no exact version"],
    [{ version: "latest" }, "no exact version"],
    [{ name: "Operator" }, "invalid release name"],
    [{ name: "x".repeat(54) }, "at most 53"],
    [{ chart: "" }, "chart: is required"],
    [{ repositoryOpts: { repo: "charts.example.com" } }, "could not find protocol handler"],
    [{ valuez: {} }, "valuez: is no input"],
  ])("is refused with %j", (change, says) => {
    expect(cloud.check(RELEASE, { ...release, ...change }).join()).toContain(says);
  });

  it("is not refused for what nobody knows yet", () => {
    const unknown = { ...release, name: UNKNOWN, namespace: UNKNOWN, version: UNKNOWN };
    expect(cloud.check(RELEASE, unknown)).toEqual([]);
    expect(cloud.check(RELEASE, { ...release, version: "v1.2.3-rc.1+build" })).toEqual([]);
  });

  it("needs its namespace, and its name for itself", async () => {
    await expect(cloud.create(RELEASE, { ...release, namespace: "gone" })).rejects.toThrow("there is no");
    await cloud.create(RELEASE, release);
    await expect(cloud.create(RELEASE, release)).rejects.toThrow("n/operator already exists");
  });
});
