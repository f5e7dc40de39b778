-- The manifest as a table, and an empty database like the one that was dumped, with the names of its roles.
\encoding UTF8
\getenv max_age_hours MAX_AGE_HOURS
CREATE TABLE expected (what text NOT NULL, name text NOT NULL, number numeric, checksum text, PRIMARY KEY (what, name));
\copy expected FROM manifest.tsv

CREATE VIEW problems AS
SELECT format('is too old: it was taken at %s', name) AS problem FROM expected
WHERE what = 'taken' AND now() - name::timestamptz > make_interval(hours => :max_age_hours);

SELECT format('CREATE ROLE %I', name) FROM expected WHERE what = 'role' AND name NOT IN (SELECT rolname FROM pg_roles) \gexec

-- A locale fits one encoding; `C` fits them all.
SELECT format('CREATE DATABASE restored TEMPLATE template0 ENCODING %L', name) || CASE WHEN name <> 'UTF8' THEN ' LOCALE ''C''' ELSE '' END
FROM expected WHERE what = 'encoding' \gexec
