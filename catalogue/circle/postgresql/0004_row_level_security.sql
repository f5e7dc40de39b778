-- Who may see and change posts (S4-68, S4-69). The documented policy keeps its name; owner policies are added (C-36),
-- without which nobody could write. Identity: SELECT set_config('app.current_user_id', $1, true) within a transaction.
-- Missing, or empty as it is after a transaction that had it, it is nobody: public posts, no writing.
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;

CREATE POLICY posts_visibility_policy ON posts FOR SELECT USING (
  visibility = 'public' OR author_id = nullif(current_setting('app.current_user_id', true), '')::bigint
);
CREATE POLICY posts_insert_policy ON posts FOR INSERT WITH CHECK (
  author_id = nullif(current_setting('app.current_user_id', true), '')::bigint
);
CREATE POLICY posts_update_policy ON posts FOR UPDATE
  USING (author_id = nullif(current_setting('app.current_user_id', true), '')::bigint)
  WITH CHECK (author_id = nullif(current_setting('app.current_user_id', true), '')::bigint);
CREATE POLICY posts_delete_policy ON posts FOR DELETE USING (
  author_id = nullif(current_setting('app.current_user_id', true), '')::bigint
);

-- Foreign keys see every row. Without more, the answer to a like or a reply would tell a hidden post from one that
-- does not exist, and its author would hear from strangers. So a post that one does not see is refused in the words of
-- the foreign key, whether it exists or not. SECURITY INVOKER: it has to see no more than the role that asks.
CREATE FUNCTION ladder.refuse_unseen_post() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  referring name := TG_ARGV[0];
  by_column name := TG_ARGV[1];
  post_id bigint := to_jsonb(NEW) ->> by_column;
BEGIN
  IF NOT EXISTS (SELECT FROM public.posts WHERE id = post_id) THEN
    RAISE foreign_key_violation USING
      MESSAGE = format('insert or update on table "%s" violates foreign key constraint "%1$s_%s_fkey"', referring, by_column),
      DETAIL = format('Key (%s)=(%s) is not present in table "post_ids".', by_column, post_id),
      SCHEMA = 'public', TABLE = referring, CONSTRAINT = format('%s_%s_fkey', referring, by_column);
  END IF;
  RETURN NEW;
END $$;

-- Not for roles that see everything: foreign keys are enough for a restore or a copy, and it goes faster.
CREATE TRIGGER interactions_seen BEFORE INSERT ON interactions
  FOR EACH ROW WHEN (row_security_active('public.posts'::regclass) AND NEW.post_id IS NOT NULL)
  EXECUTE FUNCTION ladder.refuse_unseen_post('interactions', 'post_id');
CREATE TRIGGER interactions_seen_again BEFORE UPDATE ON interactions
  FOR EACH ROW WHEN (row_security_active('public.posts'::regclass) AND NEW.post_id IS DISTINCT FROM OLD.post_id)
  EXECUTE FUNCTION ladder.refuse_unseen_post('interactions', 'post_id');
CREATE TRIGGER posts_reply_seen BEFORE INSERT ON posts
  FOR EACH ROW WHEN (row_security_active('public.posts'::regclass) AND NEW.reply_to_id IS NOT NULL)
  EXECUTE FUNCTION ladder.refuse_unseen_post('posts', 'reply_to_id');
CREATE TRIGGER posts_reply_seen_again BEFORE UPDATE ON posts
  FOR EACH ROW WHEN (row_security_active('public.posts'::regclass) AND NEW.reply_to_id IS DISTINCT FROM OLD.reply_to_id)
  EXECUTE FUNCTION ladder.refuse_unseen_post('posts', 'reply_to_id');

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ladder FROM PUBLIC;
