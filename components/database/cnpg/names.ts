/** How the names of logical databases and roles become names of Kubernetes objects, and what the operator calls its own. */

/** `ai_company` becomes `ai-company`: a Kubernetes name knows no underscore. */
export const objectName = (name: string): string => name.replaceAll("_", "-");

/** Services that the operator makes for a cluster. */
export const SERVICES = { writer: "rw", reader: "ro" } as const;

/** Labels that the operator puts on its pods; those of a pooler have the cluster's as well. */
export const CLUSTER_LABEL = "cnpg.io/cluster";
export const ROLE_LABEL = "cnpg.io/podRole";
export const POOLER_LABEL = "cnpg.io/poolerName";

/** Port of PostgreSQL and of PgBouncer, and the one at which each instance tells its state to the operator. */
export const PORT = 5432;
export const STATUS_PORT = 8000;

export const API_VERSION = "postgresql.cnpg.io/v1";
