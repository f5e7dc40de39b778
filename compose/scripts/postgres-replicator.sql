-- The role that replicas copy with; environment ROLE_PASSWORD. It is never the application's.
\getenv password ROLE_PASSWORD
SET log_min_error_statement = panic;
SET log_min_duration_statement = -1;

SELECT 'CREATE ROLE replicator'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator') \gexec
ALTER ROLE replicator LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
