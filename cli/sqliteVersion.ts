import type { Finding } from "./finding";

/** The first SQLite without the WAL-reset bug, which can damage a database in WAL mode that two processes write. */
const SOUND = [3, 51, 3] as const;

/** Whether a version of SQLite, such as `3.51.3`, can be trusted with a database in WAL mode. */
export function sqliteFinding(version: string): Finding {
  const parts = version.split(".").map(Number);
  const differing = SOUND.findIndex((wanted, index) => parts[index] !== wanted);
  const sound = differing < 0 || (parts[differing] ?? 0) > (SOUND[differing] ?? 0);
  return {
    part: "SQLite (better-sqlite3)",
    verdict: sound ? "ok" : "missing",
    detail: sound
      ? version
      : `${version} can damage a database that two processes write (WAL-reset bug); ${SOUND.join(".")} or newer is needed: npm ci installs the better-sqlite3 that brings it`,
  };
}
