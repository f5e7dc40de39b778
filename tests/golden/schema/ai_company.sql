-- Name: ai_company; Type: DATABASE; Schema: -; Owner: ai_company_owner
CREATE DATABASE ai_company WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';

ALTER DATABASE ai_company OWNER TO ai_company_owner;

-- Name: ai_company; Type: DATABASE PROPERTIES; Schema: -; Owner: ai_company_owner
ALTER DATABASE ai_company CONNECTION LIMIT = [limit];

-- Name: auth; Type: SCHEMA; Schema: -; Owner: ai_company_owner
CREATE SCHEMA auth;

ALTER SCHEMA auth OWNER TO ai_company_owner;

-- Name: ladder; Type: SCHEMA; Schema: -; Owner: ai_company_owner
CREATE SCHEMA ladder;

ALTER SCHEMA ladder OWNER TO ai_company_owner;

-- Name: public; Type: SCHEMA; Schema: -; Owner: ai_company_owner
-- *not* creating schema, since initdb creates it

ALTER SCHEMA public OWNER TO ai_company_owner;

-- Name: pg_stat_statements; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

-- Name: EXTENSION pg_stat_statements; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pg_stat_statements IS 'track planning and execution statistics of all SQL statements executed';

-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;

-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';

-- Name: current_wallet(); Type: FUNCTION; Schema: public; Owner: ai_company_owner
CREATE FUNCTION public.current_wallet() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.current_wallet'::text, true), ''::text);

ALTER FUNCTION public.current_wallet() OWNER TO ai_company_owner;

-- Name: uid(); Type: FUNCTION; Schema: auth; Owner: ai_company_owner
CREATE FUNCTION auth.uid() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN public.current_wallet();

ALTER FUNCTION auth.uid() OWNER TO ai_company_owner;

-- Name: check_agent_is_visible(); Type: FUNCTION; Schema: ladder; Owner: ai_company_owner
CREATE FUNCTION ladder.check_agent_is_visible() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.ceo_agents WHERE id = NEW.ceo_agent_id) THEN
    RAISE foreign_key_violation USING
      MESSAGE = 'insert or update on table "ai_ideas" violates foreign key constraint "ai_ideas_ceo_agent_id_fkey"',
      DETAIL = format('Key (ceo_agent_id)=(%s) is not present in table "ceo_agents".', NEW.ceo_agent_id);
  END IF;
  RETURN NEW;
END
$$;

ALTER FUNCTION ladder.check_agent_is_visible() OWNER TO ai_company_owner;

-- Name: checksums; Type: TABLE; Schema: ladder; Owner: ai_company_owner
CREATE TABLE ladder.checksums (
    name text NOT NULL,
    catalogue text NOT NULL,
    checksum text NOT NULL,
    CONSTRAINT checksums_checksum_check CHECK ((checksum ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ladder.checksums OWNER TO ai_company_owner;

-- Name: description; Type: TABLE; Schema: ladder; Owner: ai_company_owner
CREATE TABLE ladder.description (
    only_row boolean DEFAULT true NOT NULL,
    server integer NOT NULL,
    objects jsonb NOT NULL,
    described_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    CONSTRAINT description_only_row_check CHECK (only_row)
);

ALTER TABLE ladder.description OWNER TO ai_company_owner;

-- Name: migrations; Type: TABLE; Schema: ladder; Owner: ai_company_owner
CREATE TABLE ladder.migrations (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

ALTER TABLE ladder.migrations OWNER TO ai_company_owner;

-- Name: migrations_id_seq; Type: SEQUENCE; Schema: ladder; Owner: ai_company_owner
CREATE SEQUENCE ladder.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE ladder.migrations_id_seq OWNER TO ai_company_owner;

-- Name: migrations_id_seq; Type: SEQUENCE OWNED BY; Schema: ladder; Owner: ai_company_owner
ALTER SEQUENCE ladder.migrations_id_seq OWNED BY ladder.migrations.id;

-- Name: ai_ideas; Type: TABLE; Schema: public; Owner: ai_company_owner
CREATE TABLE public.ai_ideas (
    id bigint NOT NULL,
    title text NOT NULL,
    description text,
    ceo_agent_id bigint,
    created_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL
);

ALTER TABLE public.ai_ideas OWNER TO ai_company_owner;

-- Name: ai_ideas_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_company_owner
CREATE SEQUENCE public.ai_ideas_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.ai_ideas_id_seq OWNER TO ai_company_owner;

-- Name: ai_ideas_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_company_owner
ALTER SEQUENCE public.ai_ideas_id_seq OWNED BY public.ai_ideas.id;

-- Name: ceo_agents; Type: TABLE; Schema: public; Owner: ai_company_owner
CREATE TABLE public.ceo_agents (
    id bigint NOT NULL,
    name text NOT NULL,
    creator_wallet text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    created_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    updated_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL
);

ALTER TABLE public.ceo_agents OWNER TO ai_company_owner;

-- Name: ceo_agents_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_company_owner
CREATE SEQUENCE public.ceo_agents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.ceo_agents_id_seq OWNER TO ai_company_owner;

-- Name: ceo_agents_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_company_owner
ALTER SEQUENCE public.ceo_agents_id_seq OWNED BY public.ceo_agents.id;

-- Name: token_holdings; Type: TABLE; Schema: public; Owner: ai_company_owner
CREATE TABLE public.token_holdings (
    wallet text NOT NULL,
    token text NOT NULL,
    amount numeric DEFAULT 0 NOT NULL,
    updated_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL
);

ALTER TABLE public.token_holdings OWNER TO ai_company_owner;

-- Name: migrations id; Type: DEFAULT; Schema: ladder; Owner: ai_company_owner
ALTER TABLE ONLY ladder.migrations ALTER COLUMN id SET DEFAULT nextval('ladder.migrations_id_seq'::regclass);

-- Name: ai_ideas id; Type: DEFAULT; Schema: public; Owner: ai_company_owner
ALTER TABLE ONLY public.ai_ideas ALTER COLUMN id SET DEFAULT nextval('public.ai_ideas_id_seq'::regclass);

-- Name: ceo_agents id; Type: DEFAULT; Schema: public; Owner: ai_company_owner
ALTER TABLE ONLY public.ceo_agents ALTER COLUMN id SET DEFAULT nextval('public.ceo_agents_id_seq'::regclass);

-- Name: checksums checksums_pkey; Type: CONSTRAINT; Schema: ladder; Owner: ai_company_owner
ALTER TABLE ONLY ladder.checksums
    ADD CONSTRAINT checksums_pkey PRIMARY KEY (name);

-- Name: description description_pkey; Type: CONSTRAINT; Schema: ladder; Owner: ai_company_owner
ALTER TABLE ONLY ladder.description
    ADD CONSTRAINT description_pkey PRIMARY KEY (only_row);

-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: ladder; Owner: ai_company_owner
ALTER TABLE ONLY ladder.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

-- Name: ai_ideas ai_ideas_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_company_owner
ALTER TABLE ONLY public.ai_ideas
    ADD CONSTRAINT ai_ideas_pkey PRIMARY KEY (id);

-- Name: ceo_agents ceo_agents_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_company_owner
ALTER TABLE ONLY public.ceo_agents
    ADD CONSTRAINT ceo_agents_pkey PRIMARY KEY (id);

-- Name: token_holdings token_holdings_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_company_owner
ALTER TABLE ONLY public.token_holdings
    ADD CONSTRAINT token_holdings_pkey PRIMARY KEY (wallet, token);

-- Name: idx_ceo_agents_creator_wallet; Type: INDEX; Schema: public; Owner: ai_company_owner
CREATE INDEX idx_ceo_agents_creator_wallet ON public.ceo_agents USING btree (creator_wallet);

-- Name: idx_ceo_agents_status; Type: INDEX; Schema: public; Owner: ai_company_owner
CREATE INDEX idx_ceo_agents_status ON public.ceo_agents USING btree (status);

-- Name: ai_ideas ai_ideas_agent_is_visible; Type: TRIGGER; Schema: public; Owner: ai_company_owner
CREATE TRIGGER ai_ideas_agent_is_visible BEFORE INSERT OR UPDATE OF ceo_agent_id ON public.ai_ideas FOR EACH ROW WHEN ((new.ceo_agent_id IS NOT NULL)) EXECUTE FUNCTION ladder.check_agent_is_visible();

-- Name: ai_ideas ai_ideas_ceo_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_company_owner
ALTER TABLE ONLY public.ai_ideas
    ADD CONSTRAINT ai_ideas_ceo_agent_id_fkey FOREIGN KEY (ceo_agent_id) REFERENCES public.ceo_agents(id) ON DELETE SET NULL;

-- Name: ceo_agents Public agents visible; Type: POLICY; Schema: public; Owner: ai_company_owner
CREATE POLICY "Public agents visible" ON public.ceo_agents FOR SELECT USING ((status = 'available'::text));

-- Name: ceo_agents Users create own agents; Type: POLICY; Schema: public; Owner: ai_company_owner
CREATE POLICY "Users create own agents" ON public.ceo_agents FOR INSERT WITH CHECK ((creator_wallet = public.current_wallet()));

-- Name: ceo_agents Users delete own agents; Type: POLICY; Schema: public; Owner: ai_company_owner
CREATE POLICY "Users delete own agents" ON public.ceo_agents FOR DELETE USING ((creator_wallet = public.current_wallet()));

-- Name: ceo_agents Users edit own agents; Type: POLICY; Schema: public; Owner: ai_company_owner
CREATE POLICY "Users edit own agents" ON public.ceo_agents FOR UPDATE USING ((creator_wallet = public.current_wallet())) WITH CHECK ((creator_wallet = public.current_wallet()));

-- Name: ceo_agents Users see own agents; Type: POLICY; Schema: public; Owner: ai_company_owner
CREATE POLICY "Users see own agents" ON public.ceo_agents FOR SELECT USING ((creator_wallet = public.current_wallet()));

-- Name: ceo_agents; Type: ROW SECURITY; Schema: public; Owner: ai_company_owner
ALTER TABLE public.ceo_agents ENABLE ROW LEVEL SECURITY;

-- Name: ai_company_changes; Type: PUBLICATION; Schema: -; Owner: ai_company_owner
CREATE PUBLICATION ai_company_changes WITH (publish = 'insert, update, delete, truncate');

ALTER PUBLICATION ai_company_changes OWNER TO ai_company_owner;

-- Name: ai_company_changes ai_ideas; Type: PUBLICATION TABLE; Schema: public; Owner: ai_company_owner
ALTER PUBLICATION ai_company_changes ADD TABLE ONLY public.ai_ideas;

-- Name: ai_company_changes ceo_agents; Type: PUBLICATION TABLE; Schema: public; Owner: ai_company_owner
ALTER PUBLICATION ai_company_changes ADD TABLE ONLY public.ceo_agents;

-- Name: ai_company_changes token_holdings; Type: PUBLICATION TABLE; Schema: public; Owner: ai_company_owner
ALTER PUBLICATION ai_company_changes ADD TABLE ONLY public.token_holdings;

-- Name: DATABASE ai_company; Type: ACL; Schema: -; Owner: ai_company_owner
REVOKE CONNECT,TEMPORARY ON DATABASE ai_company FROM PUBLIC;
GRANT CONNECT ON DATABASE ai_company TO ai_company;
GRANT CONNECT ON DATABASE ai_company TO ai_company_readonly;
GRANT CONNECT ON DATABASE ai_company TO ai_company_replication;
GRANT CONNECT ON DATABASE ai_company TO pg_monitor;

-- Name: SCHEMA auth; Type: ACL; Schema: -; Owner: ai_company_owner
GRANT USAGE ON SCHEMA auth TO PUBLIC;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: ai_company_owner
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ai_company;
GRANT USAGE ON SCHEMA public TO ai_company_readonly;
GRANT USAGE ON SCHEMA public TO ai_company_replication;
GRANT USAGE ON SCHEMA public TO pg_monitor;

-- Name: FUNCTION current_wallet(); Type: ACL; Schema: public; Owner: ai_company_owner
GRANT ALL ON FUNCTION public.current_wallet() TO ai_company;
GRANT ALL ON FUNCTION public.current_wallet() TO ai_company_readonly;

-- Name: FUNCTION check_agent_is_visible(); Type: ACL; Schema: ladder; Owner: ai_company_owner
REVOKE ALL ON FUNCTION ladder.check_agent_is_visible() FROM PUBLIC;

-- Name: TABLE ai_ideas; Type: ACL; Schema: public; Owner: ai_company_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_ideas TO ai_company;
GRANT SELECT ON TABLE public.ai_ideas TO ai_company_readonly;
GRANT SELECT ON TABLE public.ai_ideas TO ai_company_replication;

-- Name: SEQUENCE ai_ideas_id_seq; Type: ACL; Schema: public; Owner: ai_company_owner
GRANT SELECT,USAGE ON SEQUENCE public.ai_ideas_id_seq TO ai_company;
GRANT SELECT ON SEQUENCE public.ai_ideas_id_seq TO ai_company_readonly;
GRANT SELECT ON SEQUENCE public.ai_ideas_id_seq TO ai_company_replication;

-- Name: TABLE ceo_agents; Type: ACL; Schema: public; Owner: ai_company_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ceo_agents TO ai_company;
GRANT SELECT ON TABLE public.ceo_agents TO ai_company_readonly;
GRANT SELECT ON TABLE public.ceo_agents TO ai_company_replication;

-- Name: SEQUENCE ceo_agents_id_seq; Type: ACL; Schema: public; Owner: ai_company_owner
GRANT SELECT,USAGE ON SEQUENCE public.ceo_agents_id_seq TO ai_company;
GRANT SELECT ON SEQUENCE public.ceo_agents_id_seq TO ai_company_readonly;
GRANT SELECT ON SEQUENCE public.ceo_agents_id_seq TO ai_company_replication;

-- Name: TABLE token_holdings; Type: ACL; Schema: public; Owner: ai_company_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.token_holdings TO ai_company;
GRANT SELECT ON TABLE public.token_holdings TO ai_company_readonly;
GRANT SELECT ON TABLE public.token_holdings TO ai_company_replication;

-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: ai_company_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT SELECT,USAGE ON SEQUENCES TO ai_company;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO ai_company_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO ai_company_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: ai_company_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO ai_company;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO ai_company_readonly;

-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: ai_company_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES TO ai_company;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT SELECT ON TABLES TO ai_company_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner IN SCHEMA public GRANT SELECT ON TABLES TO ai_company_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: ai_company_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_company_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
