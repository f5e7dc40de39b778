/** Where the parts of a migration stand in its pods, and what they are called. */

/** Service account of migrations and of what runs by the clock, and the label `app` of their pods: a database lets it in by that. */
export const MIGRATION_APP = "database-migration";

/** The folder of the program, and the program. */
export const PROGRAM_FOLDER = "/program";
export const PROGRAM_FILE = "migrate.cjs";
export const FETCH_SCRIPT = "fetch-master.sh";

/** The folder of the plan and the migrations, and the plan of a migration. */
export const PLAN_FOLDER = "/plan";
export const PLAN_FILE = "plan.json";
/** Certificates that the server's own is checked against, where they are given as text. */
export const CA_FILE = "ca.pem";

/** A folder in memory, and the file in it that the init container leaves the master's secret in. */
export const MASTER_FOLDER = "/master";
export const MASTER_FILE = "secret.json";

/** The folder of certificates that come from a Secret. */
export const CA_FOLDER = "/ca";
