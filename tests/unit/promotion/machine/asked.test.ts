import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Asked, refuseOtherwise } from "../../../../promotion/machine/asked";
import type { Promotion } from "../../../../promotion/machine/folder";
import { rulesHash } from "../../../../promotion/rules/read";

let folder: string;
let rules: string;
let promotion: Promotion;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ladder-asked-"));
  rules = join(folder, "rules.yaml");
  writeFileSync(rules, "version: 1\n");
  writeFileSync(join(folder, "others.yaml"), "version: 1\ntables: {}\n");
  promotion = {
    id: "p1",
    stack: "dev",
    to: "smb",
    source: "/srv/shop.db",
    busyTimeoutMs: 5_000,
    backups: "/srv/backups",
    rules: rulesHash(rules),
    quarantine: false,
    target: "db:5432/shop",
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a run that goes on", () => {
  it("takes what the promotion began with, and nothing at all", () => {
    const same: Asked = { to: "smb", source: "/srv/shop.db", onto: "translate", rules, quarantine: false };
    expect(() => refuseOtherwise(promotion, same)).not.toThrow();
    expect(() => refuseOtherwise(promotion, { quarantine: false })).not.toThrow();
    expect(() =>
      refuseOtherwise(
        { ...promotion, catalogue: "ai_breeding", quarantine: true },
        { onto: "ai_breeding", quarantine: true },
      ),
    ).not.toThrow();
  });

  it.each<[RegExp, (folder: string) => Partial<Asked>]>([
    [
      /^--to enterprise is not what promotion p1 of stack dev began with: it climbs to smb\. /,
      () => ({ to: "enterprise" }),
    ],
    [/^--source \/srv\/other\.db .*: it is of \/srv\/shop\.db\. /, () => ({ source: "/srv/other.db" })],
    [/^--database ai_company .*: it carries the tables as they are\. /, () => ({ onto: "ai_company" })],
    [/^--rules .*others\.yaml .*: its rules were others\. /, (at) => ({ rules: join(at, "others.yaml") })],
    [/^There is no file of rules at /, (at) => ({ rules: join(at, "none.yaml") })],
    [/^--quarantine .*: it refuses rows that cannot be carried\. .*--rollback/, () => ({ quarantine: true })],
  ])("is refused when it asks for something else: %s", (message, asked) => {
    expect(() => refuseOtherwise(promotion, { quarantine: false, ...asked(folder) })).toThrow(message);
  });

  it("is refused when it asks for other tables, or rules where there are none", () => {
    const mapped: Promotion = { ...promotion, catalogue: "ai_breeding" };
    expect(() => refuseOtherwise(mapped, { onto: "translate", quarantine: false })).toThrow(
      /^--translate .*: it maps onto ai_breeding\. /,
    );
    const { rules: _, ...without } = promotion;
    expect(() => refuseOtherwise(without, { rules, quarantine: false })).toThrow(/it has no rules\. /);
  });
});
