import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import {
  addOverride,
  applyOverrides,
  nameOfOverrides,
  type Overrides,
  overriddenSettings,
  showOverrides,
} from "../../../../cli/rehearsal/overrides";
import { copySettings } from "../../../../cli/rehearsal/settingsCopy";

const typed = (...texts: string[]): Overrides =>
  texts.reduce<Overrides>((before, text) => addOverride(text, before), []);
const typedValue = (text: string): unknown => addOverride(text)[0]?.value;

describe("what --config sets", () => {
  it.each([
    ["database.host=kubernetes", "kubernetes"],
    ["app.replicas=4", 4],
    ["users=0", 0],
    ["deletionProtection=false", false],
    ["cluster.version=1.35", "1.35"],
    ["app.image=007", "007"],
    ['network.zones=["us-east-1a","us-east-1b"]', ["us-east-1a", "us-east-1b"]],
    ['tags={"cost-centre":"a=b"}', { "cost-centre": "a=b" }],
    ["app.image=name@sha256:ab=cd", "name@sha256:ab=cd"],
    ["cluster.context=", ""],
  ])("%s", (text, value) => {
    expect(typedValue(text)).toEqual(value);
  });

  it("takes the key with the project's namespace, too", () => {
    expect(addOverride("scaling-ladder:database.host=kubernetes")).toEqual(addOverride("database.host=kubernetes"));
  });

  it.each(["database.host", "=kubernetes", "database..host=x", ".host=x", "a b=c", "database.host.=x"])(
    "refuses %s and shows how it is written",
    (text) => {
      expect(() => addOverride(text)).toThrow(/sets nothing\. .*--config database\.host=kubernetes/);
    },
  );

  it("names the key of a list that is no JSON", () => {
    expect(() => addOverride("network.zones=[us-east-1a]")).toThrow(/--config network\.zones: .*no JSON/);
  });

  it("lets the last value of a key count", () => {
    expect(typed("users=1", "app.port=80", "users=2")).toEqual([
      { key: "app.port", value: 80 },
      { key: "users", value: 2 },
    ]);
  });

  it("gives one name to one set of settings, whatever their order, and another to every other set", () => {
    const override = fc
      .tuple(fc.constantFrom("a", "b", "c.d", "c.e"), fc.constantFrom("1", "2", "true", "x"))
      .map(([key, value]) => `${key}=${value}`);
    const set = fc.array(override, { maxLength: 4 });
    fc.assert(
      fc.property(set, set, (one, other) => {
        const same = JSON.stringify(typed(...one)) === JSON.stringify(typed(...other));
        expect(nameOfOverrides(typed(...one)) === nameOfOverrides(typed(...other))).toBe(same);
      }),
    );
    expect(nameOfOverrides([])).toBe("");
    expect(nameOfOverrides(typed("a=1"))).toMatch(/^[0-9a-f]{8}$/);
  });

  it("shows no secret", () => {
    const shown = showOverrides(typed("database.url=postgresql://ada:hunter2@db.example/x", "users=5"));
    expect(shown).toBe("database.url=[secret], users=5");
  });
});

describe("a setting that is laid over a stack file", () => {
  const over = (yaml: string, ...texts: string[]) => {
    const document = parseDocument(yaml);
    applyOverrides(document, typed(...texts));
    return parse(String(document)) as unknown;
  };

  it("takes the place of what was there, and leaves the rest", () => {
    const yaml =
      "config:\n  scaling-ladder:tier: smb\n  scaling-ladder:database:\n    host: aws # why\n    replicas: 1\n";
    expect(over(yaml, "database.host=kubernetes", "users=5")).toEqual({
      config: {
        "scaling-ladder:tier": "smb",
        "scaling-ladder:users": 5,
        "scaling-ladder:database": { host: "kubernetes", replicas: 1 },
      },
    });
  });

  it("makes groups that were not there", () => {
    expect(over("", "tier=smb", "backup.store.bucket=b")).toEqual({
      config: { "scaling-ladder:tier": "smb", "scaling-ladder:backup": { store: { bucket: "b" } } },
    });
  });

  it("says so where a plain value stands in its way", () => {
    expect(() => over("config:\n  scaling-ladder:users: 5\n", "users.many=true")).toThrow(
      /--config users\.many: .*a plain value/,
    );
  });
});

describe("the settings of a rehearsal", () => {
  it("are those of the stack, with the overrides", () => {
    expect(overriddenSettings("smb", typed("app.replicas=5"))).toMatchObject({ tier: "smb", app: { replicas: 5 } });
    expect(overriddenSettings("smb", [])).toMatchObject({ tier: "smb", app: { replicas: 3 } });
  });

  it("name the key that is wrong, and where it comes from", () => {
    expect(() => overriddenSettings("smb", typed("database.hots=kubernetes"))).toThrow(
      /scaling-ladder:database\.hots = "kubernetes": there is no such setting.*did you mean database\.host[\s\S]*by --config: database\.hots/,
    );
    expect(() => overriddenSettings("smb", typed("app.replicas=0"))).toThrow(/scaling-ladder:app\.replicas = 0: /);
  });

  it("are not there for a stack without a file, or without a possible name", () => {
    expect(() => overriddenSettings("nothing", typed("users=5"))).toThrow("Pulumi.nothing.yaml");
    expect(() => overriddenSettings("../etc", typed("users=5"))).toThrow("There can be no stack");
  });
});

describe("the copy of the settings", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ladder-overrides-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("holds the overrides, no secret that was typed, and the file stays as it was", () => {
    const [from, to] = [join(folder, "from.yaml"), join(folder, "to.yaml")];
    const text = [
      "encryptionsalt: v1:abc",
      "config:",
      "  scaling-ladder:tier: smb",
      "  scaling-ladder:cluster:",
      "    kubeconfig:",
      "      secure: v1:xyz",
      "",
    ].join("\n");
    writeFileSync(from, text);
    copySettings(
      from,
      to,
      typed(
        "database.host=external",
        "database.url=postgresql://ada:hunter2@db.example/x",
        'backup={"store":{"bucket":"b","secretKey":"hunter2"}}',
      ),
    );
    const copy = readFileSync(to, "utf8");
    expect(parse(copy)).toEqual({
      config: {
        "scaling-ladder:tier": "smb",
        "scaling-ladder:cluster": { kubeconfig: "stand-in-of-the-rehearsal" },
        "scaling-ladder:database": {
          host: "external",
          url: "postgresql://user-of-the-rehearsal:stand-in-of-the-rehearsal@database.invalid:5432/database",
        },
        "scaling-ladder:backup": { store: { bucket: "b", secretKey: "stand-in-of-the-rehearsal" } },
      },
    });
    expect(copy).not.toContain("hunter2");
    expect(readFileSync(from, "utf8")).toBe(text);
    expect(statSync(to).mode & 0o777).toBe(0o600);
  });
});
