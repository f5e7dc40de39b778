import type { Alert, Part } from "./alert";
import { app } from "./alerts/app";
import { availability } from "./alerts/availability";
import { backup } from "./alerts/backup";
import { cache } from "./alerts/cache";
import { database } from "./alerts/database";
import { databaseDetail } from "./alerts/databaseDetail";
import { files } from "./alerts/files";
import { notices } from "./alerts/notices";
import { pooler } from "./alerts/pooler";
import { proxy } from "./alerts/proxy";
import { queries } from "./alerts/queries";
import { replica } from "./alerts/replica";
import { sqlite } from "./alerts/sqlite";

/** Every alert there is. CloudWatch alarms, Prometheus rules and the runbooks are rendered from here. */
export const CATALOGUE: readonly Alert[] = [
  ...availability,
  ...database,
  ...databaseDetail,
  ...queries,
  ...replica,
  ...proxy,
  ...pooler,
  ...sqlite,
  ...cache,
  ...files,
  ...app,
  ...backup,
  ...notices,
];

/** The alerts of some parts, in the order of the catalogue. */
export const alertsOf = (parts: readonly Part[]): readonly Alert[] =>
  CATALOGUE.filter(({ part }) => parts.includes(part));
