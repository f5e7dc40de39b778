-- The change feed of the managed tier (S0-24). The tables are listed: FOR ALL TABLES would need a superuser, and would
-- break UPDATE and DELETE on any later table without a primary key.
CREATE PUBLICATION ai_company_changes FOR TABLE ceo_agents, ai_ideas, token_holdings;
