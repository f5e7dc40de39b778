-- The change feed (S0-24, C-08) and what the channel `notifications` gets (S4-24). Row security does not hold in a
-- change feed: whoever reads it sees all rows. So it carries ids, and no content, wallet or name; a client that hears
-- of a change reads the row itself, as the user it is.

-- Outbox: what users are to be told. Rows are deleted in the transaction that wrote them: the feed has them from the
-- log, the table stays empty, and what is rolled back was never there.
CREATE TABLE ladder.notifications (
  id BIGSERIAL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  type VARCHAR(20) NOT NULL,
  post_id BIGINT NOT NULL
);

-- Tells the authors of posts of likes, reposts and public replies by others; post_id is always the author's own post.
-- SECURITY DEFINER: nobody but the owner writes to the outbox, and an author may have hidden the post meanwhile.
CREATE FUNCTION ladder.notify_authors() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written bigint[];
BEGIN
  IF TG_TABLE_NAME = 'interactions' THEN
    WITH told AS (
      INSERT INTO ladder.notifications (user_id, type, post_id)
      SELECT post.author_id, added.type, post.id
      FROM added JOIN public.posts AS post ON post.id = added.post_id
      WHERE post.author_id <> added.user_id
      RETURNING id
    ) SELECT array_agg(id) INTO written FROM told;
  ELSE
    WITH told AS (
      INSERT INTO ladder.notifications (user_id, type, post_id)
      SELECT post.author_id, 'reply', post.id
      FROM added JOIN public.posts AS post ON post.id = added.reply_to_id
      WHERE post.author_id <> added.author_id AND added.visibility = 'public'
      RETURNING id
    ) SELECT array_agg(id) INTO written FROM told;
  END IF;
  DELETE FROM ladder.notifications WHERE id = ANY (written);
  RETURN NULL;
END $$;

-- Only for the application: a restore or a copy tells nobody of the likes of past years.
CREATE TRIGGER interactions_notify AFTER INSERT ON interactions
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT
  WHEN (row_security_active('public.posts'::regclass)) EXECUTE FUNCTION ladder.notify_authors();
CREATE TRIGGER posts_notify AFTER INSERT ON posts
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT
  WHEN (row_security_active('public.posts'::regclass)) EXECUTE FUNCTION ladder.notify_authors();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ladder FROM PUBLIC;

-- The tables are listed: FOR ALL TABLES would need a superuser, would tell of wallets, and would break UPDATE and DELETE
-- on a table without a key. Partitions appear as posts. Every table here has its primary key as replica identity.
CREATE PUBLICATION circle_changes
  FOR TABLE posts (id, author_id, visibility, reply_to_id, created_at), interactions, follows, ladder.notifications
  WITH (publish_via_partition_root = true);
