import { describe, expect, it } from "vitest";
import { clusterNeeds } from "../../../../cli/cluster/needs";
import { parseSettings, type RawSettings } from "../../../../settings";

const needs = (raw: RawSettings) => clusterNeeds(parseSettings(raw, "test").settings);
const team = (more: RawSettings = {}) =>
  needs({ tier: "small-team", users: 400, backup: { store: { bucket: "copies" } }, ...more });
const smb = (more: RawSettings = {}) => needs({ tier: "smb", users: 20_000, ...more });
const STORE = { store: { bucket: "copies" } };
const names = (found: ReturnType<typeof needs>) => found?.operators.map(({ name, mode }) => `${name} ${mode}`);

describe("what a stack needs of its cluster", () => {
  it("is nothing on this machine", () => {
    expect(needs({ tier: "development", users: 10 })).toBeUndefined();
  });

  it("is a volume and, for its alerts, Prometheus, for a small team", () => {
    expect(team()).toEqual({
      cluster: "existing",
      sealed: false,
      operators: [{ name: "prometheus", mode: "existing", setting: "operators.prometheus" }],
      storageClass: "default",
      scales: false,
    });
    expect(names(team({ operators: { prometheus: "none" } }))).toEqual([]);
    expect(team({ cluster: { context: "home", storageClass: "fast" } })).toMatchObject({
      context: "home",
      storageClass: "fast",
    });
  });

  it("is no more than the cluster where everything else is in AWS", () => {
    expect(smb()).toEqual({ cluster: "existing", sealed: false, operators: [], scales: true });
    expect(smb({ cluster: { mode: "create" } })?.cluster).toBe("created");
    expect(
      needs({
        tier: "enterprise",
        users: 250_000,
        app: { image: `a@sha256:${"0".repeat(64)}` },
        alerts: { recipients: ["a@example.com"] },
      }),
    ).toEqual({
      cluster: "existing",
      sealed: false,
      operators: [],
      scales: true,
    });
  });

  it("is the operators of the database where that is in the cluster", () => {
    const self = smb({ database: { host: "kubernetes" }, backup: STORE });
    expect(names(self)).toEqual(["cloudNativePg existing", "barmanCloud existing", "prometheus existing"]);
    expect(self?.storageClass).toBe("default");
    const installed = smb({
      database: { host: "kubernetes" },
      backup: STORE,
      operators: { cloudNativePg: "install", prometheus: "install" },
    });
    expect(names(installed)).toEqual(["cloudNativePg install", "barmanCloud install", "prometheus install"]);
  });

  it("is not seen where the kubeconfig is a secret", () => {
    expect(team({ cluster: { kubeconfig: "[secret]" } })?.sealed).toBe(true);
  });
});
