-- Name: 4g3n7db; Type: DATABASE; Schema: -; Owner: 4g3n7db_owner
CREATE DATABASE "4g3n7db" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';

ALTER DATABASE "4g3n7db" OWNER TO "4g3n7db_owner";

-- Name: 4g3n7db; Type: DATABASE PROPERTIES; Schema: -; Owner: 4g3n7db_owner
ALTER DATABASE "4g3n7db" CONNECTION LIMIT = [limit];

-- Name: ladder; Type: SCHEMA; Schema: -; Owner: 4g3n7db_owner
CREATE SCHEMA ladder;

ALTER SCHEMA ladder OWNER TO "4g3n7db_owner";

-- Name: public; Type: SCHEMA; Schema: -; Owner: 4g3n7db_owner
-- *not* creating schema, since initdb creates it

ALTER SCHEMA public OWNER TO "4g3n7db_owner";

-- Name: pg_stat_statements; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

-- Name: EXTENSION pg_stat_statements; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pg_stat_statements IS 'track planning and execution statistics of all SQL statements executed';

-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;

-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';

-- Name: archive_position; Type: TYPE; Schema: ladder; Owner: 4g3n7db_owner
CREATE TYPE ladder.archive_position AS (
	completed_at timestamp without time zone,
	id text,
	created_at timestamp without time zone
);

ALTER TYPE ladder.archive_position OWNER TO "4g3n7db_owner";

-- Name: archive_batch(timestamp without time zone, integer, ladder.archive_position); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.archive_batch(before timestamp without time zone, batch_size integer, since ladder.archive_position) RETURNS ladder.archive_position
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    AS $_$
DECLARE
  id_type text := (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'public."Task"'::regclass AND attname = 'id');
  columns text;
  replaced text;
  partitions regclass[];
  places tid[];
  partition regclass;
  rows_of tid[];
  last ladder.archive_position;
BEGIN
  EXECUTE format($sql$
    WITH due AS MATERIALIZED (
      SELECT tableoid, ctid, "completedAt", "id", "createdAt" FROM public."Task"
      WHERE "status" = 'COMPLETED' AND "completedAt" < $1
        AND ($2 IS NULL OR ("completedAt", "id", "createdAt") > ($2, $3::%s, $4))
      ORDER BY "completedAt", "id", "createdAt" LIMIT $5 FOR UPDATE SKIP LOCKED
    )
    SELECT array_agg(tableoid), array_agg(ctid), (array_agg("completedAt"))[count(*)],
      (array_agg("id"::text))[count(*)], (array_agg("createdAt"))[count(*)] FROM due
  $sql$, id_type)
  INTO partitions, places, last.completed_at, last.id, last.created_at
  USING before, since.completed_at, since.id, since.created_at, batch_size;
  -- Read each time: a later migration may add a column, which then has to be in both tables.
  SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum), string_agg(format('excluded.%I', attname), ', ' ORDER BY attnum)
  INTO columns, replaced FROM pg_attribute
  WHERE attrelid = 'public."Task"'::regclass AND attnum > 0 AND NOT attisdropped;
  FOR partition, rows_of IN
    SELECT p, array_agg(place) FROM unnest(partitions, places) AS due (p, place) GROUP BY p
  LOOP
    EXECUTE format($sql$
      WITH gone AS (DELETE FROM %1$s WHERE ctid = ANY ($1) RETURNING %2$s)
      INSERT INTO public.task_archive (%2$s) SELECT %2$s FROM gone
      ON CONFLICT ("id", "createdAt") DO UPDATE SET (%2$s) = ROW (%3$s)
    $sql$, partition, columns, replaced) USING rows_of;
  END LOOP;
  RETURN last;
END $_$;

ALTER FUNCTION ladder.archive_batch(before timestamp without time zone, batch_size integer, since ladder.archive_position) OWNER TO "4g3n7db_owner";

-- Name: archive_before(); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.archive_before() RETURNS timestamp without time zone
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN ((now() AT TIME ZONE 'UTC'::text) - '90 days'::interval);

ALTER FUNCTION ladder.archive_before() OWNER TO "4g3n7db_owner";

-- Name: attach_partitions(regclass, text[], timestamp without time zone[], timestamp without time zone[]); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.attach_partitions(parent regclass, names text[], lows timestamp without time zone[], highs timestamp without time zone[]) RETURNS TABLE(partition_name text, moved bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
END $_$;

ALTER FUNCTION ladder.attach_partitions(parent regclass, names text[], lows timestamp without time zone[], highs timestamp without time zone[]) OWNER TO "4g3n7db_owner";

-- Name: build_partition(regclass, text); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.build_partition(parent regclass, partition_name text) RETURNS regclass
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION ladder.build_partition(parent regclass, partition_name text) OWNER TO "4g3n7db_owner";

-- Name: partitioned_tables; Type: TABLE; Schema: ladder; Owner: 4g3n7db_owner
CREATE TABLE ladder.partitioned_tables (
    table_name text NOT NULL,
    period text NOT NULL,
    first_at timestamp without time zone NOT NULL,
    ahead integer NOT NULL,
    CONSTRAINT partitioned_tables_ahead_check CHECK (((ahead >= 1) AND (ahead <= 120))),
    CONSTRAINT partitioned_tables_first_at_check CHECK (isfinite(first_at)),
    CONSTRAINT partitioned_tables_period_check CHECK ((period = ANY (ARRAY['month'::text, 'year'::text])))
);

ALTER TABLE ladder.partitioned_tables OWNER TO "4g3n7db_owner";

-- Name: maintain_partitioned_table(ladder.partitioned_tables, timestamp without time zone, integer); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp without time zone, at_most integer) RETURNS TABLE(partition_name text, moved bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS $$
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

ALTER FUNCTION ladder.maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp without time zone, at_most integer) OWNER TO "4g3n7db_owner";

-- Name: maintain_partitions(timestamp without time zone, integer); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.maintain_partitions(at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text), at_most integer DEFAULT NULL::integer) RETURNS TABLE(table_name text, partition_name text, moved bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION ladder.maintain_partitions(at timestamp without time zone, at_most integer) OWNER TO "4g3n7db_owner";

-- Name: maintain_partitions_one_by_one(timestamp without time zone); Type: PROCEDURE; Schema: ladder; Owner: 4g3n7db_owner
CREATE PROCEDURE ladder.maintain_partitions_one_by_one(IN at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text))
    LANGUAGE plpgsql
    AS $$
BEGIN
  WHILE EXISTS (SELECT FROM ladder.maintain_partitions(at, 1)) LOOP
    COMMIT;
  END LOOP;
END $$;

ALTER PROCEDURE ladder.maintain_partitions_one_by_one(IN at timestamp without time zone) OWNER TO "4g3n7db_owner";

-- Name: missing_partitions(ladder.partitioned_tables, timestamp without time zone); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.missing_partitions(wanted ladder.partitioned_tables, until timestamp without time zone) RETURNS TABLE(partition_name text, low timestamp without time zone, high timestamp without time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
END $_$;

ALTER FUNCTION ladder.missing_partitions(wanted ladder.partitioned_tables, until timestamp without time zone) OWNER TO "4g3n7db_owner";

-- Name: partition_column(regclass); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.partition_column(parent regclass) RETURNS name
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION ladder.partition_column(parent regclass) OWNER TO "4g3n7db_owner";

-- Name: partition_ranges(regclass); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.partition_ranges(parent regclass) RETURNS TABLE(partition regclass, low timestamp without time zone, high timestamp without time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'ISO, YMD'
    AS $$
  SELECT c.oid::regclass,
    CASE bound[1] WHEN 'MINVALUE' THEN '-infinity' ELSE trim(bound[1], '''')::timestamp END,
    CASE bound[2] WHEN 'MAXVALUE' THEN 'infinity' ELSE trim(bound[2], '''')::timestamp END
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  CROSS JOIN regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \((.+)\) TO \((.+)\)') AS bound
  WHERE i.inhparent = parent AND bound IS NOT NULL
$$;

ALTER FUNCTION ladder.partition_ranges(parent regclass) OWNER TO "4g3n7db_owner";

-- Name: partition_table(regclass, text, timestamp without time zone, integer); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.partition_table(parent regclass, period text, first_at timestamp without time zone, ahead integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION ladder.partition_table(parent regclass, period text, first_at timestamp without time zone, ahead integer) OWNER TO "4g3n7db_owner";

-- Name: protect_partition(regclass, regclass); Type: FUNCTION; Schema: ladder; Owner: 4g3n7db_owner
CREATE FUNCTION ladder.protect_partition(parent regclass, partition regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION ladder.protect_partition(parent regclass, partition regclass) OWNER TO "4g3n7db_owner";

-- Name: archive_old_tasks(); Type: FUNCTION; Schema: public; Owner: 4g3n7db_owner
CREATE FUNCTION public.archive_old_tasks() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  before CONSTANT timestamp := ladder.archive_before();
  last ladder.archive_position;
BEGIN
  LOOP
    last := ladder.archive_batch(before, 1000, last);
    EXIT WHEN last IS NULL;
  END LOOP;
END $$;

ALTER FUNCTION public.archive_old_tasks() OWNER TO "4g3n7db_owner";

-- Name: archive_old_tasks_in_batches(integer, interval); Type: PROCEDURE; Schema: public; Owner: 4g3n7db_owner
CREATE PROCEDURE public.archive_old_tasks_in_batches(IN batch_size integer DEFAULT 1000, IN pause interval DEFAULT '00:00:00'::interval)
    LANGUAGE plpgsql
    AS $$
DECLARE
  before CONSTANT timestamp := ladder.archive_before();
  last ladder.archive_position;
BEGIN
  IF batch_size IS NULL OR batch_size NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION 'batch_size is %: it has to be from 1 to 100000', coalesce(batch_size::text, 'NULL')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  LOOP
    last := ladder.archive_batch(before, batch_size, last);
    EXIT WHEN last IS NULL;
    COMMIT;
    PERFORM pg_catalog.pg_sleep_for(pause);
  END LOOP;
END $$;

ALTER PROCEDURE public.archive_old_tasks_in_batches(IN batch_size integer, IN pause interval) OWNER TO "4g3n7db_owner";

-- Name: checksums; Type: TABLE; Schema: ladder; Owner: 4g3n7db_owner
CREATE TABLE ladder.checksums (
    name text NOT NULL,
    catalogue text NOT NULL,
    checksum text NOT NULL,
    CONSTRAINT checksums_checksum_check CHECK ((checksum ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ladder.checksums OWNER TO "4g3n7db_owner";

-- Name: description; Type: TABLE; Schema: ladder; Owner: 4g3n7db_owner
CREATE TABLE ladder.description (
    only_row boolean DEFAULT true NOT NULL,
    server integer NOT NULL,
    objects jsonb NOT NULL,
    described_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    CONSTRAINT description_only_row_check CHECK (only_row)
);

ALTER TABLE ladder.description OWNER TO "4g3n7db_owner";

-- Name: migrations; Type: TABLE; Schema: ladder; Owner: 4g3n7db_owner
CREATE TABLE ladder.migrations (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

ALTER TABLE ladder.migrations OWNER TO "4g3n7db_owner";

-- Name: migrations_id_seq; Type: SEQUENCE; Schema: ladder; Owner: 4g3n7db_owner
CREATE SEQUENCE ladder.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE ladder.migrations_id_seq OWNER TO "4g3n7db_owner";

-- Name: migrations_id_seq; Type: SEQUENCE OWNED BY; Schema: ladder; Owner: 4g3n7db_owner
ALTER SEQUENCE ladder.migrations_id_seq OWNED BY ladder.migrations.id;

-- Name: File; Type: TABLE; Schema: public; Owner: 4g3n7db_owner
CREATE TABLE public."File" (
    id text NOT NULL,
    name text NOT NULL,
    "mimeType" text,
    data text,
    "createdAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    "filePath" text,
    "storageType" character varying(20) DEFAULT 'database'::character varying,
    "contentSha256" text,
    CONSTRAINT "File_contentSha256_check" CHECK (("contentSha256" ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT "File_storageType_check" CHECK ((("storageType")::text = ANY ((ARRAY['database'::character varying, 'local'::character varying, 's3'::character varying, 'azure'::character varying, 'gcs'::character varying])::text[])))
);

ALTER TABLE public."File" OWNER TO "4g3n7db_owner";

-- Name: Message; Type: TABLE; Schema: public; Owner: 4g3n7db_owner
CREATE TABLE public."Message" (
    id text NOT NULL,
    "taskId" text,
    "userId" text,
    content text NOT NULL,
    "createdAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL
);

ALTER TABLE public."Message" OWNER TO "4g3n7db_owner";

-- Name: Task; Type: TABLE; Schema: public; Owner: 4g3n7db_owner
CREATE TABLE public."Task" (
    id text NOT NULL,
    "userId" text,
    title text NOT NULL,
    description text,
    status text DEFAULT 'PENDING'::text NOT NULL,
    "createdAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    "updatedAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    "completedAt" timestamp without time zone
)
PARTITION BY RANGE ("createdAt");

ALTER TABLE public."Task" OWNER TO "4g3n7db_owner";

-- Name: Task_2025_01; Type: TABLE; Schema: public; Owner: 4g3n7db_owner
CREATE TABLE public."Task_2025_01" (
    id text NOT NULL,
    "userId" text,
    title text NOT NULL,
    description text,
    status text DEFAULT 'PENDING'::text NOT NULL,
    "createdAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    "updatedAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    "completedAt" timestamp without time zone
);

ALTER TABLE public."Task_2025_01" OWNER TO "4g3n7db_owner";

-- Name: Task_default; Type: TABLE; Schema: public; Owner: 4g3n7db_owner
CREATE TABLE public."Task_default" (
    id text NOT NULL,
    "userId" text,
    title text NOT NULL,
    description text,
    status text DEFAULT 'PENDING'::text NOT NULL,
    "createdAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    "updatedAt" timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    "completedAt" timestamp without time zone
);

ALTER TABLE public."Task_default" OWNER TO "4g3n7db_owner";

-- Name: task_archive; Type: TABLE; Schema: public; Owner: 4g3n7db_owner
CREATE TABLE public.task_archive (
    id text NOT NULL,
    "userId" text,
    title text NOT NULL,
    description text,
    status text NOT NULL,
    "createdAt" timestamp without time zone NOT NULL,
    "updatedAt" timestamp without time zone NOT NULL,
    "completedAt" timestamp without time zone
);

ALTER TABLE public.task_archive OWNER TO "4g3n7db_owner";

-- Name: Task_2025_01; Type: TABLE ATTACH; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public."Task" ATTACH PARTITION public."Task_2025_01" FOR VALUES FROM ('2025-01-01 00:00:00') TO ('2025-02-01 00:00:00');

-- Name: Task_default; Type: TABLE ATTACH; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public."Task" ATTACH PARTITION public."Task_default" DEFAULT;

-- Name: migrations id; Type: DEFAULT; Schema: ladder; Owner: 4g3n7db_owner
ALTER TABLE ONLY ladder.migrations ALTER COLUMN id SET DEFAULT nextval('ladder.migrations_id_seq'::regclass);

-- Name: checksums checksums_pkey; Type: CONSTRAINT; Schema: ladder; Owner: 4g3n7db_owner
ALTER TABLE ONLY ladder.checksums
    ADD CONSTRAINT checksums_pkey PRIMARY KEY (name);

-- Name: description description_pkey; Type: CONSTRAINT; Schema: ladder; Owner: 4g3n7db_owner
ALTER TABLE ONLY ladder.description
    ADD CONSTRAINT description_pkey PRIMARY KEY (only_row);

-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: ladder; Owner: 4g3n7db_owner
ALTER TABLE ONLY ladder.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

-- Name: partitioned_tables partitioned_tables_pkey; Type: CONSTRAINT; Schema: ladder; Owner: 4g3n7db_owner
ALTER TABLE ONLY ladder.partitioned_tables
    ADD CONSTRAINT partitioned_tables_pkey PRIMARY KEY (table_name);

-- Name: File File_pkey; Type: CONSTRAINT; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public."File"
    ADD CONSTRAINT "File_pkey" PRIMARY KEY (id);

-- Name: Message Message_pkey; Type: CONSTRAINT; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public."Message"
    ADD CONSTRAINT "Message_pkey" PRIMARY KEY (id);

-- Name: Task Task_pkey; Type: CONSTRAINT; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public."Task"
    ADD CONSTRAINT "Task_pkey" PRIMARY KEY (id, "createdAt");

-- Name: Task_2025_01 Task_2025_01_pkey; Type: CONSTRAINT; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public."Task_2025_01"
    ADD CONSTRAINT "Task_2025_01_pkey" PRIMARY KEY (id, "createdAt");

-- Name: Task_default Task_default_pkey; Type: CONSTRAINT; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public."Task_default"
    ADD CONSTRAINT "Task_default_pkey" PRIMARY KEY (id, "createdAt");

-- Name: task_archive task_archive_pkey; Type: CONSTRAINT; Schema: public; Owner: 4g3n7db_owner
ALTER TABLE ONLY public.task_archive
    ADD CONSTRAINT task_archive_pkey PRIMARY KEY (id, "createdAt");

-- Name: File_in_database_idx; Type: INDEX; Schema: public; Owner: 4g3n7db_owner
CREATE INDEX "File_in_database_idx" ON public."File" USING btree (id) WHERE (("storageType")::text = 'database'::text);

-- Name: Task_completed_idx; Type: INDEX; Schema: public; Owner: 4g3n7db_owner
CREATE INDEX "Task_completed_idx" ON ONLY public."Task" USING btree ("completedAt", id, "createdAt") WHERE (status = 'COMPLETED'::text);

-- Name: Task_2025_01_completedAt_id_createdAt_idx; Type: INDEX; Schema: public; Owner: 4g3n7db_owner
CREATE INDEX "Task_2025_01_completedAt_id_createdAt_idx" ON public."Task_2025_01" USING btree ("completedAt", id, "createdAt") WHERE (status = 'COMPLETED'::text);

-- Name: Task_default_completedAt_id_createdAt_idx; Type: INDEX; Schema: public; Owner: 4g3n7db_owner
CREATE INDEX "Task_default_completedAt_id_createdAt_idx" ON public."Task_default" USING btree ("completedAt", id, "createdAt") WHERE (status = 'COMPLETED'::text);

-- Name: Task_2025_01_completedAt_id_createdAt_idx; Type: INDEX ATTACH; Schema: public; Owner: 4g3n7db_owner
ALTER INDEX public."Task_completed_idx" ATTACH PARTITION public."Task_2025_01_completedAt_id_createdAt_idx";

-- Name: Task_2025_01_pkey; Type: INDEX ATTACH; Schema: public; Owner: 4g3n7db_owner
ALTER INDEX public."Task_pkey" ATTACH PARTITION public."Task_2025_01_pkey";

-- Name: Task_default_completedAt_id_createdAt_idx; Type: INDEX ATTACH; Schema: public; Owner: 4g3n7db_owner
ALTER INDEX public."Task_completed_idx" ATTACH PARTITION public."Task_default_completedAt_id_createdAt_idx";

-- Name: Task_default_pkey; Type: INDEX ATTACH; Schema: public; Owner: 4g3n7db_owner
ALTER INDEX public."Task_pkey" ATTACH PARTITION public."Task_default_pkey";

-- Name: DATABASE "4g3n7db"; Type: ACL; Schema: -; Owner: 4g3n7db_owner
REVOKE CONNECT,TEMPORARY ON DATABASE "4g3n7db" FROM PUBLIC;
GRANT CONNECT ON DATABASE "4g3n7db" TO "4g3n7db";
GRANT CONNECT ON DATABASE "4g3n7db" TO "4g3n7db_readonly";
GRANT CONNECT ON DATABASE "4g3n7db" TO "4g3n7db_replication";
GRANT CONNECT ON DATABASE "4g3n7db" TO pg_monitor;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: 4g3n7db_owner
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "4g3n7db";
GRANT USAGE ON SCHEMA public TO "4g3n7db_readonly";
GRANT USAGE ON SCHEMA public TO "4g3n7db_replication";
GRANT USAGE ON SCHEMA public TO pg_monitor;

-- Name: FUNCTION archive_batch(before timestamp without time zone, batch_size integer, since ladder.archive_position); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.archive_batch(before timestamp without time zone, batch_size integer, since ladder.archive_position) FROM PUBLIC;

-- Name: FUNCTION archive_before(); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.archive_before() FROM PUBLIC;

-- Name: FUNCTION attach_partitions(parent regclass, names text[], lows timestamp without time zone[], highs timestamp without time zone[]); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.attach_partitions(parent regclass, names text[], lows timestamp without time zone[], highs timestamp without time zone[]) FROM PUBLIC;

-- Name: FUNCTION build_partition(parent regclass, partition_name text); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.build_partition(parent regclass, partition_name text) FROM PUBLIC;

-- Name: FUNCTION maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp without time zone, at_most integer); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp without time zone, at_most integer) FROM PUBLIC;

-- Name: FUNCTION maintain_partitions(at timestamp without time zone, at_most integer); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.maintain_partitions(at timestamp without time zone, at_most integer) FROM PUBLIC;

-- Name: PROCEDURE maintain_partitions_one_by_one(IN at timestamp without time zone); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON PROCEDURE ladder.maintain_partitions_one_by_one(IN at timestamp without time zone) FROM PUBLIC;

-- Name: FUNCTION missing_partitions(wanted ladder.partitioned_tables, until timestamp without time zone); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.missing_partitions(wanted ladder.partitioned_tables, until timestamp without time zone) FROM PUBLIC;

-- Name: FUNCTION partition_column(parent regclass); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.partition_column(parent regclass) FROM PUBLIC;

-- Name: FUNCTION partition_ranges(parent regclass); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.partition_ranges(parent regclass) FROM PUBLIC;

-- Name: FUNCTION partition_table(parent regclass, period text, first_at timestamp without time zone, ahead integer); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.partition_table(parent regclass, period text, first_at timestamp without time zone, ahead integer) FROM PUBLIC;

-- Name: FUNCTION protect_partition(parent regclass, partition regclass); Type: ACL; Schema: ladder; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION ladder.protect_partition(parent regclass, partition regclass) FROM PUBLIC;

-- Name: FUNCTION archive_old_tasks(); Type: ACL; Schema: public; Owner: 4g3n7db_owner
REVOKE ALL ON FUNCTION public.archive_old_tasks() FROM PUBLIC;
GRANT ALL ON FUNCTION public.archive_old_tasks() TO "4g3n7db";
GRANT ALL ON FUNCTION public.archive_old_tasks() TO "4g3n7db_readonly";

-- Name: PROCEDURE archive_old_tasks_in_batches(IN batch_size integer, IN pause interval); Type: ACL; Schema: public; Owner: 4g3n7db_owner
REVOKE ALL ON PROCEDURE public.archive_old_tasks_in_batches(IN batch_size integer, IN pause interval) FROM PUBLIC;
GRANT ALL ON PROCEDURE public.archive_old_tasks_in_batches(IN batch_size integer, IN pause interval) TO "4g3n7db";
GRANT ALL ON PROCEDURE public.archive_old_tasks_in_batches(IN batch_size integer, IN pause interval) TO "4g3n7db_readonly";

-- Name: TABLE "File"; Type: ACL; Schema: public; Owner: 4g3n7db_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public."File" TO "4g3n7db";
GRANT SELECT ON TABLE public."File" TO "4g3n7db_readonly";
GRANT SELECT ON TABLE public."File" TO "4g3n7db_replication";

-- Name: TABLE "Message"; Type: ACL; Schema: public; Owner: 4g3n7db_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public."Message" TO "4g3n7db";
GRANT SELECT ON TABLE public."Message" TO "4g3n7db_readonly";
GRANT SELECT ON TABLE public."Message" TO "4g3n7db_replication";

-- Name: TABLE "Task"; Type: ACL; Schema: public; Owner: 4g3n7db_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public."Task" TO "4g3n7db";
GRANT SELECT ON TABLE public."Task" TO "4g3n7db_readonly";
GRANT SELECT ON TABLE public."Task" TO "4g3n7db_replication";

-- Name: TABLE task_archive; Type: ACL; Schema: public; Owner: 4g3n7db_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.task_archive TO "4g3n7db";
GRANT SELECT ON TABLE public.task_archive TO "4g3n7db_readonly";
GRANT SELECT ON TABLE public.task_archive TO "4g3n7db_replication";

-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: 4g3n7db_owner
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT SELECT,USAGE ON SEQUENCES TO "4g3n7db";
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT SELECT ON SEQUENCES TO "4g3n7db_readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT SELECT ON SEQUENCES TO "4g3n7db_replication";

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: 4g3n7db_owner
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT ALL ON FUNCTIONS TO "4g3n7db";
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT ALL ON FUNCTIONS TO "4g3n7db_readonly";

-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: 4g3n7db_owner
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES TO "4g3n7db";
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT SELECT ON TABLES TO "4g3n7db_readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" IN SCHEMA public GRANT SELECT ON TABLES TO "4g3n7db_replication";

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: 4g3n7db_owner
ALTER DEFAULT PRIVILEGES FOR ROLE "4g3n7db_owner" REVOKE ALL ON FUNCTIONS FROM PUBLIC;
