import { LADDER, OWN_TABLES } from "../history";

/**
 * Facts whose text PostgreSQL writes itself, out of what it has parsed. Another major version may write the same thing in another
 * way, so they are compared only on the version that they were recorded on.
 */
export const WRITTEN_FACTS: ReadonlySet<string> = new Set([
  "bounds",
  "check",
  "condition",
  "default",
  "definition",
  "partition key",
]);

/**
 * One JSON object that describes all that migrations make, as `{ "<kind> <name>": { "<fact>": "<text>" } }`: what is in `public`, in
 * `ladder` and in other schemas of the database's owner. Left out: what belongs to an extension, the runner's own tables, rights (the
 * bootstrap gives them), data, and of partitions all but bounds and row security, because maintenance makes them as time goes by.
 *
 * Names are written as they are seen with `search_path = public`, so it must be that.
 */
export const DESCRIBE = `
WITH owner AS MATERIALIZED (
  SELECT datdba AS oid FROM pg_database WHERE datname = current_database()
), extension AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), space AS MATERIALIZED (
  SELECT n.oid, n.nspname FROM pg_namespace AS n, owner
  WHERE (n.nspname IN ('public', '${LADDER}') OR n.nspowner = owner.oid)
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM extension AS e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid)
), relation AS MATERIALIZED (
  SELECT c.*, format('%I.%I', s.nspname, c.relname) AS name
  FROM pg_class AS c JOIN space AS s ON s.oid = c.relnamespace
  WHERE NOT (s.nspname = '${LADDER}' AND c.relname IN (${OWN_TABLES.map((name) => `'${name}', '${name}_id_seq'`).join(", ")}))
    AND NOT EXISTS (SELECT FROM extension AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
), tables AS MATERIALIZED (
  SELECT * FROM relation WHERE relkind IN ('r', 'p', 'f') AND NOT relispartition
), fact (key, facts) AS (
  SELECT 'schema ' || quote_ident(nspname), jsonb_build_object('kind', 'schema') FROM space
UNION ALL
  SELECT 'table ' || t.name, jsonb_build_object(
    'kind', CASE relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' ELSE 'ordinary' END,
    'owner', CASE WHEN relowner = owner.oid THEN 'the owner of the database' ELSE pg_get_userbyid(relowner) END,
    'logged', relpersistence <> 'u', 'row security', relrowsecurity, 'forced row security', relforcerowsecurity,
    'replica identity', CASE relreplident WHEN 'd' THEN 'primary key' WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' ELSE 'index' END,
    'partition key', CASE WHEN relkind = 'p' THEN pg_get_partkeydef(t.oid) END, 'options', array_to_string(reloptions, ', '))
  FROM tables AS t, owner
UNION ALL
  SELECT 'partition ' || r.name, jsonb_build_object('table', parent.name,
    'bounds', pg_get_expr(r.relpartbound, r.oid), 'row security', r.relrowsecurity)
  FROM relation AS r JOIN pg_inherits AS i ON i.inhrelid = r.oid JOIN relation AS parent ON parent.oid = i.inhparent
  WHERE r.relispartition AND r.relkind IN ('r', 'p', 'f')
UNION ALL
  SELECT format('column %s.%I', t.name, a.attname), jsonb_build_object('table', t.name,
    'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull,
    'collation', CASE WHEN a.attcollation <> typcollation THEN a.attcollation::regcollation::text END,
    'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
    'generated', CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
    'default', pg_get_expr(d.adbin, d.adrelid))
  FROM tables AS t JOIN pg_attribute AS a ON a.attrelid = t.oid JOIN pg_type AS ty ON ty.oid = a.atttypid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
  SELECT format('constraint %I on %s', c.conname, t.name), jsonb_build_object('table', t.name,
    'kind', CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
      WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE c.contype::text END,
    'columns', (SELECT string_agg(quote_ident(attname), ', ' ORDER BY place) FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, place)
      JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attnum),
    'references', CASE WHEN c.contype = 'f' THEN c.confrelid::regclass::text END,
    'on delete', CASE WHEN c.contype = 'f' THEN c.confdeltype::text END, 'on update', CASE WHEN c.contype = 'f' THEN c.confupdtype::text END,
    'valid', c.convalidated, 'deferrable', c.condeferrable, 'definition', pg_get_constraintdef(c.oid))
  FROM tables AS t JOIN pg_constraint AS c ON c.conrelid = t.oid
  -- Constraint triggers are seen as triggers; NOT NULL has a row here since PostgreSQL 18 and is told of its column.
  WHERE c.conparentid = 0 AND c.contype NOT IN ('t', 'n')
UNION ALL
  SELECT 'index ' || r.name, jsonb_build_object('table', t.name, 'method', am.amname, 'unique', i.indisunique, 'valid', i.indisvalid,
    'columns', (SELECT string_agg(coalesce(quote_ident(attname), '(expression)'), ', ' ORDER BY place)
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
      LEFT JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attnum AND k.attnum <> 0),
    'definition', pg_get_indexdef(r.oid))
  FROM tables AS t JOIN pg_index AS i ON i.indrelid = t.oid JOIN relation AS r ON r.oid = i.indexrelid JOIN pg_am AS am ON am.oid = r.relam
UNION ALL
  SELECT format('trigger %I on %s', g.tgname, t.name), jsonb_build_object('table', t.name, 'function', p.oid::regprocedure::text,
    'enabled', CASE g.tgenabled WHEN 'O' THEN 'yes' WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replicas' ELSE 'always' END,
    'definition', pg_get_triggerdef(g.oid))
  FROM relation AS t JOIN pg_trigger AS g ON g.tgrelid = t.oid JOIN pg_proc AS p ON p.oid = g.tgfoid
  WHERE NOT t.relispartition AND NOT g.tgisinternal AND g.tgparentid = 0
UNION ALL
  SELECT format('policy %I on %s', p.polname, t.name), jsonb_build_object('table', t.name,
    'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'permissive', p.polpermissive,
    'roles', (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END, ', ' ORDER BY role)
      FROM unnest(p.polroles) AS role),
    'condition', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
  FROM relation AS t JOIN pg_policy AS p ON p.polrelid = t.oid
UNION ALL
  SELECT CASE relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || name,
    jsonb_build_object('options', array_to_string(reloptions, ', '), 'definition', pg_get_viewdef(oid))
  FROM relation WHERE relkind IN ('v', 'm')
UNION ALL
  SELECT 'sequence ' || r.name, jsonb_build_object('table', t.name, 'type', format_type(q.seqtypid, NULL), 'start', q.seqstart,
    'increment', q.seqincrement, 'minimum', q.seqmin, 'maximum', q.seqmax, 'cache', q.seqcache, 'cycle', q.seqcycle)
  FROM relation AS r JOIN pg_sequence AS q ON q.seqrelid = r.oid
    LEFT JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
    LEFT JOIN tables AS t ON t.oid = d.refobjid
UNION ALL
  SELECT 'type ' || format_type(ty.oid, NULL), jsonb_build_object(
    'kind', CASE ty.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' ELSE 'range' END,
    'values', (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = ty.oid),
    'base', CASE ty.typtype WHEN 'd' THEN format_type(ty.typbasetype, ty.typtypmod) END,
    'columns', (SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
      FROM pg_attribute WHERE attrelid = ty.typrelid AND attnum > 0 AND NOT attisdropped),
    'default', ty.typdefault,
    'definition', (SELECT string_agg(pg_get_constraintdef(c.oid), ', ' ORDER BY c.conname) FROM pg_constraint AS c
      WHERE c.contypid = ty.oid AND c.contype <> 'n'))
  FROM pg_type AS ty JOIN space AS s ON s.oid = ty.typnamespace
  WHERE (ty.typtype IN ('e', 'd', 'r') OR ty.typtype = 'c' AND ty.typrelid IN (SELECT oid FROM relation WHERE relkind = 'c'))
    AND NOT EXISTS (SELECT FROM extension AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = ty.oid)
UNION ALL
  SELECT format('%s %I.%I(%s)', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
      s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), jsonb_build_object(
    'language', l.lanname, 'returns', pg_get_function_result(p.oid), 'strict', p.proisstrict, 'leakproof', p.proleakproof,
    'volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
    'security', CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END, 'settings', array_to_string(p.proconfig, ', '),
    'body', left(encode(sha256(convert_to(replace(p.prosrc, chr(13), ''), 'UTF8')), 'hex'), 12), 'definition', pg_get_function_sqlbody(p.oid))
  FROM pg_proc AS p JOIN space AS s ON s.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
  WHERE NOT EXISTS (SELECT FROM extension AS e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
UNION ALL
  SELECT 'publication ' || quote_ident(pubname), jsonb_build_object('all tables', puballtables, 'by the root', pubviaroot,
    'changes', concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END,
      CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END),
    'tables', (SELECT string_agg(r.prrelid::regclass || coalesce('(' || (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = r.prrelid AND attnum = ANY (r.prattrs::int2[])) || ')', ''), ', ' ORDER BY r.prrelid::regclass::text COLLATE "C")
      FROM pg_publication_rel AS r WHERE r.prpubid = b.oid),
    'condition', (SELECT string_agg(pg_get_expr(r.prqual, r.prrelid), ', ' ORDER BY r.prrelid::regclass::text COLLATE "C")
      FROM pg_publication_rel AS r WHERE r.prpubid = b.oid))
  FROM pg_publication AS b, owner WHERE b.pubowner = owner.oid
)
SELECT coalesce(jsonb_object_agg(key, (
  SELECT jsonb_object_agg(f.key, CASE jsonb_typeof(f.value) WHEN 'boolean' THEN CASE f.value WHEN 'true' THEN 'yes' ELSE 'no' END
    ELSE f.value #>> '{}' END)
  FROM jsonb_each(facts) AS f WHERE f.value #>> '{}' <> '')), '{}') AS objects,
  current_setting('server_version_num')::int / 10000 AS server
FROM fact`;
