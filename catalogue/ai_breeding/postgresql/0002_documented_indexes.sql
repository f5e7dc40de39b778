-- All documented indexes (S2-08, S2-10, S2-12, S2-14, S2-16, S2-18, S2-20), in a file of their own so that a large load
-- can come between the tables and them.
CREATE INDEX idx_users_username ON users(username);

CREATE INDEX idx_agents_owner ON agents(owner_id);
CREATE INDEX idx_agents_for_sale ON agents(for_sale);
CREATE INDEX idx_agents_rarity ON agents(rarity);
CREATE INDEX idx_agents_traits ON agents USING GIN (traits);

-- The primary key has this index already; it is kept because it is documented (C-20).
CREATE INDEX idx_user_balance_user ON user_balance(user_id);

CREATE INDEX idx_payments_user ON payments(user_id);
CREATE INDEX idx_payments_status ON payments(status);
CREATE INDEX idx_payments_stripe_session ON payments(stripe_session_id);
CREATE INDEX idx_payments_created ON payments(created_at);

CREATE INDEX idx_chat_agent ON chat_messages(agent_id);
CREATE INDEX idx_chat_user ON chat_messages(user_id);
CREATE INDEX idx_chat_created ON chat_messages(created_at);

CREATE INDEX idx_battles_agent_a ON battles(agent_a_id);
CREATE INDEX idx_battles_agent_b ON battles(agent_b_id);
CREATE INDEX idx_battles_winner ON battles(winner_id);

CREATE INDEX idx_listings_agent ON marketplace_listings(agent_id);
CREATE INDEX idx_listings_seller ON marketplace_listings(seller_id);
CREATE INDEX idx_listings_status ON marketplace_listings(status);
