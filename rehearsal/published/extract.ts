import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDERS } from "../clouds";

/**
 * Writes schemas.json: what AWS publishes about the properties of each type that the models name, as the package cfn-lint (PyPI)
 * carries it. Run it with `npm run schemas` after a model names a new type, or to take a newer release.
 */
const RELEASE = "1.58.0";

/** What a check needs; descriptions and examples are most of the text and say nothing to a machine. */
const TOLD = new Set(["description", "markdownDescription", "examples", "title", "$comment"]);

const pruned = (value: unknown, inProperties = false): unknown => {
  if (Array.isArray(value)) return value.map((item) => pruned(item));
  // The end of a text, which JavaScript writes in another way.
  if (typeof value === "string") return value.replaceAll("\\Z", "$");
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => inProperties || !TOLD.has(key))
      .map(([key, item]) => [key, pruned(item, key === "properties" || key === "definitions")]),
  );
};

function extract(folder: string): void {
  execFileSync("python3", ["-m", "pip", "download", `cfn-lint==${RELEASE}`, "--no-deps", "--quiet", "-d", folder]);
  const [wheel] = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  execFileSync("python3", ["-m", "zipfile", "-e", join(folder, wheel ?? ""), folder]);
  const schemas = join(folder, "cfnlint/data/schemas");
  const read = (path: string) => JSON.parse(readFileSync(join(schemas, path), "utf8"));
  const files: Record<string, string> = read("providers/us-east-1.json");
  const models = PROVIDERS.flatMap(({ resources }) => [...resources.values()]);
  const names = [...new Set(models.flatMap(({ published }) => published?.type ?? []))].sort();
  const types = names.map((name) => {
    if (files[name] === undefined) throw new Error(`${name} is not published`);
    const { properties, definitions } = read(`resources/${files[name]}.json`);
    return [name, pruned({ properties, definitions })];
  });
  const release = `cfn-lint ${RELEASE} (PyPI), region us-east-1`;
  writeFileSync(join(__dirname, "schemas.json"), `${JSON.stringify({ release, types: Object.fromEntries(types) })}\n`);
  process.stdout.write(`${names.length} types of ${release}\n`);
}

const folder = mkdtempSync(join(tmpdir(), "schemas-"));
try {
  extract(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
