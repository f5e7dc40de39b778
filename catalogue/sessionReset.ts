/**
 * What a connection is told between two transactions, so that nothing of the one client is left for the next: an identity or another
 * setting that was made for the whole session by mistake, a cursor WITH HOLD with another user's rows, locks, `lastval()`.
 * Not DISCARD ALL: beside other statements it fails, and it would make the pooler prepare every statement anew.
 */
export const SESSION_RESET = [
  "RESET SESSION AUTHORIZATION",
  "RESET ROLE",
  "RESET ALL",
  "CLOSE ALL",
  "UNLISTEN *",
  "SELECT pg_advisory_unlock_all()",
  "DISCARD SEQUENCES",
].join("; ");

/** For a PgBouncer in transaction pooling, which by itself resets nothing. One more message to the server after each transaction. */
export const PGBOUNCER_RESET = { server_reset_query: SESSION_RESET, server_reset_query_always: "1" } as const;
