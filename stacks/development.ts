import { LocalApp } from "../components/app/localApp";
import { LocalBackups } from "../components/backup/localBackups";
import { MemoryCache } from "../components/cache/memoryCache";
import { SqliteDatabase } from "../components/database/sqliteDatabase";
import { LocalFiles } from "../components/files/localFiles";
import type { DevelopmentSettings } from "../settings";
import { databasePath } from "../settings/places";
import type { StackOutputs } from "./outputs";

/** Tier development (S1-87): SQLite, a local folder and memory, on this machine. */
export function development(settings: DevelopmentSettings): StackOutputs {
  const { users, tier } = settings;

  const backups = new LocalBackups("backups", settings.backup);
  const database = new SqliteDatabase("database", {
    path: databasePath(settings),
    catalogue: settings.database.name,
    busyTimeoutMs: settings.database.busyTimeoutMs,
    backups: settings.backup.path,
  });
  const files = new LocalFiles("files", settings.files);
  const cache = new MemoryCache("cache");
  const app = new LocalApp("app", {
    ...settings.app,
    tier,
    users,
    database: database.endpoint,
    files: files.endpoint,
    cache: cache.endpoint,
  });

  return {
    tier,
    database: { kind: "sqlite", path: database.endpoint.path, schemaVersion: database.schemaVersion },
    files: { kind: "local", path: files.endpoint.path },
    cache: { kind: "memory" },
    app: { envFile: app.envFile, port: settings.app.port, replicas: settings.app.replicas },
    contract: app.contract,
    backups: { ...settings.backup, path: backups.path },
  };
}
