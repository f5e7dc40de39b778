-- Name: circle; Type: DATABASE; Schema: -; Owner: circle_owner
CREATE DATABASE circle WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';

ALTER DATABASE circle OWNER TO circle_owner;

-- Name: circle; Type: DATABASE PROPERTIES; Schema: -; Owner: circle_owner
ALTER DATABASE circle CONNECTION LIMIT = [limit];

-- Name: ladder; Type: SCHEMA; Schema: -; Owner: circle_owner
CREATE SCHEMA ladder;

ALTER SCHEMA ladder OWNER TO circle_owner;

-- Name: public; Type: SCHEMA; Schema: -; Owner: circle_owner
-- *not* creating schema, since initdb creates it

ALTER SCHEMA public OWNER TO circle_owner;

-- Name: pg_stat_statements; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

-- Name: EXTENSION pg_stat_statements; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pg_stat_statements IS 'track planning and execution statistics of all SQL statements executed';

-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;

-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';

-- Name: attach_partitions(regclass, text[], timestamp without time zone[], timestamp without time zone[]); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.attach_partitions(parent regclass, names text[], lows timestamp without time zone[], highs timestamp without time zone[]) OWNER TO circle_owner;

-- Name: build_partition(regclass, text); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.build_partition(parent regclass, partition_name text) OWNER TO circle_owner;

-- Name: forget_all_posts(); Type: FUNCTION; Schema: ladder; Owner: circle_owner
CREATE FUNCTION ladder.forget_all_posts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM public.post_ids;
  RETURN NULL;
END $$;

ALTER FUNCTION ladder.forget_all_posts() OWNER TO circle_owner;

-- Name: forget_encrypted_wallet(); Type: FUNCTION; Schema: ladder; Owner: circle_owner
CREATE FUNCTION ladder.forget_encrypted_wallet() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.wallet_address_encrypted IS NOT DISTINCT FROM OLD.wallet_address_encrypted
    OR NEW.wallet_address_hash IS NOT DISTINCT FROM OLD.wallet_address_hash
  THEN
    NEW.wallet_address_encrypted := NULL;
    NEW.wallet_address_hash := NULL;
    NEW.wallet_key_id := NULL;
  END IF;
  RETURN NEW;
END $$;

ALTER FUNCTION ladder.forget_encrypted_wallet() OWNER TO circle_owner;

-- Name: forget_posts(); Type: FUNCTION; Schema: ladder; Owner: circle_owner
CREATE FUNCTION ladder.forget_posts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
  WITH RECURSIVE gone AS (
    SELECT id FROM deleted
    UNION
    SELECT reply.id FROM gone JOIN public.posts AS reply ON reply.reply_to_id = gone.id
  )
  DELETE FROM public.post_ids AS registered USING gone WHERE registered.id = gone.id;
  RETURN NULL;
END $$;

ALTER FUNCTION ladder.forget_posts() OWNER TO circle_owner;

-- Name: partitioned_tables; Type: TABLE; Schema: ladder; Owner: circle_owner
CREATE TABLE ladder.partitioned_tables (
    table_name text NOT NULL,
    period text NOT NULL,
    first_at timestamp without time zone NOT NULL,
    ahead integer NOT NULL,
    CONSTRAINT partitioned_tables_ahead_check CHECK (((ahead >= 1) AND (ahead <= 120))),
    CONSTRAINT partitioned_tables_first_at_check CHECK (isfinite(first_at)),
    CONSTRAINT partitioned_tables_period_check CHECK ((period = ANY (ARRAY['month'::text, 'year'::text])))
);

ALTER TABLE ladder.partitioned_tables OWNER TO circle_owner;

-- Name: maintain_partitioned_table(ladder.partitioned_tables, timestamp without time zone, integer); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp without time zone, at_most integer) OWNER TO circle_owner;

-- Name: maintain_partitions(timestamp without time zone, integer); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.maintain_partitions(at timestamp without time zone, at_most integer) OWNER TO circle_owner;

-- Name: maintain_partitions_one_by_one(timestamp without time zone); Type: PROCEDURE; Schema: ladder; Owner: circle_owner
CREATE PROCEDURE ladder.maintain_partitions_one_by_one(IN at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text))
    LANGUAGE plpgsql
    AS $$
BEGIN
  WHILE EXISTS (SELECT FROM ladder.maintain_partitions(at, 1)) LOOP
    COMMIT;
  END LOOP;
END $$;

ALTER PROCEDURE ladder.maintain_partitions_one_by_one(IN at timestamp without time zone) OWNER TO circle_owner;

-- Name: missing_partitions(ladder.partitioned_tables, timestamp without time zone); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.missing_partitions(wanted ladder.partitioned_tables, until timestamp without time zone) OWNER TO circle_owner;

-- Name: notify_authors(); Type: FUNCTION; Schema: ladder; Owner: circle_owner
CREATE FUNCTION ladder.notify_authors() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  written bigint[];
BEGIN
  IF TG_TABLE_NAME = 'interactions' THEN
    WITH told AS (
      INSERT INTO ladder.notifications (user_id, type, post_id)
      SELECT post.author_id, added.type, post.id
      FROM added JOIN public.posts AS post ON post.id = added.post_id
      WHERE post.author_id <> added.user_id
      RETURNING id
    ) SELECT array_agg(id) INTO written FROM told;
  ELSE
    WITH told AS (
      INSERT INTO ladder.notifications (user_id, type, post_id)
      SELECT post.author_id, 'reply', post.id
      FROM added JOIN public.posts AS post ON post.id = added.reply_to_id
      WHERE post.author_id <> added.author_id AND added.visibility = 'public'
      RETURNING id
    ) SELECT array_agg(id) INTO written FROM told;
  END IF;
  DELETE FROM ladder.notifications WHERE id = ANY (written);
  RETURN NULL;
END $$;

ALTER FUNCTION ladder.notify_authors() OWNER TO circle_owner;

-- Name: partition_column(regclass); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.partition_column(parent regclass) OWNER TO circle_owner;

-- Name: partition_ranges(regclass); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.partition_ranges(parent regclass) OWNER TO circle_owner;

-- Name: partition_table(regclass, text, timestamp without time zone, integer); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.partition_table(parent regclass, period text, first_at timestamp without time zone, ahead integer) OWNER TO circle_owner;

-- Name: protect_partition(regclass, regclass); Type: FUNCTION; Schema: ladder; Owner: circle_owner
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

ALTER FUNCTION ladder.protect_partition(parent regclass, partition regclass) OWNER TO circle_owner;

-- Name: refuse_new_post_id(); Type: FUNCTION; Schema: ladder; Owner: circle_owner
CREATE FUNCTION ladder.refuse_new_post_id() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RAISE feature_not_supported USING
    MESSAGE = format('the id of post %s cannot become %s', OLD.id, NEW.id),
    HINT = 'Replies and interactions refer to it. Insert a new post instead.';
END $$;

ALTER FUNCTION ladder.refuse_new_post_id() OWNER TO circle_owner;

-- Name: refuse_unseen_post(); Type: FUNCTION; Schema: ladder; Owner: circle_owner
CREATE FUNCTION ladder.refuse_unseen_post() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  referring name := TG_ARGV[0];
  by_column name := TG_ARGV[1];
  post_id bigint := to_jsonb(NEW) ->> by_column;
BEGIN
  IF NOT EXISTS (SELECT FROM public.posts WHERE id = post_id) THEN
    RAISE foreign_key_violation USING
      MESSAGE = format('insert or update on table "%s" violates foreign key constraint "%1$s_%s_fkey"', referring, by_column),
      DETAIL = format('Key (%s)=(%s) is not present in table "post_ids".', by_column, post_id),
      SCHEMA = 'public', TABLE = referring, CONSTRAINT = format('%s_%s_fkey', referring, by_column);
  END IF;
  RETURN NEW;
END $_$;

ALTER FUNCTION ladder.refuse_unseen_post() OWNER TO circle_owner;

-- Name: register_post(); Type: FUNCTION; Schema: ladder; Owner: circle_owner
CREATE FUNCTION ladder.register_post() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO public.post_ids (id) VALUES (NEW.id) ON CONFLICT (id) DO NOTHING;
  -- Taken already: by this very row, which is on its way to another partition or meets ON CONFLICT; or by another one.
  IF NOT FOUND AND EXISTS (SELECT FROM public.posts WHERE id = NEW.id AND created_at <> NEW.created_at) THEN
    RAISE unique_violation USING
      MESSAGE = 'duplicate key value violates unique constraint "post_ids_pkey"',
      DETAIL = format('Key (id)=(%s) already exists.', NEW.id),
      SCHEMA = 'public', TABLE = 'post_ids', CONSTRAINT = 'post_ids_pkey';
  END IF;
  RETURN NEW;
END $$;

ALTER FUNCTION ladder.register_post() OWNER TO circle_owner;

-- Name: checksums; Type: TABLE; Schema: ladder; Owner: circle_owner
CREATE TABLE ladder.checksums (
    name text NOT NULL,
    catalogue text NOT NULL,
    checksum text NOT NULL,
    CONSTRAINT checksums_checksum_check CHECK ((checksum ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ladder.checksums OWNER TO circle_owner;

-- Name: description; Type: TABLE; Schema: ladder; Owner: circle_owner
CREATE TABLE ladder.description (
    only_row boolean DEFAULT true NOT NULL,
    server integer NOT NULL,
    objects jsonb NOT NULL,
    described_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    CONSTRAINT description_only_row_check CHECK (only_row)
);

ALTER TABLE ladder.description OWNER TO circle_owner;

-- Name: migrations; Type: TABLE; Schema: ladder; Owner: circle_owner
CREATE TABLE ladder.migrations (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

ALTER TABLE ladder.migrations OWNER TO circle_owner;

-- Name: migrations_id_seq; Type: SEQUENCE; Schema: ladder; Owner: circle_owner
CREATE SEQUENCE ladder.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE ladder.migrations_id_seq OWNER TO circle_owner;

-- Name: migrations_id_seq; Type: SEQUENCE OWNED BY; Schema: ladder; Owner: circle_owner
ALTER SEQUENCE ladder.migrations_id_seq OWNED BY ladder.migrations.id;

-- Name: notifications; Type: TABLE; Schema: ladder; Owner: circle_owner
CREATE TABLE ladder.notifications (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    type character varying(20) NOT NULL,
    post_id bigint NOT NULL
);

ALTER TABLE ladder.notifications OWNER TO circle_owner;

-- Name: notifications_id_seq; Type: SEQUENCE; Schema: ladder; Owner: circle_owner
CREATE SEQUENCE ladder.notifications_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE ladder.notifications_id_seq OWNER TO circle_owner;

-- Name: notifications_id_seq; Type: SEQUENCE OWNED BY; Schema: ladder; Owner: circle_owner
ALTER SEQUENCE ladder.notifications_id_seq OWNED BY ladder.notifications.id;

-- Name: follows; Type: TABLE; Schema: public; Owner: circle_owner
CREATE TABLE public.follows (
    id bigint NOT NULL,
    follower_id bigint,
    following_id bigint,
    created_at timestamp without time zone DEFAULT now()
);

ALTER TABLE public.follows OWNER TO circle_owner;

-- Name: follows_id_seq; Type: SEQUENCE; Schema: public; Owner: circle_owner
CREATE SEQUENCE public.follows_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.follows_id_seq OWNER TO circle_owner;

-- Name: follows_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: circle_owner
ALTER SEQUENCE public.follows_id_seq OWNED BY public.follows.id;

-- Name: interactions; Type: TABLE; Schema: public; Owner: circle_owner
CREATE TABLE public.interactions (
    id bigint NOT NULL,
    user_id bigint,
    post_id bigint,
    type character varying(20) NOT NULL,
    created_at timestamp without time zone DEFAULT now(),
    CONSTRAINT interactions_type_check CHECK (((type)::text = ANY ((ARRAY['like'::character varying, 'repost'::character varying])::text[])))
);

ALTER TABLE public.interactions OWNER TO circle_owner;

-- Name: interactions_id_seq; Type: SEQUENCE; Schema: public; Owner: circle_owner
CREATE SEQUENCE public.interactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.interactions_id_seq OWNER TO circle_owner;

-- Name: interactions_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: circle_owner
ALTER SEQUENCE public.interactions_id_seq OWNED BY public.interactions.id;

-- Name: post_ids; Type: TABLE; Schema: public; Owner: circle_owner
CREATE TABLE public.post_ids (
    id bigint NOT NULL
);

ALTER TABLE public.post_ids OWNER TO circle_owner;

-- Name: posts; Type: TABLE; Schema: public; Owner: circle_owner
CREATE TABLE public.posts (
    id bigint NOT NULL,
    author_id bigint,
    content text NOT NULL,
    image text,
    visibility character varying(20) DEFAULT 'public'::character varying,
    likes integer DEFAULT 0,
    reposts integer DEFAULT 0,
    replies integer DEFAULT 0,
    reply_to_id bigint,
    created_at timestamp without time zone DEFAULT now() NOT NULL,
    updated_at timestamp without time zone DEFAULT now()
)
PARTITION BY RANGE (created_at);

ALTER TABLE public.posts OWNER TO circle_owner;

-- Name: posts_id_seq; Type: SEQUENCE; Schema: public; Owner: circle_owner
CREATE SEQUENCE public.posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.posts_id_seq OWNER TO circle_owner;

-- Name: posts_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: circle_owner
ALTER SEQUENCE public.posts_id_seq OWNED BY public.posts.id;

-- Name: posts_2024; Type: TABLE; Schema: public; Owner: circle_owner
CREATE TABLE public.posts_2024 (
    id bigint DEFAULT nextval('public.posts_id_seq'::regclass) NOT NULL,
    author_id bigint,
    content text NOT NULL,
    image text,
    visibility character varying(20) DEFAULT 'public'::character varying,
    likes integer DEFAULT 0,
    reposts integer DEFAULT 0,
    replies integer DEFAULT 0,
    reply_to_id bigint,
    created_at timestamp without time zone DEFAULT now() NOT NULL,
    updated_at timestamp without time zone DEFAULT now()
);

ALTER TABLE public.posts_2024 OWNER TO circle_owner;

-- Name: posts_default; Type: TABLE; Schema: public; Owner: circle_owner
CREATE TABLE public.posts_default (
    id bigint DEFAULT nextval('public.posts_id_seq'::regclass) NOT NULL,
    author_id bigint,
    content text NOT NULL,
    image text,
    visibility character varying(20) DEFAULT 'public'::character varying,
    likes integer DEFAULT 0,
    reposts integer DEFAULT 0,
    replies integer DEFAULT 0,
    reply_to_id bigint,
    created_at timestamp without time zone DEFAULT now() NOT NULL,
    updated_at timestamp without time zone DEFAULT now()
);

ALTER TABLE public.posts_default OWNER TO circle_owner;

-- Name: users; Type: TABLE; Schema: public; Owner: circle_owner
CREATE TABLE public.users (
    id bigint NOT NULL,
    wallet_address character varying(42) NOT NULL,
    pseudonym character varying(50) NOT NULL,
    display_name character varying(100),
    bio text,
    avatar text,
    reputation integer DEFAULT 0,
    created_at timestamp without time zone DEFAULT now(),
    last_login timestamp without time zone DEFAULT now(),
    updated_at timestamp without time zone DEFAULT now(),
    wallet_address_encrypted bytea,
    wallet_address_hash bytea,
    wallet_key_id text
);

ALTER TABLE public.users OWNER TO circle_owner;

-- Name: users_id_seq; Type: SEQUENCE; Schema: public; Owner: circle_owner
CREATE SEQUENCE public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.users_id_seq OWNER TO circle_owner;

-- Name: users_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: circle_owner
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;

-- Name: posts_2024; Type: TABLE ATTACH; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.posts ATTACH PARTITION public.posts_2024 FOR VALUES FROM ('2024-01-01 00:00:00') TO ('2025-01-01 00:00:00');

-- Name: posts_default; Type: TABLE ATTACH; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.posts ATTACH PARTITION public.posts_default DEFAULT;

-- Name: migrations id; Type: DEFAULT; Schema: ladder; Owner: circle_owner
ALTER TABLE ONLY ladder.migrations ALTER COLUMN id SET DEFAULT nextval('ladder.migrations_id_seq'::regclass);

-- Name: notifications id; Type: DEFAULT; Schema: ladder; Owner: circle_owner
ALTER TABLE ONLY ladder.notifications ALTER COLUMN id SET DEFAULT nextval('ladder.notifications_id_seq'::regclass);

-- Name: follows id; Type: DEFAULT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.follows ALTER COLUMN id SET DEFAULT nextval('public.follows_id_seq'::regclass);

-- Name: interactions id; Type: DEFAULT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.interactions ALTER COLUMN id SET DEFAULT nextval('public.interactions_id_seq'::regclass);

-- Name: posts id; Type: DEFAULT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.posts ALTER COLUMN id SET DEFAULT nextval('public.posts_id_seq'::regclass);

-- Name: users id; Type: DEFAULT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);

-- Name: checksums checksums_pkey; Type: CONSTRAINT; Schema: ladder; Owner: circle_owner
ALTER TABLE ONLY ladder.checksums
    ADD CONSTRAINT checksums_pkey PRIMARY KEY (name);

-- Name: description description_pkey; Type: CONSTRAINT; Schema: ladder; Owner: circle_owner
ALTER TABLE ONLY ladder.description
    ADD CONSTRAINT description_pkey PRIMARY KEY (only_row);

-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: ladder; Owner: circle_owner
ALTER TABLE ONLY ladder.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

-- Name: notifications notifications_pkey; Type: CONSTRAINT; Schema: ladder; Owner: circle_owner
ALTER TABLE ONLY ladder.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

-- Name: partitioned_tables partitioned_tables_pkey; Type: CONSTRAINT; Schema: ladder; Owner: circle_owner
ALTER TABLE ONLY ladder.partitioned_tables
    ADD CONSTRAINT partitioned_tables_pkey PRIMARY KEY (table_name);

-- Name: follows follows_follower_id_following_id_key; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_follower_id_following_id_key UNIQUE (follower_id, following_id);

-- Name: follows follows_pkey; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_pkey PRIMARY KEY (id);

-- Name: interactions interactions_pkey; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_pkey PRIMARY KEY (id);

-- Name: interactions interactions_user_id_post_id_type_key; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_user_id_post_id_type_key UNIQUE (user_id, post_id, type);

-- Name: post_ids post_ids_pkey; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.post_ids
    ADD CONSTRAINT post_ids_pkey PRIMARY KEY (id);

-- Name: posts posts_pkey; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id, created_at);

-- Name: posts_2024 posts_2024_pkey; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.posts_2024
    ADD CONSTRAINT posts_2024_pkey PRIMARY KEY (id, created_at);

-- Name: posts_default posts_default_pkey; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.posts_default
    ADD CONSTRAINT posts_default_pkey PRIMARY KEY (id, created_at);

-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

-- Name: users users_pseudonym_key; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pseudonym_key UNIQUE (pseudonym);

-- Name: users users_wallet_address_hash_key; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_wallet_address_hash_key UNIQUE (wallet_address_hash);

-- Name: users users_wallet_address_key; Type: CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_wallet_address_key UNIQUE (wallet_address);

-- Name: idx_follows_following; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_follows_following ON public.follows USING btree (following_id);

-- Name: idx_interactions_post; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_interactions_post ON public.interactions USING btree (post_id);

-- Name: idx_interactions_user_type; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_interactions_user_type ON public.interactions USING btree (user_id, type);

-- Name: idx_posts_author; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_posts_author ON ONLY public.posts USING btree (author_id);

-- Name: idx_posts_reply_to; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_posts_reply_to ON ONLY public.posts USING btree (reply_to_id) WHERE (reply_to_id IS NOT NULL);

-- Name: idx_posts_visibility_created_at; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_posts_visibility_created_at ON ONLY public.posts USING btree (visibility, created_at DESC);

-- Name: idx_users_created_at; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_users_created_at ON public.users USING btree (created_at);

-- Name: idx_users_pseudonym; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_users_pseudonym ON public.users USING btree (pseudonym);

-- Name: idx_users_wallet; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_users_wallet ON public.users USING btree (wallet_address);

-- Name: idx_users_wallet_plain; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX idx_users_wallet_plain ON public.users USING btree (id) WHERE (wallet_address_encrypted IS NULL);

-- Name: posts_2024_author_id_idx; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX posts_2024_author_id_idx ON public.posts_2024 USING btree (author_id);

-- Name: posts_2024_reply_to_id_idx; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX posts_2024_reply_to_id_idx ON public.posts_2024 USING btree (reply_to_id) WHERE (reply_to_id IS NOT NULL);

-- Name: posts_2024_visibility_created_at_idx; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX posts_2024_visibility_created_at_idx ON public.posts_2024 USING btree (visibility, created_at DESC);

-- Name: posts_default_author_id_idx; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX posts_default_author_id_idx ON public.posts_default USING btree (author_id);

-- Name: posts_default_reply_to_id_idx; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX posts_default_reply_to_id_idx ON public.posts_default USING btree (reply_to_id) WHERE (reply_to_id IS NOT NULL);

-- Name: posts_default_visibility_created_at_idx; Type: INDEX; Schema: public; Owner: circle_owner
CREATE INDEX posts_default_visibility_created_at_idx ON public.posts_default USING btree (visibility, created_at DESC);

-- Name: posts_2024_author_id_idx; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.idx_posts_author ATTACH PARTITION public.posts_2024_author_id_idx;

-- Name: posts_2024_pkey; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.posts_pkey ATTACH PARTITION public.posts_2024_pkey;

-- Name: posts_2024_reply_to_id_idx; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.idx_posts_reply_to ATTACH PARTITION public.posts_2024_reply_to_id_idx;

-- Name: posts_2024_visibility_created_at_idx; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.idx_posts_visibility_created_at ATTACH PARTITION public.posts_2024_visibility_created_at_idx;

-- Name: posts_default_author_id_idx; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.idx_posts_author ATTACH PARTITION public.posts_default_author_id_idx;

-- Name: posts_default_pkey; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.posts_pkey ATTACH PARTITION public.posts_default_pkey;

-- Name: posts_default_reply_to_id_idx; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.idx_posts_reply_to ATTACH PARTITION public.posts_default_reply_to_id_idx;

-- Name: posts_default_visibility_created_at_idx; Type: INDEX ATTACH; Schema: public; Owner: circle_owner
ALTER INDEX public.idx_posts_visibility_created_at ATTACH PARTITION public.posts_default_visibility_created_at_idx;

-- Name: interactions interactions_notify; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER interactions_notify AFTER INSERT ON public.interactions REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN (row_security_active(('public.posts'::regclass)::oid)) EXECUTE FUNCTION ladder.notify_authors();

-- Name: interactions interactions_seen; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER interactions_seen BEFORE INSERT ON public.interactions FOR EACH ROW WHEN ((row_security_active(('public.posts'::regclass)::oid) AND (new.post_id IS NOT NULL))) EXECUTE FUNCTION ladder.refuse_unseen_post('interactions', 'post_id');

-- Name: interactions interactions_seen_again; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER interactions_seen_again BEFORE UPDATE ON public.interactions FOR EACH ROW WHEN ((row_security_active(('public.posts'::regclass)::oid) AND (new.post_id IS DISTINCT FROM old.post_id))) EXECUTE FUNCTION ladder.refuse_unseen_post('interactions', 'post_id');

-- Name: posts posts_forget; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER posts_forget AFTER DELETE ON public.posts REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION ladder.forget_posts();

-- Name: posts posts_forget_all; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER posts_forget_all AFTER TRUNCATE ON public.posts FOR EACH STATEMENT EXECUTE FUNCTION ladder.forget_all_posts();

-- Name: posts posts_keep_id; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER posts_keep_id BEFORE UPDATE ON public.posts FOR EACH ROW WHEN ((old.id IS DISTINCT FROM new.id)) EXECUTE FUNCTION ladder.refuse_new_post_id();

-- Name: posts posts_notify; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER posts_notify AFTER INSERT ON public.posts REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN (row_security_active(('public.posts'::regclass)::oid)) EXECUTE FUNCTION ladder.notify_authors();

-- Name: posts posts_register; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER posts_register BEFORE INSERT ON public.posts FOR EACH ROW WHEN ((new.id IS NOT NULL)) EXECUTE FUNCTION ladder.register_post();

-- Name: posts posts_reply_seen; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER posts_reply_seen BEFORE INSERT ON public.posts FOR EACH ROW WHEN ((row_security_active(('public.posts'::regclass)::oid) AND (new.reply_to_id IS NOT NULL))) EXECUTE FUNCTION ladder.refuse_unseen_post('posts', 'reply_to_id');

-- Name: posts posts_reply_seen_again; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER posts_reply_seen_again BEFORE UPDATE ON public.posts FOR EACH ROW WHEN ((row_security_active(('public.posts'::regclass)::oid) AND (new.reply_to_id IS DISTINCT FROM old.reply_to_id))) EXECUTE FUNCTION ladder.refuse_unseen_post('posts', 'reply_to_id');

-- Name: users users_wallet_changed; Type: TRIGGER; Schema: public; Owner: circle_owner
CREATE TRIGGER users_wallet_changed BEFORE UPDATE ON public.users FOR EACH ROW WHEN (((old.wallet_address)::text IS DISTINCT FROM (new.wallet_address)::text)) EXECUTE FUNCTION ladder.forget_encrypted_wallet();

-- Name: follows follows_follower_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_follower_id_fkey FOREIGN KEY (follower_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: follows follows_following_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_following_id_fkey FOREIGN KEY (following_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: interactions interactions_post_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.post_ids(id) ON DELETE CASCADE;

-- Name: interactions interactions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: posts posts_author_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE public.posts
    ADD CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: posts posts_reply_to_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: circle_owner
ALTER TABLE public.posts
    ADD CONSTRAINT posts_reply_to_id_fkey FOREIGN KEY (reply_to_id) REFERENCES public.post_ids(id) ON DELETE CASCADE;

-- Name: post_ids; Type: ROW SECURITY; Schema: public; Owner: circle_owner
ALTER TABLE public.post_ids ENABLE ROW LEVEL SECURITY;

-- Name: posts; Type: ROW SECURITY; Schema: public; Owner: circle_owner
ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;

-- Name: posts_2024; Type: ROW SECURITY; Schema: public; Owner: circle_owner
ALTER TABLE public.posts_2024 ENABLE ROW LEVEL SECURITY;

-- Name: posts_default; Type: ROW SECURITY; Schema: public; Owner: circle_owner
ALTER TABLE public.posts_default ENABLE ROW LEVEL SECURITY;

-- Name: posts posts_delete_policy; Type: POLICY; Schema: public; Owner: circle_owner
CREATE POLICY posts_delete_policy ON public.posts FOR DELETE USING ((author_id = (NULLIF(current_setting('app.current_user_id'::text, true), ''::text))::bigint));

-- Name: posts posts_insert_policy; Type: POLICY; Schema: public; Owner: circle_owner
CREATE POLICY posts_insert_policy ON public.posts FOR INSERT WITH CHECK ((author_id = (NULLIF(current_setting('app.current_user_id'::text, true), ''::text))::bigint));

-- Name: posts posts_update_policy; Type: POLICY; Schema: public; Owner: circle_owner
CREATE POLICY posts_update_policy ON public.posts FOR UPDATE USING ((author_id = (NULLIF(current_setting('app.current_user_id'::text, true), ''::text))::bigint)) WITH CHECK ((author_id = (NULLIF(current_setting('app.current_user_id'::text, true), ''::text))::bigint));

-- Name: posts posts_visibility_policy; Type: POLICY; Schema: public; Owner: circle_owner
CREATE POLICY posts_visibility_policy ON public.posts FOR SELECT USING ((((visibility)::text = 'public'::text) OR (author_id = (NULLIF(current_setting('app.current_user_id'::text, true), ''::text))::bigint)));

-- Name: circle_changes; Type: PUBLICATION; Schema: -; Owner: circle_owner
CREATE PUBLICATION circle_changes WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);

ALTER PUBLICATION circle_changes OWNER TO circle_owner;

-- Name: circle_changes notifications; Type: PUBLICATION TABLE; Schema: ladder; Owner: circle_owner
ALTER PUBLICATION circle_changes ADD TABLE ONLY ladder.notifications;

-- Name: circle_changes follows; Type: PUBLICATION TABLE; Schema: public; Owner: circle_owner
ALTER PUBLICATION circle_changes ADD TABLE ONLY public.follows;

-- Name: circle_changes interactions; Type: PUBLICATION TABLE; Schema: public; Owner: circle_owner
ALTER PUBLICATION circle_changes ADD TABLE ONLY public.interactions;

-- Name: circle_changes posts; Type: PUBLICATION TABLE; Schema: public; Owner: circle_owner
ALTER PUBLICATION circle_changes ADD TABLE ONLY public.posts (id, author_id, visibility, reply_to_id, created_at);

-- Name: DATABASE circle; Type: ACL; Schema: -; Owner: circle_owner
REVOKE CONNECT,TEMPORARY ON DATABASE circle FROM PUBLIC;
GRANT CONNECT ON DATABASE circle TO circle;
GRANT CONNECT ON DATABASE circle TO circle_readonly;
GRANT CONNECT ON DATABASE circle TO circle_replication;
GRANT CONNECT ON DATABASE circle TO pg_monitor;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: circle_owner
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO circle;
GRANT USAGE ON SCHEMA public TO circle_readonly;
GRANT USAGE ON SCHEMA public TO circle_replication;
GRANT USAGE ON SCHEMA public TO pg_monitor;

-- Name: FUNCTION attach_partitions(parent regclass, names text[], lows timestamp without time zone[], highs timestamp without time zone[]); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.attach_partitions(parent regclass, names text[], lows timestamp without time zone[], highs timestamp without time zone[]) FROM PUBLIC;

-- Name: FUNCTION build_partition(parent regclass, partition_name text); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.build_partition(parent regclass, partition_name text) FROM PUBLIC;

-- Name: FUNCTION forget_all_posts(); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.forget_all_posts() FROM PUBLIC;

-- Name: FUNCTION forget_encrypted_wallet(); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.forget_encrypted_wallet() FROM PUBLIC;

-- Name: FUNCTION forget_posts(); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.forget_posts() FROM PUBLIC;

-- Name: FUNCTION maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp without time zone, at_most integer); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.maintain_partitioned_table(wanted ladder.partitioned_tables, until timestamp without time zone, at_most integer) FROM PUBLIC;

-- Name: FUNCTION maintain_partitions(at timestamp without time zone, at_most integer); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.maintain_partitions(at timestamp without time zone, at_most integer) FROM PUBLIC;

-- Name: PROCEDURE maintain_partitions_one_by_one(IN at timestamp without time zone); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON PROCEDURE ladder.maintain_partitions_one_by_one(IN at timestamp without time zone) FROM PUBLIC;

-- Name: FUNCTION missing_partitions(wanted ladder.partitioned_tables, until timestamp without time zone); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.missing_partitions(wanted ladder.partitioned_tables, until timestamp without time zone) FROM PUBLIC;

-- Name: FUNCTION notify_authors(); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.notify_authors() FROM PUBLIC;

-- Name: FUNCTION partition_column(parent regclass); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.partition_column(parent regclass) FROM PUBLIC;

-- Name: FUNCTION partition_ranges(parent regclass); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.partition_ranges(parent regclass) FROM PUBLIC;

-- Name: FUNCTION partition_table(parent regclass, period text, first_at timestamp without time zone, ahead integer); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.partition_table(parent regclass, period text, first_at timestamp without time zone, ahead integer) FROM PUBLIC;

-- Name: FUNCTION protect_partition(parent regclass, partition regclass); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.protect_partition(parent regclass, partition regclass) FROM PUBLIC;

-- Name: FUNCTION refuse_new_post_id(); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.refuse_new_post_id() FROM PUBLIC;

-- Name: FUNCTION refuse_unseen_post(); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.refuse_unseen_post() FROM PUBLIC;

-- Name: FUNCTION register_post(); Type: ACL; Schema: ladder; Owner: circle_owner
REVOKE ALL ON FUNCTION ladder.register_post() FROM PUBLIC;

-- Name: TABLE follows; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.follows TO circle;
GRANT SELECT ON TABLE public.follows TO circle_readonly;
GRANT SELECT ON TABLE public.follows TO circle_replication;

-- Name: SEQUENCE follows_id_seq; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,USAGE ON SEQUENCE public.follows_id_seq TO circle;
GRANT SELECT ON SEQUENCE public.follows_id_seq TO circle_readonly;
GRANT SELECT ON SEQUENCE public.follows_id_seq TO circle_replication;

-- Name: TABLE interactions; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.interactions TO circle;
GRANT SELECT ON TABLE public.interactions TO circle_readonly;
GRANT SELECT ON TABLE public.interactions TO circle_replication;

-- Name: SEQUENCE interactions_id_seq; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,USAGE ON SEQUENCE public.interactions_id_seq TO circle;
GRANT SELECT ON SEQUENCE public.interactions_id_seq TO circle_readonly;
GRANT SELECT ON SEQUENCE public.interactions_id_seq TO circle_replication;

-- Name: TABLE post_ids; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.post_ids TO circle;
GRANT SELECT ON TABLE public.post_ids TO circle_readonly;
GRANT SELECT ON TABLE public.post_ids TO circle_replication;

-- Name: TABLE posts; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.posts TO circle;
GRANT SELECT ON TABLE public.posts TO circle_readonly;
GRANT SELECT ON TABLE public.posts TO circle_replication;

-- Name: SEQUENCE posts_id_seq; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,USAGE ON SEQUENCE public.posts_id_seq TO circle;
GRANT SELECT ON SEQUENCE public.posts_id_seq TO circle_readonly;
GRANT SELECT ON SEQUENCE public.posts_id_seq TO circle_replication;

-- Name: TABLE users; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO circle;
GRANT SELECT ON TABLE public.users TO circle_readonly;
GRANT SELECT ON TABLE public.users TO circle_replication;

-- Name: SEQUENCE users_id_seq; Type: ACL; Schema: public; Owner: circle_owner
GRANT SELECT,USAGE ON SEQUENCE public.users_id_seq TO circle;
GRANT SELECT ON SEQUENCE public.users_id_seq TO circle_readonly;
GRANT SELECT ON SEQUENCE public.users_id_seq TO circle_replication;

-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: circle_owner
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT SELECT,USAGE ON SEQUENCES TO circle;
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO circle_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO circle_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: circle_owner
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO circle;
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO circle_readonly;

-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: circle_owner
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES TO circle;
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT SELECT ON TABLES TO circle_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner IN SCHEMA public GRANT SELECT ON TABLES TO circle_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: circle_owner
ALTER DEFAULT PRIVILEGES FOR ROLE circle_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
