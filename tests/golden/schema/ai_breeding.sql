-- Name: ai_breeding; Type: DATABASE; Schema: -; Owner: ai_breeding_owner
CREATE DATABASE ai_breeding WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';

ALTER DATABASE ai_breeding OWNER TO ai_breeding_owner;

-- Name: ai_breeding; Type: DATABASE PROPERTIES; Schema: -; Owner: ai_breeding_owner
ALTER DATABASE ai_breeding CONNECTION LIMIT = [limit];

-- Name: ladder; Type: SCHEMA; Schema: -; Owner: ai_breeding_owner
CREATE SCHEMA ladder;

ALTER SCHEMA ladder OWNER TO ai_breeding_owner;

-- Name: public; Type: SCHEMA; Schema: -; Owner: ai_breeding_owner
-- *not* creating schema, since initdb creates it

ALTER SCHEMA public OWNER TO ai_breeding_owner;

-- Name: pg_stat_statements; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

-- Name: EXTENSION pg_stat_statements; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pg_stat_statements IS 'track planning and execution statistics of all SQL statements executed';

-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;

-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: 
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';

-- Name: checksums; Type: TABLE; Schema: ladder; Owner: ai_breeding_owner
CREATE TABLE ladder.checksums (
    name text NOT NULL,
    catalogue text NOT NULL,
    checksum text NOT NULL,
    CONSTRAINT checksums_checksum_check CHECK ((checksum ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ladder.checksums OWNER TO ai_breeding_owner;

-- Name: description; Type: TABLE; Schema: ladder; Owner: ai_breeding_owner
CREATE TABLE ladder.description (
    only_row boolean DEFAULT true NOT NULL,
    server integer NOT NULL,
    objects jsonb NOT NULL,
    described_at timestamp without time zone DEFAULT (now() AT TIME ZONE 'UTC'::text) NOT NULL,
    CONSTRAINT description_only_row_check CHECK (only_row)
);

ALTER TABLE ladder.description OWNER TO ai_breeding_owner;

-- Name: migrations; Type: TABLE; Schema: ladder; Owner: ai_breeding_owner
CREATE TABLE ladder.migrations (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

ALTER TABLE ladder.migrations OWNER TO ai_breeding_owner;

-- Name: migrations_id_seq; Type: SEQUENCE; Schema: ladder; Owner: ai_breeding_owner
CREATE SEQUENCE ladder.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE ladder.migrations_id_seq OWNER TO ai_breeding_owner;

-- Name: migrations_id_seq; Type: SEQUENCE OWNED BY; Schema: ladder; Owner: ai_breeding_owner
ALTER SEQUENCE ladder.migrations_id_seq OWNED BY ladder.migrations.id;

-- Name: agents; Type: TABLE; Schema: public; Owner: ai_breeding_owner
CREATE TABLE public.agents (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    owner_id integer,
    traits jsonb DEFAULT '{}'::jsonb NOT NULL,
    energy integer DEFAULT 100,
    xp integer DEFAULT 0,
    gene integer DEFAULT 0,
    rarity character varying(50) DEFAULT 'common'::character varying,
    rare_trait jsonb,
    power integer DEFAULT 0,
    for_sale boolean DEFAULT false,
    price integer DEFAULT 0,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT agents_energy_check CHECK (((energy >= 0) AND (energy <= 100))),
    CONSTRAINT agents_gene_check CHECK ((gene >= 0)),
    CONSTRAINT agents_power_check CHECK ((power >= 0)),
    CONSTRAINT agents_price_check CHECK ((price >= 0)),
    CONSTRAINT agents_xp_check CHECK ((xp >= 0))
);

ALTER TABLE public.agents OWNER TO ai_breeding_owner;

-- Name: agents_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_breeding_owner
CREATE SEQUENCE public.agents_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.agents_id_seq OWNER TO ai_breeding_owner;

-- Name: agents_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_breeding_owner
ALTER SEQUENCE public.agents_id_seq OWNED BY public.agents.id;

-- Name: battles; Type: TABLE; Schema: public; Owner: ai_breeding_owner
CREATE TABLE public.battles (
    id integer NOT NULL,
    agent_a_id integer,
    agent_b_id integer,
    winner_id integer,
    result jsonb,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP
);

ALTER TABLE public.battles OWNER TO ai_breeding_owner;

-- Name: battles_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_breeding_owner
CREATE SEQUENCE public.battles_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.battles_id_seq OWNER TO ai_breeding_owner;

-- Name: battles_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_breeding_owner
ALTER SEQUENCE public.battles_id_seq OWNED BY public.battles.id;

-- Name: chat_messages; Type: TABLE; Schema: public; Owner: ai_breeding_owner
CREATE TABLE public.chat_messages (
    id integer NOT NULL,
    agent_id integer,
    user_id integer,
    message text NOT NULL,
    role character varying(50) NOT NULL,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT chat_messages_role_check CHECK (((role)::text = ANY ((ARRAY['user'::character varying, 'assistant'::character varying, 'system'::character varying])::text[])))
);

ALTER TABLE public.chat_messages OWNER TO ai_breeding_owner;

-- Name: chat_messages_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_breeding_owner
CREATE SEQUENCE public.chat_messages_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.chat_messages_id_seq OWNER TO ai_breeding_owner;

-- Name: chat_messages_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_breeding_owner
ALTER SEQUENCE public.chat_messages_id_seq OWNED BY public.chat_messages.id;

-- Name: marketplace_listings; Type: TABLE; Schema: public; Owner: ai_breeding_owner
CREATE TABLE public.marketplace_listings (
    id integer NOT NULL,
    agent_id integer,
    seller_id integer,
    price integer NOT NULL,
    status character varying(50) DEFAULT 'active'::character varying,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT marketplace_listings_price_check CHECK ((price >= 0)),
    CONSTRAINT marketplace_listings_status_check CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'sold'::character varying, 'cancelled'::character varying])::text[])))
);

ALTER TABLE public.marketplace_listings OWNER TO ai_breeding_owner;

-- Name: marketplace_listings_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_breeding_owner
CREATE SEQUENCE public.marketplace_listings_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.marketplace_listings_id_seq OWNER TO ai_breeding_owner;

-- Name: marketplace_listings_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_breeding_owner
ALTER SEQUENCE public.marketplace_listings_id_seq OWNED BY public.marketplace_listings.id;

-- Name: payments; Type: TABLE; Schema: public; Owner: ai_breeding_owner
CREATE TABLE public.payments (
    id integer NOT NULL,
    user_id integer,
    amount numeric(10,2) NOT NULL,
    currency character varying(10) DEFAULT 'USD'::character varying,
    status character varying(50) DEFAULT 'pending'::character varying,
    payment_method character varying(50),
    transaction_id character varying(255),
    stripe_session_id character varying(255),
    stripe_payment_intent_id character varying(255),
    coins integer DEFAULT 0,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT payments_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT payments_coins_check CHECK ((coins >= 0))
);

ALTER TABLE public.payments OWNER TO ai_breeding_owner;

-- Name: payments_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_breeding_owner
CREATE SEQUENCE public.payments_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.payments_id_seq OWNER TO ai_breeding_owner;

-- Name: payments_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_breeding_owner
ALTER SEQUENCE public.payments_id_seq OWNED BY public.payments.id;

-- Name: user_balance; Type: TABLE; Schema: public; Owner: ai_breeding_owner
CREATE TABLE public.user_balance (
    user_id integer NOT NULL,
    coins integer DEFAULT 0,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT user_balance_coins_check CHECK ((coins >= 0))
);

ALTER TABLE public.user_balance OWNER TO ai_breeding_owner;

-- Name: users; Type: TABLE; Schema: public; Owner: ai_breeding_owner
CREATE TABLE public.users (
    id integer NOT NULL,
    username character varying(255) NOT NULL,
    email character varying(255),
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP
);

ALTER TABLE public.users OWNER TO ai_breeding_owner;

-- Name: users_id_seq; Type: SEQUENCE; Schema: public; Owner: ai_breeding_owner
CREATE SEQUENCE public.users_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.users_id_seq OWNER TO ai_breeding_owner;

-- Name: users_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: ai_breeding_owner
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;

-- Name: migrations id; Type: DEFAULT; Schema: ladder; Owner: ai_breeding_owner
ALTER TABLE ONLY ladder.migrations ALTER COLUMN id SET DEFAULT nextval('ladder.migrations_id_seq'::regclass);

-- Name: agents id; Type: DEFAULT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.agents ALTER COLUMN id SET DEFAULT nextval('public.agents_id_seq'::regclass);

-- Name: battles id; Type: DEFAULT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.battles ALTER COLUMN id SET DEFAULT nextval('public.battles_id_seq'::regclass);

-- Name: chat_messages id; Type: DEFAULT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.chat_messages ALTER COLUMN id SET DEFAULT nextval('public.chat_messages_id_seq'::regclass);

-- Name: marketplace_listings id; Type: DEFAULT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.marketplace_listings ALTER COLUMN id SET DEFAULT nextval('public.marketplace_listings_id_seq'::regclass);

-- Name: payments id; Type: DEFAULT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.payments ALTER COLUMN id SET DEFAULT nextval('public.payments_id_seq'::regclass);

-- Name: users id; Type: DEFAULT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);

-- Name: checksums checksums_pkey; Type: CONSTRAINT; Schema: ladder; Owner: ai_breeding_owner
ALTER TABLE ONLY ladder.checksums
    ADD CONSTRAINT checksums_pkey PRIMARY KEY (name);

-- Name: description description_pkey; Type: CONSTRAINT; Schema: ladder; Owner: ai_breeding_owner
ALTER TABLE ONLY ladder.description
    ADD CONSTRAINT description_pkey PRIMARY KEY (only_row);

-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: ladder; Owner: ai_breeding_owner
ALTER TABLE ONLY ladder.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

-- Name: agents agents_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (id);

-- Name: battles battles_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.battles
    ADD CONSTRAINT battles_pkey PRIMARY KEY (id);

-- Name: chat_messages chat_messages_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.chat_messages
    ADD CONSTRAINT chat_messages_pkey PRIMARY KEY (id);

-- Name: marketplace_listings marketplace_listings_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.marketplace_listings
    ADD CONSTRAINT marketplace_listings_pkey PRIMARY KEY (id);

-- Name: payments payments_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

-- Name: user_balance user_balance_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.user_balance
    ADD CONSTRAINT user_balance_pkey PRIMARY KEY (user_id);

-- Name: users users_email_key; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

-- Name: users users_username_key; Type: CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);

-- Name: idx_agents_for_sale; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_agents_for_sale ON public.agents USING btree (for_sale);

-- Name: idx_agents_owner; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_agents_owner ON public.agents USING btree (owner_id);

-- Name: idx_agents_rarity; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_agents_rarity ON public.agents USING btree (rarity);

-- Name: idx_agents_traits; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_agents_traits ON public.agents USING gin (traits);

-- Name: idx_battles_agent_a; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_battles_agent_a ON public.battles USING btree (agent_a_id);

-- Name: idx_battles_agent_b; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_battles_agent_b ON public.battles USING btree (agent_b_id);

-- Name: idx_battles_winner; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_battles_winner ON public.battles USING btree (winner_id);

-- Name: idx_chat_agent; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_chat_agent ON public.chat_messages USING btree (agent_id);

-- Name: idx_chat_created; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_chat_created ON public.chat_messages USING btree (created_at);

-- Name: idx_chat_user; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_chat_user ON public.chat_messages USING btree (user_id);

-- Name: idx_listings_agent; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_listings_agent ON public.marketplace_listings USING btree (agent_id);

-- Name: idx_listings_seller; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_listings_seller ON public.marketplace_listings USING btree (seller_id);

-- Name: idx_listings_status; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_listings_status ON public.marketplace_listings USING btree (status);

-- Name: idx_payments_created; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_payments_created ON public.payments USING btree (created_at);

-- Name: idx_payments_status; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_payments_status ON public.payments USING btree (status);

-- Name: idx_payments_stripe_session; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_payments_stripe_session ON public.payments USING btree (stripe_session_id);

-- Name: idx_payments_user; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_payments_user ON public.payments USING btree (user_id);

-- Name: idx_user_balance_user; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_user_balance_user ON public.user_balance USING btree (user_id);

-- Name: idx_users_username; Type: INDEX; Schema: public; Owner: ai_breeding_owner
CREATE INDEX idx_users_username ON public.users USING btree (username);

-- Name: agents agents_owner_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id);

-- Name: battles battles_agent_a_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.battles
    ADD CONSTRAINT battles_agent_a_id_fkey FOREIGN KEY (agent_a_id) REFERENCES public.agents(id) ON DELETE SET NULL;

-- Name: battles battles_agent_b_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.battles
    ADD CONSTRAINT battles_agent_b_id_fkey FOREIGN KEY (agent_b_id) REFERENCES public.agents(id) ON DELETE SET NULL;

-- Name: battles battles_winner_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.battles
    ADD CONSTRAINT battles_winner_id_fkey FOREIGN KEY (winner_id) REFERENCES public.agents(id) ON DELETE SET NULL;

-- Name: chat_messages chat_messages_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.chat_messages
    ADD CONSTRAINT chat_messages_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id) ON DELETE CASCADE;

-- Name: chat_messages chat_messages_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.chat_messages
    ADD CONSTRAINT chat_messages_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: marketplace_listings marketplace_listings_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.marketplace_listings
    ADD CONSTRAINT marketplace_listings_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id) ON DELETE CASCADE;

-- Name: marketplace_listings marketplace_listings_seller_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.marketplace_listings
    ADD CONSTRAINT marketplace_listings_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: payments payments_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: user_balance user_balance_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ai_breeding_owner
ALTER TABLE ONLY public.user_balance
    ADD CONSTRAINT user_balance_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: DATABASE ai_breeding; Type: ACL; Schema: -; Owner: ai_breeding_owner
REVOKE CONNECT,TEMPORARY ON DATABASE ai_breeding FROM PUBLIC;
GRANT CONNECT ON DATABASE ai_breeding TO ai_breeding;
GRANT CONNECT ON DATABASE ai_breeding TO ai_breeding_readonly;
GRANT CONNECT ON DATABASE ai_breeding TO ai_breeding_replication;
GRANT CONNECT ON DATABASE ai_breeding TO pg_monitor;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: ai_breeding_owner
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ai_breeding;
GRANT USAGE ON SCHEMA public TO ai_breeding_readonly;
GRANT USAGE ON SCHEMA public TO ai_breeding_replication;
GRANT USAGE ON SCHEMA public TO pg_monitor;

-- Name: TABLE agents; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agents TO ai_breeding;
GRANT SELECT ON TABLE public.agents TO ai_breeding_readonly;
GRANT SELECT ON TABLE public.agents TO ai_breeding_replication;

-- Name: SEQUENCE agents_id_seq; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,USAGE ON SEQUENCE public.agents_id_seq TO ai_breeding;
GRANT SELECT ON SEQUENCE public.agents_id_seq TO ai_breeding_readonly;
GRANT SELECT ON SEQUENCE public.agents_id_seq TO ai_breeding_replication;

-- Name: TABLE battles; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.battles TO ai_breeding;
GRANT SELECT ON TABLE public.battles TO ai_breeding_readonly;
GRANT SELECT ON TABLE public.battles TO ai_breeding_replication;

-- Name: SEQUENCE battles_id_seq; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,USAGE ON SEQUENCE public.battles_id_seq TO ai_breeding;
GRANT SELECT ON SEQUENCE public.battles_id_seq TO ai_breeding_readonly;
GRANT SELECT ON SEQUENCE public.battles_id_seq TO ai_breeding_replication;

-- Name: TABLE chat_messages; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chat_messages TO ai_breeding;
GRANT SELECT ON TABLE public.chat_messages TO ai_breeding_readonly;
GRANT SELECT ON TABLE public.chat_messages TO ai_breeding_replication;

-- Name: SEQUENCE chat_messages_id_seq; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,USAGE ON SEQUENCE public.chat_messages_id_seq TO ai_breeding;
GRANT SELECT ON SEQUENCE public.chat_messages_id_seq TO ai_breeding_readonly;
GRANT SELECT ON SEQUENCE public.chat_messages_id_seq TO ai_breeding_replication;

-- Name: TABLE marketplace_listings; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.marketplace_listings TO ai_breeding;
GRANT SELECT ON TABLE public.marketplace_listings TO ai_breeding_readonly;
GRANT SELECT ON TABLE public.marketplace_listings TO ai_breeding_replication;

-- Name: SEQUENCE marketplace_listings_id_seq; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,USAGE ON SEQUENCE public.marketplace_listings_id_seq TO ai_breeding;
GRANT SELECT ON SEQUENCE public.marketplace_listings_id_seq TO ai_breeding_readonly;
GRANT SELECT ON SEQUENCE public.marketplace_listings_id_seq TO ai_breeding_replication;

-- Name: TABLE payments; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payments TO ai_breeding;
GRANT SELECT ON TABLE public.payments TO ai_breeding_readonly;
GRANT SELECT ON TABLE public.payments TO ai_breeding_replication;

-- Name: SEQUENCE payments_id_seq; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,USAGE ON SEQUENCE public.payments_id_seq TO ai_breeding;
GRANT SELECT ON SEQUENCE public.payments_id_seq TO ai_breeding_readonly;
GRANT SELECT ON SEQUENCE public.payments_id_seq TO ai_breeding_replication;

-- Name: TABLE user_balance; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_balance TO ai_breeding;
GRANT SELECT ON TABLE public.user_balance TO ai_breeding_readonly;
GRANT SELECT ON TABLE public.user_balance TO ai_breeding_replication;

-- Name: TABLE users; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO ai_breeding;
GRANT SELECT ON TABLE public.users TO ai_breeding_readonly;
GRANT SELECT ON TABLE public.users TO ai_breeding_replication;

-- Name: SEQUENCE users_id_seq; Type: ACL; Schema: public; Owner: ai_breeding_owner
GRANT SELECT,USAGE ON SEQUENCE public.users_id_seq TO ai_breeding;
GRANT SELECT ON SEQUENCE public.users_id_seq TO ai_breeding_readonly;
GRANT SELECT ON SEQUENCE public.users_id_seq TO ai_breeding_replication;

-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: ai_breeding_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT SELECT,USAGE ON SEQUENCES TO ai_breeding;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO ai_breeding_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO ai_breeding_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: ai_breeding_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO ai_breeding;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT ALL ON FUNCTIONS TO ai_breeding_readonly;

-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: ai_breeding_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES TO ai_breeding;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT SELECT ON TABLES TO ai_breeding_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner IN SCHEMA public GRANT SELECT ON TABLES TO ai_breeding_replication;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: ai_breeding_owner
ALTER DEFAULT PRIVILEGES FOR ROLE ai_breeding_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
