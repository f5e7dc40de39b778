import { describe, expect, it } from "vitest";
import { fateOf } from "../../../cli/fate";
import { parseSettings, type RawSettings } from "../../../settings";

const STORE = { store: { bucket: "copies" } };
const fate = (raw: RawSettings) => fateOf(parseSettings(raw, "test").settings);
const smb = (more: RawSettings) => fate({ tier: "smb", users: 20_000, ...more });

/** What `ladder destroy` says before it asks and when it is done. It must not promise what is not there. */
describe("taking a stack down", () => {
  it("leaves what is on this machine", () => {
    expect(fate({ tier: "development", users: 10 })).toEqual({
      warning: "Databases, files and backups on this machine stay.",
      stays: [],
    });
  });

  it("leaves snapshots where there are any: in AWS", () => {
    expect(smb({}).warning).toContain("a final snapshot");
    expect(smb({}).stays).toHaveLength(2);
  });

  it.each([
    ["small-team", () => fate({ tier: "small-team", users: 400, backup: STORE })],
    ["smb in the cluster", () => smb({ database: { host: "kubernetes" }, backup: STORE })],
  ])("takes the volumes of %s along, and leaves the bucket of its backups", (_what, of) => {
    const { warning, stays } = of();
    expect(warning).toMatch(/deleted with their volumes; the backups outside of the cluster stay/);
    expect(warning).not.toContain("snapshot");
    expect(stays).toEqual(["the backups in bucket copies, which is not of this stack"]);
  });

  it("leaves a database that is elsewhere", () => {
    const url = "postgresql://a:b@db.example.com/aibase";
    const { warning, stays } = smb({ database: { host: "external", url }, backup: STORE });
    expect(warning).toContain("the database, which is elsewhere, stays");
    expect(stays.join()).not.toContain("db.example.com");
    expect(stays[0]).toBe("the database under database.url");
  });
});
