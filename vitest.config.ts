import { defineConfig } from "vitest/config";

/** One project per level of test, quickest first; `tests/run.ts` runs them in this order. */
const level = (name: string, timeoutSeconds: number, parallel = true) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: timeoutSeconds * 1000,
    fileParallelism: parallel,
  },
});

export default defineConfig({
  test: {
    projects: [
      level("unit", 30),
      level("components", 60),
      level("policy", 120),
      level("local", 600, false),
      level("cli", 600, false),
      level("engine", 900, false),
    ],
  },
});
