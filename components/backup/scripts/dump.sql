-- Manifest and dump of one snapshot, by psql. The transaction stays open while `stream.sh` runs, so no table is emptied or
-- altered in between; it only reads. Reads the whole database once more than the dump alone does.
\encoding UTF8
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL lock_timeout = '5min';
-- Rather an error than rows that a policy hides.
SET LOCAL row_security = off;

\o facts
COPY (SELECT 'database', current_database(), NULL, NULL) TO STDOUT;
COPY (SELECT 'taken', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), NULL, NULL) TO STDOUT;
COPY (
  SELECT unnest(ARRAY['encoding', 'collate', 'ctype']), unnest(ARRAY[pg_encoding_to_char(encoding), datcollate, datctype]), NULL, NULL
  FROM pg_database WHERE datname = current_database()
) TO STDOUT;
-- A dump names the owners of things and does not make them.
COPY (SELECT 'role', rolname, NULL, NULL FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname) TO STDOUT;

\o contents
\ir contents.sql
\o

SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! bash "$SCRIPTS/stream.sh" 2>said-dump
COMMIT;
