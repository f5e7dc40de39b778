-- The four tables of the AI Breeding MVP, column for column as documented (S2-02 to S2-05).
-- IF NOT EXISTS lets a database that the application already made be adopted.
CREATE TABLE IF NOT EXISTS agents (
  id INTEGER PRIMARY KEY,
  name TEXT,
  owner TEXT,
  traits TEXT,
  energy INTEGER,
  xp INTEGER,
  gene INTEGER,
  rarity TEXT,
  rareTrait TEXT,
  power INTEGER,
  forSale BOOLEAN,
  price INTEGER,
  created_at DATETIME,
  updated_at DATETIME
);

CREATE TABLE IF NOT EXISTS user_balance (
  user_id TEXT PRIMARY KEY,
  coins INTEGER,
  updated_at DATETIME
);

CREATE TABLE IF NOT EXISTS payments (
  id INTEGER PRIMARY KEY,
  user_id TEXT,
  amount REAL,
  currency TEXT,
  status TEXT,
  payment_method TEXT,
  transaction_id TEXT,
  stripe_session_id TEXT,
  stripe_payment_intent_id TEXT,
  coins INTEGER,
  created_at DATETIME,
  updated_at DATETIME
);

CREATE TABLE IF NOT EXISTS chat_messages (
  id INTEGER PRIMARY KEY,
  agent_id INTEGER,
  user_id TEXT,
  message TEXT,
  role TEXT,
  created_at DATETIME
);
