-- Tables partitioned by time: makes their partitions ahead of need and moves rows out of the default partition.
-- Included by migrations through \ir; schema ladder is there already. Everything runs as the owner of the database.

-- One row per partitioned table. ahead counts periods after the current one that have to be there.
CREATE TABLE ladder.partitioned_tables (
  table_name text PRIMARY KEY,
  period text NOT NULL CHECK (period IN ('month', 'year')),
  first_at timestamp NOT NULL CHECK (isfinite(first_at)),
  ahead int NOT NULL CHECK (ahead BETWEEN 1 AND 120)
);

-- The column that a table is partitioned by; an error unless it is one column of type timestamp.
CREATE FUNCTION ladder.partition_column(parent regclass) RETURNS name
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  by_column name;
BEGIN
  SELECT a.attname INTO by_column
  FROM pg_partitioned_table p
  JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
  WHERE p.partrelid = parent AND p.partstrat = 'r' AND p.partnatts = 1 AND a.atttypid = 'timestamp'::regtype;
  IF by_column IS NULL THEN
    RAISE EXCEPTION 'table % is not partitioned by range on one column of type timestamp', parent
      USING ERRCODE = 'wrong_object_type',
        HINT = 'Create it with PARTITION BY RANGE (<column>); a table that holds rows already has to be copied into one.';
  END IF;
  RETURN by_column;
END $$;

-- What the partitions of a table hold: low <= value < high. The default partition is not among them.
CREATE FUNCTION ladder.partition_ranges(parent regclass)
RETURNS TABLE (partition regclass, low timestamp, high timestamp)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $$
  SELECT c.oid::regclass,
    CASE bound[1] WHEN 'MINVALUE' THEN '-infinity' ELSE trim(bound[1], '''')::timestamp END,
    CASE bound[2] WHEN 'MAXVALUE' THEN 'infinity' ELSE trim(bound[2], '''')::timestamp END
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  CROSS JOIN regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \((.+)\) TO \((.+)\)') AS bound
  WHERE i.inhparent = parent AND bound IS NOT NULL
$$;

-- The periods that partitions are missing for: those up to `until`, and those of rows in the default partition.
-- A year of which a part is covered already, since the table once went by months, is filled up by months.
CREATE FUNCTION ladder.missing_partitions(wanted ladder.partitioned_tables, until timestamp)
RETURNS TABLE (partition_name text, low timestamp, high timestamp)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent regclass := wanted.table_name;
  step interval := '1 ' || wanted.period;
  fallback regclass := (SELECT partdefid FROM pg_partitioned_table WHERE partrelid = parent AND partdefid <> 0);
  strays timestamp[] := '{}';
BEGIN
  IF fallback IS NOT NULL THEN
    -- A typing error in a date shall not make partitions without end: other years stay in the default, where they alarm.
    EXECUTE format('SELECT coalesce(array_agg(at), ''{}'') FROM (SELECT DISTINCT date_trunc(%L, %I) AS at FROM %s
        WHERE %2$I >= ''1900-01-01'' AND %2$I < ''2200-01-01'' ORDER BY at LIMIT 120) AS periods',
      wanted.period, ladder.partition_column(parent), fallback) INTO strays;
  END IF;
  RETURN QUERY
    WITH covered AS MATERIALIZED (SELECT r.low, r.high FROM ladder.partition_ranges(parent) AS r),
    due AS (
      SELECT at FROM generate_series(date_trunc(wanted.period, wanted.first_at), until, step) AS at
      UNION SELECT at FROM unnest(strays) AS at
    ),
    pieces AS (
      SELECT d.at, d.at + step AS until, wanted.period AS period FROM due AS d
      WHERE NOT EXISTS (SELECT FROM covered AS c WHERE c.low < d.at + step AND d.at < c.high)
      UNION ALL
      SELECT m.at, m.at + interval '1 month', 'month'
      FROM due AS d CROSS JOIN generate_series(d.at, d.at + interval '11 months', '1 month') AS m (at)
      WHERE wanted.period = 'year' AND EXISTS (SELECT FROM covered AS c WHERE c.low < d.at + step AND d.at < c.high)
        AND NOT EXISTS (SELECT FROM covered AS c WHERE c.low < m.at + interval '1 month' AND m.at < c.high)
    )
    SELECT c.relname || to_char(p.at, CASE p.period WHEN 'month' THEN '_YYYY_MM' ELSE '_YYYY' END), p.at, p.until
    FROM pieces AS p CROSS JOIN pg_class AS c WHERE c.oid = parent ORDER BY p.at;
END $$;

-- Policies and grants of the parent do not hold for a partition that is asked for by its own name: nobody but the
-- owner may do anything with it, and row security that the parent has is switched on.
CREATE FUNCTION ladder.protect_partition(parent regclass, partition regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  grantee text;
  identity "char";
BEGIN
  FOR grantee IN
    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
    FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a WHERE c.oid = partition AND a.grantee <> c.relowner
  LOOP
    EXECUTE format('REVOKE ALL ON TABLE %s FROM %s CASCADE', partition, grantee);
  END LOOP;
  IF (SELECT p.relrowsecurity AND NOT c.relrowsecurity FROM pg_class AS p, pg_class AS c
      WHERE p.oid = parent AND c.oid = partition) THEN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', partition);
  END IF;
  -- A partition does not take this over by itself; publications need it.
  SELECT p.relreplident INTO identity FROM pg_class AS p, pg_class AS c
  WHERE p.oid = parent AND c.oid = partition AND p.relreplident IN ('f', 'n') AND c.relreplident <> p.relreplident;
  IF FOUND THEN
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', partition, CASE identity WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END);
  END IF;
END $$;

-- A table as a partition has to be, not attached yet.
CREATE FUNCTION ladder.build_partition(parent regclass, partition_name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  schema_name name := (SELECT relnamespace::regnamespace FROM pg_class WHERE oid = parent);
  full_name text := format('%I.%I', schema_name, partition_name);
BEGIN
  IF to_regclass(full_name) IS NOT NULL THEN
    RAISE EXCEPTION '% is in the way of a partition of %', full_name, parent
      USING ERRCODE = 'duplicate_table', HINT = 'Rename or drop it, and run ladder.maintain_partitions() again.';
  END IF;
  EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)', full_name, parent);
  PERFORM ladder.protect_partition(parent, full_name::regclass);
  RETURN full_name::regclass;
END $$;

-- Attaches the built tables, with the rows of the default partition that belong to them. The table is locked meanwhile,
-- reading too: a statement that was planned before would find the moved rows neither in the old place nor in the new,
-- and a row that is on its way into the default partition would be refused.
-- The default partition is detached for the move, so that no trigger fires and no publication tells of a change.
CREATE FUNCTION ladder.attach_partitions(parent regclass, names text[], lows timestamp[], highs timestamp[])
RETURNS TABLE (partition_name text, moved bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  schema_name name := (SELECT relnamespace::regnamespace FROM pg_class WHERE oid = parent);
  by_column name := ladder.partition_column(parent);
  fallback regclass := (SELECT partdefid FROM pg_partitioned_table WHERE partrelid = parent);
  columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = parent AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
  referenced regclass;
  any_row boolean;
BEGIN
  EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', parent);
  EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', fallback);
  -- Attaching asks for these locks later, when the rows have been moved already.
  FOR referenced IN SELECT DISTINCT confrelid FROM pg_constraint WHERE conrelid = parent AND contype = 'f' LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', referenced);
  END LOOP;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s)', fallback) INTO any_row;
  IF any_row THEN
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, fallback);
  END IF;
  FOR i IN 1 .. cardinality(names) LOOP
    moved := 0;
    partition_name := format('%I.%I', schema_name, names[i]);
    IF any_row THEN
      EXECUTE format('WITH gone AS (DELETE FROM %1$s WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING %5$s)
          INSERT INTO %6$s (%5$s) SELECT %5$s FROM gone',
        fallback, by_column, lows[i], highs[i], columns, partition_name);
      GET DIAGNOSTICS moved = ROW_COUNT;
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
      parent, partition_name, lows[i], highs[i]);
    RETURN NEXT;
  END LOOP;
  IF any_row THEN
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', parent, fallback);
  END IF;
END $$;

-- Makes and fills what one table lacks. Waits for the table in short goes, since whoever comes later waits behind it.
CREATE FUNCTION ladder.maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp, at_most int)
RETURNS TABLE (partition_name text, moved bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  parent regclass := wanted.table_name;
  names text[];
  lows timestamp[];
  highs timestamp[];
BEGIN
  FOR attempt IN 1 .. 30 LOOP
    BEGIN
      -- Looking for what is missing waits for a lock of the default partition, too: a vacuum may hold it for a moment.
      SELECT array_agg(m.partition_name), array_agg(m.low), array_agg(m.high) INTO names, lows, highs
      FROM (SELECT * FROM ladder.missing_partitions(wanted, until) LIMIT at_most) AS m;
      PERFORM ladder.build_partition(parent, name) FROM unnest(names) AS name;
      PERFORM ladder.protect_partition(parent, inhrelid) FROM pg_inherits WHERE inhparent = parent;
      IF names IS NOT NULL THEN
        RETURN QUERY SELECT * FROM ladder.attach_partitions(parent, names, lows, highs);
      END IF;
      RETURN;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(least(0.05 * attempt, 0.5));
    END;
  END LOOP;
  RAISE EXCEPTION 'table % was in use all the time: it got no new partitions', parent
    USING ERRCODE = 'lock_not_available', HINT = 'End the long transactions on it, and run ladder.maintain_partitions() again.';
END $$;

-- Keeps all registered tables: each gets its partitions up to `ahead` periods after `at` (UTC), and one for each period
-- that its default partition holds rows of; at most so many of each table in this run. Gives what it made. Runs wait for
-- one another.
CREATE FUNCTION ladder.maintain_partitions(at timestamp DEFAULT (now() AT TIME ZONE 'UTC'), at_most int DEFAULT NULL)
RETURNS TABLE (table_name text, partition_name text, moved bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted ladder.partitioned_tables;
BEGIN
  IF at IS NULL OR NOT isfinite(at) THEN
    RAISE EXCEPTION 'partitions are kept for a moment, not for %', coalesce(at::text, 'NULL')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ladder.maintain_partitions'));
  FOR wanted IN SELECT * FROM ladder.partitioned_tables AS t ORDER BY t.table_name LOOP
    RETURN QUERY SELECT wanted.table_name, m.partition_name, m.moved
      FROM ladder.maintain_partitioned_table(wanted, at + wanted.ahead * ('1 ' || wanted.period)::interval, at_most) AS m;
  END LOOP;
END $$;

-- The same with a COMMIT after each partition: where the default partition holds many rows, nobody waits for longer than
-- the rows of one period take to move.
CREATE PROCEDURE ladder.maintain_partitions_one_by_one(at timestamp DEFAULT (now() AT TIME ZONE 'UTC'))
LANGUAGE plpgsql AS $$
BEGIN
  WHILE EXISTS (SELECT FROM ladder.maintain_partitions(at, 1)) LOOP
    COMMIT;
  END LOOP;
END $$;

-- Registers a table, which is partitioned by range on one timestamp column: <name>_default and its partitions from
-- `first_at` to `ahead` periods from now are made at once. Called again, it changes the period or what is made ahead.
CREATE FUNCTION ladder.partition_table(parent regclass, period text, first_at timestamp, ahead int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  fallback regclass;
BEGIN
  PERFORM ladder.partition_column(parent);
  IF period IS NULL OR period NOT IN ('month', 'year') THEN
    RAISE EXCEPTION 'period of % is %: it has to be month or year', parent, coalesce(quote_literal(period), 'NULL')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF first_at IS NULL OR first_at NOT BETWEEN '1900-01-01' AND '2199-12-31' THEN
    RAISE EXCEPTION 'first_at of % is %: it has to lie between 1900 and 2199', parent, coalesce(first_at::text, 'NULL')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF ahead IS NULL OR ahead NOT BETWEEN 1 AND 120 THEN
    RAISE EXCEPTION 'ahead of % is %: it has to be from 1 to 120 periods', parent, coalesce(ahead::text, 'NULL')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ladder.maintain_partitions'));
  INSERT INTO ladder.partitioned_tables AS t VALUES (parent::text, period, first_at, ahead)
  ON CONFLICT ON CONSTRAINT partitioned_tables_pkey
  DO UPDATE SET period = excluded.period, first_at = excluded.first_at, ahead = excluded.ahead;
  IF (SELECT partdefid = 0 FROM pg_partitioned_table WHERE partrelid = parent) THEN
    fallback := ladder.build_partition(parent, (SELECT relname || '_default' FROM pg_class WHERE oid = parent));
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', parent, fallback);
  END IF;
  PERFORM ladder.maintain_partitions();
END $$;

REVOKE ALL ON ALL ROUTINES IN SCHEMA ladder FROM PUBLIC;
