import { defineConfig } from "vitest/config";
import { LEVELS } from "./tests/levels";

export default defineConfig({
  test: {
    projects: LEVELS.map(({ name, timeoutSeconds, parallel }) => ({
      test: {
        name,
        include: [`tests/${name}/**/*.test.ts`],
        testTimeout: timeoutSeconds * 1000,
        hookTimeout: timeoutSeconds * 1000,
        fileParallelism: parallel,
        setupFiles: ["tests/support/seed.ts"],
      },
    })),
  },
});
