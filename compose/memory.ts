import type { Size } from "../settings/tiers";

/** Sixteenths of the server's memory; ours, as no document states them. What is left is the system's and its page cache. */
const SIXTEENTHS = {
  postgresql: { database: 6, app: 4, files: 2, cache: 1 },
  sqlite: { app: 8, cache: 2 },
} as const;

const share = (size: Size, sixteenths: number): number => Math.floor((size.memoryGiB * 1024 * sixteenths) / 16);

/** Limits in MiB with PostgreSQL: its share is divided evenly among the primary and the replicas. */
export function postgresqlMemory(size: Size, replicas: number) {
  const { database, app, files, cache } = SIXTEENTHS.postgresql;
  return {
    database: Math.floor(share(size, database) / (1 + replicas)),
    app: share(size, app),
    files: share(size, files),
    cache: share(size, cache),
  };
}

/** Limits in MiB with SQLite, which lives in the application's process. */
export function sqliteMemory(size: Size) {
  const { app, cache } = SIXTEENTHS.sqlite;
  return { app: share(size, app), cache: share(size, cache) };
}
