import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vitest/config";

const FOLDER = join(__dirname, "tests/policy/rules");
const DESCRIBE = JSON.stringify(join(FOLDER, "describeCases.ts"));

const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("Cases.ts") && name !== "allCases.ts")
  .map((name) => join(FOLDER, name))
  .filter((file) => readFileSync(file, "utf8").includes("export const CASES"));

/**
 * Makes a test file of each file of cases. A mutant is run with the files that reach it: were all cases in one file, as for
 * `npm test`, it would take three times as long.
 */
const casesAreTests: Plugin = {
  name: "cases-are-tests",
  enforce: "pre",
  transform: (code, id) =>
    files.includes(id) ? `import { describeCases } from ${DESCRIBE};\n${code}\ndescribeCases(CASES);` : undefined,
};

/** What mutation testing runs (stryker.config.json): the cases of the rules, no engine. */
export default defineConfig({ plugins: [casesAreTests], test: { include: files } });
