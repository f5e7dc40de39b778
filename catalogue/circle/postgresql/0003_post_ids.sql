-- Keeps post_ids in step with posts. Rows that only change their partition keep their place in it, and with it their
-- interactions and replies: the trigger for deletes belongs to the statement and to posts itself, so it fires neither
-- for an UPDATE of created_at nor for what partition maintenance does to single partitions.
-- SECURITY DEFINER, because nobody but the owner may touch post_ids: a row deleted there takes other people's
-- interactions and replies with it. Row security without a policy is what keeps everybody else out; the owner, and with
-- it foreign keys and dumps, passes (C-36).
ALTER TABLE post_ids ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION ladder.register_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.post_ids (id) VALUES (NEW.id) ON CONFLICT (id) DO NOTHING;
  -- Taken already: by this very row, which is on its way to another partition or meets ON CONFLICT; or by another one.
  IF NOT FOUND AND EXISTS (SELECT FROM public.posts WHERE id = NEW.id AND created_at <> NEW.created_at) THEN
    RAISE unique_violation USING
      MESSAGE = 'duplicate key value violates unique constraint "post_ids_pkey"',
      DETAIL = format('Key (id)=(%s) already exists.', NEW.id),
      SCHEMA = 'public', TABLE = 'post_ids', CONSTRAINT = 'post_ids_pkey';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER posts_register BEFORE INSERT ON posts
  FOR EACH ROW WHEN (NEW.id IS NOT NULL) EXECUTE FUNCTION ladder.register_post();

-- With all replies to a post, and the replies to those: one after another they would nest as deep as the conversation,
-- and a long one would exceed the stack. Every join goes by index: the number of replies cannot be known beforehand, and
-- a hash of all posts made once per step took 230 s for a conversation of 20,000.
CREATE FUNCTION ladder.forget_posts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  WITH RECURSIVE gone AS (
    SELECT id FROM deleted
    UNION
    SELECT reply.id FROM gone JOIN public.posts AS reply ON reply.reply_to_id = gone.id
  )
  DELETE FROM public.post_ids AS registered USING gone WHERE registered.id = gone.id;
  RETURN NULL;
END $$;

CREATE TRIGGER posts_forget AFTER DELETE ON posts
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION ladder.forget_posts();

CREATE FUNCTION ladder.forget_all_posts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.post_ids;
  RETURN NULL;
END $$;

CREATE TRIGGER posts_forget_all AFTER TRUNCATE ON posts
  FOR EACH STATEMENT EXECUTE FUNCTION ladder.forget_all_posts();

CREATE FUNCTION ladder.refuse_new_post_id() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE feature_not_supported USING
    MESSAGE = format('the id of post %s cannot become %s', OLD.id, NEW.id),
    HINT = 'Replies and interactions refer to it. Insert a new post instead.';
END $$;

CREATE TRIGGER posts_keep_id BEFORE UPDATE ON posts
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION ladder.refuse_new_post_id();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ladder FROM PUBLIC;
