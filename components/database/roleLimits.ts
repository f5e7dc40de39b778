import {
  APPLICATION_SHARE,
  connectionLimits,
  MAX_CONNECTIONS,
  type RoleLimits,
} from "../../catalogue/connectionLimits";
import type { CatalogueName } from "../../settings";

/**
 * Connections of the roles of each database of one server. The database that the stack's own application uses gets all that
 * applications may have (160, S3-38), which is what a pooler before it opens; the applications of the others get equal parts.
 */
export const roleLimits =
  (databases: readonly CatalogueName[], main: CatalogueName) =>
  (database: CatalogueName): RoleLimits =>
    connectionLimits({
      databases: databases.length,
      ...(database === main ? { app: MAX_CONNECTIONS * APPLICATION_SHARE } : {}),
    });
