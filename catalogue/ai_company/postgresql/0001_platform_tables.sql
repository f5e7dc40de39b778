-- The PostgreSQL twin of ../sqlite/0001_platform_tables.sql: same tables and columns, so that a promotion copies row by
-- row. The documents name what the platform holds (S0-02) and two columns of ceo_agents (S0-28); every other column is
-- our assumption (C-14), and IF NOT EXISTS lets tables that are there already be adopted.
-- Types: INTEGER PRIMARY KEY becomes BIGSERIAL (SQLite's ids have 64 bits; S0-14), text times become TIMESTAMP in UTC
-- (C-20), decimal text becomes NUMERIC without a limit, so that no amount is rounded.
CREATE TABLE IF NOT EXISTS ceo_agents (
  id BIGSERIAL PRIMARY KEY,
  name TEXT NOT NULL,
  creator_wallet TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'draft',
  created_at TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  updated_at TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

CREATE TABLE IF NOT EXISTS ai_ideas (
  id BIGSERIAL PRIMARY KEY,
  title TEXT NOT NULL,
  description TEXT,
  ceo_agent_id BIGINT REFERENCES ceo_agents (id) ON DELETE SET NULL,
  created_at TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

CREATE TABLE IF NOT EXISTS token_holdings (
  wallet TEXT NOT NULL,
  token TEXT NOT NULL,
  amount NUMERIC NOT NULL DEFAULT 0,
  updated_at TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  PRIMARY KEY (wallet, token)
);

-- The two columns that the documents name are the two that the policies compare.
CREATE INDEX IF NOT EXISTS idx_ceo_agents_status ON ceo_agents (status);
CREATE INDEX IF NOT EXISTS idx_ceo_agents_creator_wallet ON ceo_agents (creator_wallet);
