/** Name with which the application logs in. */
export const APP_USER = "app";

/**
 * All keys and channels; no administration and nothing that blocks a server (`KEYS`, `FLUSHALL`, `MONITOR`: C-29). `INFO` is
 * counted among the dangerous ones and given back, since clients ask it whether a server is ready.
 */
export const APP_ACCESS = "on ~* &* +@all -@admin -@dangerous +info";
