-- Name: aibase; Type: DATABASE; Schema: -; Owner: aibase_owner
CREATE DATABASE aibase WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';

ALTER DATABASE aibase OWNER TO aibase_owner;

-- Name: aibase; Type: DATABASE PROPERTIES; Schema: -; Owner: aibase_owner
ALTER DATABASE aibase CONNECTION LIMIT = [limit];

-- Name: ladder; Type: SCHEMA; Schema: -; Owner: aibase_owner
CREATE SCHEMA ladder;

ALTER SCHEMA ladder OWNER TO aibase_owner;

-- Name: public; Type: SCHEMA; Schema: -; Owner: aibase_owner
-- *not* creating schema, since initdb creates it

ALTER SCHEMA public OWNER TO aibase_owner;

-- Name: pg_stat_statements; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

-- Name: EXTENSION pg_stat_statements; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pg_stat_statements IS 'track planning and execution statistics of all SQL statements executed';

-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;

-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';

-- Name: checksums; Type: TABLE; Schema: ladder; Owner: aibase_owner
CREATE TABLE ladder.checksums (
    name text NOT NULL,
    catalogue text NOT NULL,
    checksum text NOT NULL,
    CONSTRAINT checksums_checksum_check CHECK ((checksum ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ladder.checksums OWNER TO aibase_owner;

-- Name: description; Type: TABLE; Schema: ladder; Owner: aibase_owner
CREATE TABLE ladder.description (
    only_row boolean DEFAULT true NOT NULL,
    server integer NOT NULL,
    objects jsonb NOT NULL,
    described_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    CONSTRAINT description_only_row_check CHECK (only_row)
);

ALTER TABLE ladder.description OWNER TO aibase_owner;

-- Name: migrations; Type: TABLE; Schema: ladder; Owner: aibase_owner
CREATE TABLE ladder.migrations (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

ALTER TABLE ladder.migrations OWNER TO aibase_owner;

-- Name: migrations_id_seq; Type: SEQUENCE; Schema: ladder; Owner: aibase_owner
CREATE SEQUENCE ladder.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE ladder.migrations_id_seq OWNER TO aibase_owner;

-- Name: migrations_id_seq; Type: SEQUENCE OWNED BY; Schema: ladder; Owner: aibase_owner
ALTER SEQUENCE ladder.migrations_id_seq OWNED BY ladder.migrations.id;

-- Name: projects; Type: TABLE; Schema: public; Owner: aibase_owner
CREATE TABLE public.projects (
    id bigint NOT NULL,
    tenant_id bigint,
    owner_id bigint,
    name character varying(255) NOT NULL,
    created_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    updated_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL
);

ALTER TABLE public.projects OWNER TO aibase_owner;

-- Name: projects_id_seq; Type: SEQUENCE; Schema: public; Owner: aibase_owner
CREATE SEQUENCE public.projects_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.projects_id_seq OWNER TO aibase_owner;

-- Name: projects_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: aibase_owner
ALTER SEQUENCE public.projects_id_seq OWNED BY public.projects.id;

-- Name: sessions; Type: TABLE; Schema: public; Owner: aibase_owner
CREATE TABLE public.sessions (
    id text NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    expires_at timestamp without time zone NOT NULL
);

ALTER TABLE public.sessions OWNER TO aibase_owner;

-- Name: tenants; Type: TABLE; Schema: public; Owner: aibase_owner
CREATE TABLE public.tenants (
    id bigint NOT NULL,
    name character varying(255) NOT NULL,
    created_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    updated_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL
);

ALTER TABLE public.tenants OWNER TO aibase_owner;

-- Name: tenants_id_seq; Type: SEQUENCE; Schema: public; Owner: aibase_owner
CREATE SEQUENCE public.tenants_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.tenants_id_seq OWNER TO aibase_owner;

-- Name: tenants_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: aibase_owner
ALTER SEQUENCE public.tenants_id_seq OWNED BY public.tenants.id;

-- Name: users; Type: TABLE; Schema: public; Owner: aibase_owner
CREATE TABLE public.users (
    id bigint NOT NULL,
    tenant_id bigint,
    email character varying(255) NOT NULL,
    created_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    updated_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL
);

ALTER TABLE public.users OWNER TO aibase_owner;

-- Name: users_id_seq; Type: SEQUENCE; Schema: public; Owner: aibase_owner
CREATE SEQUENCE public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.users_id_seq OWNER TO aibase_owner;

-- Name: users_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: aibase_owner
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;

-- Name: migrations id; Type: DEFAULT; Schema: ladder; Owner: aibase_owner
ALTER TABLE ONLY ladder.migrations ALTER COLUMN id SET DEFAULT nextval('ladder.migrations_id_seq'::regclass);

-- Name: projects id; Type: DEFAULT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.projects ALTER COLUMN id SET DEFAULT nextval('public.projects_id_seq'::regclass);

-- Name: tenants id; Type: DEFAULT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.tenants ALTER COLUMN id SET DEFAULT nextval('public.tenants_id_seq'::regclass);

-- Name: users id; Type: DEFAULT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);

-- Name: checksums checksums_pkey; Type: CONSTRAINT; Schema: ladder; Owner: aibase_owner
ALTER TABLE ONLY ladder.checksums
    ADD CONSTRAINT checksums_pkey PRIMARY KEY (name);

-- Name: description description_pkey; Type: CONSTRAINT; Schema: ladder; Owner: aibase_owner
ALTER TABLE ONLY ladder.description
    ADD CONSTRAINT description_pkey PRIMARY KEY (only_row);

-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: ladder; Owner: aibase_owner
ALTER TABLE ONLY ladder.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

-- Name: projects projects_pkey; Type: CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (id);

-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

-- Name: users users_email_key; Type: CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

-- Name: projects projects_owner_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: projects projects_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;

-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: users users_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: aibase_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;

-- Name: DATABASE aibase; Type: ACL; Schema: -; Owner: aibase_owner
REVOKE CONNECT,TEMPORARY ON DATABASE aibase FROM PUBLIC;
GRANT CONNECT ON DATABASE aibase TO aibase;
GRANT CONNECT ON DATABASE aibase TO aibase_readonly;
GRANT CONNECT ON DATABASE aibase TO aibase_replication;
GRANT CONNECT ON DATABASE aibase TO pg_monitor;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: aibase_owner
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO aibase;
GRANT USAGE ON SCHEMA public TO aibase_readonly;
GRANT USAGE ON SCHEMA public TO aibase_replication;
GRANT USAGE ON SCHEMA public TO pg_monitor;

-- Name: TABLE projects; Type: ACL; Schema: public; Owner: aibase_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.projects TO aibase;
GRANT SELECT ON TABLE public.projects TO aibase_readonly;
GRANT SELECT ON TABLE public.projects TO aibase_replication;

-- Name: SEQUENCE projects_id_seq; Type: ACL; Schema: public; Owner: aibase_owner
GRANT SELECT,USAGE ON SEQUENCE public.projects_id_seq TO aibase;
GRANT SELECT ON SEQUENCE public.projects_id_seq TO aibase_readonly;
GRANT SELECT ON SEQUENCE public.projects_id_seq TO aibase_replication;

-- Name: TABLE sessions; Type: ACL; Schema: public; Owner: aibase_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO aibase;
GRANT SELECT ON TABLE public.sessions TO aibase_readonly;
GRANT SELECT ON TABLE public.sessions TO aibase_replication;

-- Name: TABLE tenants; Type: ACL; Schema: public; Owner: aibase_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants TO aibase;
GRANT SELECT ON TABLE public.tenants TO aibase_readonly;
GRANT SELECT ON TABLE public.tenants TO aibase_replication;

-- Name: SEQUENCE tenants_id_seq; Type: ACL; Schema: public; Owner: aibase_owner
GRANT SELECT,USAGE ON SEQUENCE public.tenants_id_seq TO aibase;
GRANT SELECT ON SEQUENCE public.tenants_id_seq TO aibase_readonly;
GRANT SELECT ON SEQUENCE public.tenants_id_seq TO aibase_replication;

-- Name: TABLE users; Type: ACL; Schema: public; Owner: aibase_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO aibase;
GRANT SELECT ON TABLE public.users TO aibase_readonly;
GRANT SELECT ON TABLE public.users TO aibase_replication;

-- Name: SEQUENCE users_id_seq; Type: ACL; Schema: public; Owner: aibase_owner
GRANT SELECT,USAGE ON SEQUENCE public.users_id_seq TO aibase;
GRANT SELECT ON SEQUENCE public.users_id_seq TO aibase_readonly;
GRANT SELECT ON SEQUENCE public.users_id_seq TO aibase_replication;

-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: aibase_owner
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT SELECT,USAGE ON SEQUENCES TO aibase;
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO aibase_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO aibase_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: aibase_owner
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO aibase;
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO aibase_readonly;

-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: aibase_owner
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES TO aibase;
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT SELECT ON TABLES TO aibase_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner IN SCHEMA public GRANT SELECT ON TABLES TO aibase_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: aibase_owner
ALTER DEFAULT PRIVILEGES FOR ROLE aibase_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
