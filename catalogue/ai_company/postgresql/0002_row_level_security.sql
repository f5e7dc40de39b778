-- Row-level security of ceo_agents (S0-25 to S0-27) as decided in C-36. The two documented policies keep their names;
-- with them alone a creator could neither see, nor unpublish, nor make an agent of their own.

-- Who asks: SELECT set_config('app.current_wallet', $1, true) names a wallet until the transaction ends. A setting that
-- is missing, or empty as one is after its transaction, is nobody: NULL, which equals no creator_wallet.
CREATE FUNCTION public.current_wallet() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.current_wallet', true), '');
GRANT EXECUTE ON FUNCTION public.current_wallet() TO PUBLIC;

-- The documents call auth.uid(). Where a schema auth exists it belongs to somebody else (Supabase, whose auth.uid() is
-- a uuid): nothing in it is touched, and no policy here depends on it.
DO $$
BEGIN
  IF to_regnamespace('auth') IS NULL THEN
    CREATE SCHEMA auth;
    CREATE FUNCTION auth.uid() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN public.current_wallet();
    GRANT USAGE ON SCHEMA auth TO PUBLIC;
    GRANT EXECUTE ON FUNCTION auth.uid() TO PUBLIC;
  END IF;
END
$$;

ALTER TABLE ceo_agents ENABLE ROW LEVEL SECURITY;

-- An adopted table may have policies of these names.
DROP POLICY IF EXISTS "Public agents visible" ON ceo_agents;
DROP POLICY IF EXISTS "Users see own agents" ON ceo_agents;
DROP POLICY IF EXISTS "Users create own agents" ON ceo_agents;
DROP POLICY IF EXISTS "Users edit own agents" ON ceo_agents;
DROP POLICY IF EXISTS "Users delete own agents" ON ceo_agents;

CREATE POLICY "Public agents visible" ON ceo_agents FOR SELECT USING (status = 'available');
CREATE POLICY "Users see own agents" ON ceo_agents FOR SELECT USING (creator_wallet = public.current_wallet());
CREATE POLICY "Users create own agents" ON ceo_agents FOR INSERT WITH CHECK (creator_wallet = public.current_wallet());
-- WITH CHECK keeps a creator from giving an agent away.
CREATE POLICY "Users edit own agents" ON ceo_agents FOR UPDATE
  USING (creator_wallet = public.current_wallet()) WITH CHECK (creator_wallet = public.current_wallet());
CREATE POLICY "Users delete own agents" ON ceo_agents FOR DELETE USING (creator_wallet = public.current_wallet());

-- A foreign key is checked with the rights of the table's owner, so whether an idea may name an agent would tell
-- whether a hidden agent exists. Here an agent that one may not see is answered like one that does not exist.
CREATE FUNCTION ladder.check_agent_is_visible() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
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

DO $$
BEGIN
  -- An adopted ai_ideas may lack the column, which is our assumption.
  IF EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = 'public.ai_ideas'::regclass AND attname = 'ceo_agent_id' AND NOT attisdropped
  ) THEN
    CREATE TRIGGER ai_ideas_agent_is_visible BEFORE INSERT OR UPDATE OF ceo_agent_id ON ai_ideas
      FOR EACH ROW WHEN (NEW.ceo_agent_id IS NOT NULL) EXECUTE FUNCTION ladder.check_agent_is_visible();
  END IF;
END
$$;
