-- A minimal schema for the AI Company platform. The documents name what it holds (ideas, CEO agents, token
-- holdings: S0-02) and two columns of ceo_agents (S0-28); every other column is our assumption (C-14).
CREATE TABLE IF NOT EXISTS ceo_agents (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  creator_wallet TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'draft',
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS ai_ideas (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  description TEXT,
  ceo_agent_id INTEGER REFERENCES ceo_agents (id) ON DELETE SET NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS token_holdings (
  wallet TEXT NOT NULL,
  token TEXT NOT NULL,
  -- Amounts are decimal text: a float would round them.
  amount TEXT NOT NULL DEFAULT '0',
  updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (wallet, token)
);

CREATE INDEX IF NOT EXISTS idx_ceo_agents_status ON ceo_agents (status);
