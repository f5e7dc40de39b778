-- What a database holds, as lines of four columns: what, name, number, checksum. Runs in the database that is dumped and in the
-- one that a drill has restored; only the values of sequences, which know no snapshots, may have gone on.
\encoding UTF8
-- Rows as text, whatever the session, the server or the user are set to.
SET search_path = '';
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'iso_8601';
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET xmlbinary = 'base64';
SET lc_monetary = 'C';

-- Rows of every table and partition. The sum does not depend on their order; a column may be called t.
SELECT format(
  'COPY (SELECT %L, %L, count(*), sum(hashtextextended((t.*)::text COLLATE "C", 0)) FROM ONLY %s AS t) TO STDOUT',
  'table', name, name)
FROM (
  SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
      SELECT FROM pg_depend AS d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
) AS tables
ORDER BY name COLLATE "C" \gexec

COPY (
  SELECT 'large-objects', 'all', count(*),
    sum(hashtextextended(oid::text || ':' || encode(sha256(lo_get(oid)), 'hex'), 0))
  FROM pg_largeobject_metadata
) TO STDOUT;

-- The last value of each sequence, and its step; none where it starts over by itself.
COPY (
  SELECT 'sequence', format('%I.%I', s.schemaname, s.sequencename), CASE WHEN s.cycle THEN NULL ELSE s.last_value END, s.increment_by
  FROM pg_sequences AS s
  WHERE NOT EXISTS (
    SELECT FROM pg_depend AS d
    WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e'
      AND d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass)
  ORDER BY 2
) TO STDOUT;

-- How many there are of everything else that is not an extension's own. No invalid index is dumped.
COPY (
  SELECT 'objects', kind, count(*), NULL
  FROM (
    SELECT CASE WHEN relkind = 'v' THEN 'views' WHEN relkind = 'm' THEN 'materialized views' ELSE 'partitioned tables' END AS kind,
      'pg_class'::regclass AS catalogue, oid, relnamespace AS schema
    FROM pg_class WHERE relkind IN ('v', 'm', 'p')
    UNION ALL
    SELECT 'indexes', 'pg_class'::regclass, c.oid, c.relnamespace
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid WHERE i.indisvalid OR c.relkind = 'I'
    UNION ALL
    SELECT 'functions', 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
    UNION ALL
    SELECT 'constraints', 'pg_constraint'::regclass, oid, connamespace FROM pg_constraint
    UNION ALL
    SELECT 'triggers', 'pg_trigger'::regclass, g.oid, c.relnamespace
    FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal
    UNION ALL
    SELECT 'policies', 'pg_policy'::regclass, p.oid, c.relnamespace
    FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
  ) AS made JOIN pg_namespace AS n ON n.oid = made.schema
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
      SELECT FROM pg_depend AS d
      WHERE d.classid = made.catalogue AND d.objid = made.oid AND d.deptype = 'e')
  GROUP BY kind
  ORDER BY kind
) TO STDOUT;
