import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { hasBothTiers, stackFlip } from "../../../../cli/promotion/stackFlip";
import { smbSettingsOf } from "../../../../cli/promotion/stackSettings";
import { localSettings } from "../../../../settings/places";
import { readStackSettings } from "../../../../settings/stackFile";

const DEV = `# mine
encryptionsalt: v1:of-dev
config:
  scaling-ladder:tier: development
  # people
  scaling-ladder:users: "900"
  scaling-ladder:database:
    path: data/mine.db
`;
const SMB = `encryptionsalt: v1:of-another
config:
  # where it goes
  scaling-ladder:tier: smb
  scaling-ladder:users: "2000"
`;

const root = mkdtempSync(join(tmpdir(), "ladder-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let ups: string[];
let failing: boolean;
let refused: boolean;
const flip = stackFlip({
  stack: "dev",
  root,
  parent: join(root, "kept"),
  plan: async () => {
    if (refused) throw new Error("the engine lacks a provider");
    return async () => {
      ups.push(readStackSettings(root, "dev").settings.tier);
      if (failing) throw new Error("the engine was killed");
    };
  },
});
const file = join(root, "Pulumi.dev.yaml");
const target = join(root, "to.yaml");
const settings = () => readStackSettings(root, "dev").settings;

beforeEach(() => {
  ups = [];
  failing = false;
  refused = false;
  rmSync(join(root, "kept"), { recursive: true, force: true });
  writeFileSync(file, DEV);
  writeFileSync(target, SMB);
});

describe("the settings of a stack that is promoted", () => {
  it("first name both tiers, and keep what they came from", async () => {
    await flip.hold(target);
    expect(settings().tier).toBe("smb");
    expect(localSettings(settings())).toMatchObject({
      tier: "development",
      users: 900,
      database: { path: "data/mine.db" },
    });
    expect(readFileSync(join(root, "kept", "settings-before.yaml"), "utf8")).toBe(DEV);
    expect(readFileSync(file, "utf8")).toContain("encryptionsalt: v1:of-dev");
    expect(await flip.state()).toBe("old");
    expect(ups).toHaveLength(1);
  });

  it("then name the new one alone, with its comments", async () => {
    await flip.hold(target);
    await flip.flip();
    expect(localSettings(settings())).toBeUndefined();
    expect(readFileSync(file, "utf8")).toContain("# where it goes");
    expect(readFileSync(file, "utf8")).not.toContain("promotion");
    expect(await flip.state()).toBe("new");
  });

  it("S1-70: go back to both when it is taken back", async () => {
    await flip.hold(target);
    const both = readFileSync(file, "utf8");
    await flip.flip();
    await flip.unflip();
    expect(readFileSync(file, "utf8")).toBe(both);
    expect(await flip.state()).toBe("old");
  });

  it("are right after a run of the engine that did not end, and the next one brings them up again", async () => {
    failing = true;
    await expect(flip.hold(target)).rejects.toThrow("killed");
    failing = false;
    await flip.hold(target);
    await flip.flip();
    expect(ups).toEqual(["smb", "smb", "smb"]);
    expect(readFileSync(join(root, "kept", "settings-before.yaml"), "utf8")).toBe(DEV);
  });

  it("are not touched when the file names a tier that nobody is promoted to, or no settings at all", async () => {
    for (const [text, says] of [
      [
        "config:\n  scaling-ladder:tier: development\n  scaling-ladder:users: 5\n",
        "cannot be promoted to tier development",
      ],
      ["config:\n  scaling-ladder:tier: smb\n  scaling-ladder:usres: 5\n", "usres"],
      ["nothing: here\n", "scaling-ladder:tier"],
      ["config: [", "not valid YAML"],
    ] as const) {
      writeFileSync(target, text);
      await expect(flip.hold(target)).rejects.toThrow(says);
      expect(readFileSync(file, "utf8")).toBe(DEV);
    }
    expect(ups).toEqual([]);
  });

  it("stay what they were when the engine refuses the new ones, at either step", async () => {
    refused = true;
    await expect(flip.hold(target)).rejects.toThrow("lacks a provider");
    expect(readFileSync(file, "utf8")).toBe(DEV);
    expect(await flip.state()).toBe("old");
    expect(hasBothTiers("dev", root, join(root, "kept"))).toBe(false);
    refused = false;
    await flip.hold(target);
    expect(hasBothTiers("dev", root, join(root, "kept"))).toBe(true);
    const both = readFileSync(file, "utf8");
    refused = true;
    await expect(flip.flip()).rejects.toThrow("lacks a provider");
    expect(readFileSync(file, "utf8")).toBe(both);
  });

  it("take no secret that was encrypted for another stack", async () => {
    writeFileSync(target, `${SMB}  scaling-ladder:alerts:\n    slack:\n      secure: v1:abc\n`);
    await expect(flip.hold(target)).rejects.toThrow("encrypted for another stack");
    expect(readFileSync(file, "utf8")).toBe(DEV);
  });

  it("cannot be taken back without what was kept, and say where they are", async () => {
    await flip.hold(target);
    await flip.flip();
    rmSync(join(root, "kept", "settings-promoting.yaml"));
    await expect(flip.unflip()).rejects.toThrow("settings-before.yaml");
  });

  it("are those of tier smb", () => {
    expect(smbSettingsOf("dev", parseDocument(SMB)).users).toBe(2000);
  });
});
