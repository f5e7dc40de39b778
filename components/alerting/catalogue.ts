import type { Alert, Part } from "./alert";
import { activity } from "./alerts/activity";
import { app } from "./alerts/app";
import { archive } from "./alerts/archive";
import { availability } from "./alerts/availability";
import { backup } from "./alerts/backup";
import { cache } from "./alerts/cache";
import { database } from "./alerts/database";
import { databaseDetail } from "./alerts/databaseDetail";
import { databaseStorage } from "./alerts/databaseStorage";
import { files } from "./alerts/files";
import { jobs } from "./alerts/jobs";
import { notices } from "./alerts/notices";
import { partitions } from "./alerts/partitions";
import { pooler } from "./alerts/pooler";
import { proxy } from "./alerts/proxy";
import { queries } from "./alerts/queries";
import { replica } from "./alerts/replica";
import { slots } from "./alerts/slots";
import { sqlite } from "./alerts/sqlite";
import { usage } from "./alerts/usage";
import { volumes } from "./alerts/volumes";

/** Every alert there is. CloudWatch alarms, Prometheus rules and the runbooks are rendered from here. */
export const CATALOGUE: readonly Alert[] = [
  ...availability,
  ...database,
  ...databaseStorage,
  ...databaseDetail,
  ...slots,
  ...partitions,
  ...activity,
  ...queries,
  ...replica,
  ...proxy,
  ...pooler,
  ...sqlite,
  ...cache,
  ...files,
  ...volumes,
  ...app,
  ...usage,
  ...backup,
  ...archive,
  ...jobs,
  ...notices,
];

/** The alerts of some parts, in the order of the catalogue. */
export const alertsOf = (parts: readonly Part[]): readonly Alert[] =>
  CATALOGUE.filter(({ part }) => parts.includes(part));
