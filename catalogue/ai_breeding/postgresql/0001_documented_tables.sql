-- The seven tables of the AI Breeding MVP on PostgreSQL, column for column as documented (S2-06, S2-07, S2-09, S2-11,
-- S2-13, S2-15, S2-17, S2-19): SERIAL keys, TIMESTAMP without zone, in UTC (C-20).
CREATE TABLE users (
  id SERIAL PRIMARY KEY,
  username VARCHAR(255) UNIQUE NOT NULL,
  email VARCHAR(255) UNIQUE,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

-- The first of the two ways to keep traits: JSONB in the agent's own row (S2-06).
CREATE TABLE agents (
  id SERIAL PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  owner_id INTEGER REFERENCES users(id),
  traits JSONB NOT NULL DEFAULT '{}',
  energy INTEGER DEFAULT 100 CHECK (energy >= 0 AND energy <= 100),
  xp INTEGER DEFAULT 0 CHECK (xp >= 0),
  gene INTEGER DEFAULT 0 CHECK (gene >= 0),
  rarity VARCHAR(50) DEFAULT 'common',
  rare_trait JSONB,
  power INTEGER DEFAULT 0 CHECK (power >= 0),
  for_sale BOOLEAN DEFAULT FALSE,
  price INTEGER DEFAULT 0 CHECK (price >= 0),
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE user_balance (
  user_id INTEGER PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
  coins INTEGER DEFAULT 0 CHECK (coins >= 0),
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE payments (
  id SERIAL PRIMARY KEY,
  user_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
  amount DECIMAL(10, 2) NOT NULL CHECK (amount >= 0),
  currency VARCHAR(10) DEFAULT 'USD',
  status VARCHAR(50) DEFAULT 'pending',
  payment_method VARCHAR(50),
  transaction_id VARCHAR(255),
  stripe_session_id VARCHAR(255),
  stripe_payment_intent_id VARCHAR(255),
  coins INTEGER DEFAULT 0 CHECK (coins >= 0),
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE chat_messages (
  id SERIAL PRIMARY KEY,
  agent_id INTEGER REFERENCES agents(id) ON DELETE CASCADE,
  user_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
  message TEXT NOT NULL,
  role VARCHAR(50) NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE battles (
  id SERIAL PRIMARY KEY,
  agent_a_id INTEGER REFERENCES agents(id) ON DELETE SET NULL,
  agent_b_id INTEGER REFERENCES agents(id) ON DELETE SET NULL,
  winner_id INTEGER REFERENCES agents(id) ON DELETE SET NULL,
  result JSONB,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE marketplace_listings (
  id SERIAL PRIMARY KEY,
  agent_id INTEGER REFERENCES agents(id) ON DELETE CASCADE,
  seller_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
  price INTEGER NOT NULL CHECK (price >= 0),
  status VARCHAR(50) DEFAULT 'active' CHECK (status IN ('active', 'sold', 'cancelled')),
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
