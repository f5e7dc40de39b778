import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { generatedFiles } from "../../../docs/write";
import { TIER_NAMES } from "../../../settings";
import { keysOf, settingsReference } from "../../../settings/reference";
import { SCHEMAS } from "../../../settings/schema";

const ROOT = join(__dirname, "../../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

describe("what is written from the schema", () => {
  it.each(Object.entries(generatedFiles(ROOT)))("is as `npm run docs` writes it: %s", (file, text) => {
    expect(read(file)).toBe(text);
  });

  it("holds every key of every tier, with a sentence and what is allowed", () => {
    const page = read("docs/settings.md");
    const groups = new Set(settingsReference().map(({ key }) => key.split(".").slice(0, -1).join(".")));
    // A whole tier in one setting is told once, by its name.
    const told = (name: string) => !groups.has(name) && !name.startsWith("promotion.from.");
    for (const key of TIER_NAMES.flatMap((tier) => keysOf(tier)).filter(told)) expect(page).toContain(`| \`${key}\` |`);
    for (const entry of settingsReference()) {
      expect(entry.description, entry.key).toMatch(/^[A-Z].+\.$/);
      expect(entry.allowed, entry.key).not.toBe("");
    }
  });

  it("declares in Pulumi.yaml the top-level keys of every tier and no others", () => {
    const { config } = parse(read("Pulumi.yaml")) as { config: Record<string, { description: string }> };
    const keys = new Set(TIER_NAMES.flatMap((tier) => Object.keys(SCHEMAS[tier].shape)));
    expect(Object.keys(config).sort()).toEqual([...keys].sort());
    for (const [key, { description }] of Object.entries(config)) expect(description, key).not.toBe("");
  });
});
