/** Where the application's volumes are mounted. */

/** The folder of the database; the platform's own (S0-03). */
export const DATABASE_FOLDER = "/database";

/** The folder of the files. */
export const FILES_FOLDER = "/files";

/** The file of a logical database (C-12). */
export const databaseFile = (database: string): string => `${DATABASE_FOLDER}/${database}.db`;
