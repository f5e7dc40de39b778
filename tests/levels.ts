/** The levels of test, quickest first. `vitest.config.ts` makes a project of each, `npm test` runs them in this order. */
export interface Level {
  readonly name: string;
  /** Longest time of one test or hook, in seconds. */
  readonly timeoutSeconds: number;
  /** Whether its files may run beside each other: not where they start processes that would starve one another. */
  readonly parallel: boolean;
  readonly needsEngine: boolean;
}

export const LEVELS: readonly Level[] = [
  { name: "unit", timeoutSeconds: 60, parallel: true, needsEngine: false },
  { name: "components", timeoutSeconds: 60, parallel: true, needsEngine: false },
  { name: "local", timeoutSeconds: 600, parallel: false, needsEngine: false },
  // Inside real PostgreSQL servers.
  { name: "database", timeoutSeconds: 900, parallel: false, needsEngine: false },
  // Databases that move while they are written, between real servers.
  { name: "promotion", timeoutSeconds: 1_200, parallel: false, needsEngine: false },
  { name: "policy", timeoutSeconds: 300, parallel: false, needsEngine: true },
  { name: "cli", timeoutSeconds: 300, parallel: false, needsEngine: true },
  { name: "crosscheck", timeoutSeconds: 900, parallel: false, needsEngine: true },
  // The first run builds an API server: 5 minutes where nothing else runs.
  { name: "kubernetes", timeoutSeconds: 1_800, parallel: false, needsEngine: true },
  { name: "engine", timeoutSeconds: 900, parallel: false, needsEngine: true },
];
