import { defineConfig } from "vitest/config";

/** The tests that mutation testing runs for each change of a rule (stryker.config.json): the pure ones about rules, no engine. */
export default defineConfig({
  test: { include: ["tests/policy/rules/**/*.test.ts"], testTimeout: 60_000 },
});
