-- Ours, not documented: without them each deleted post or user would read whole tables to find what goes with it.
-- interactions (user_id) and follows (follower_id) are the first columns of the documented UNIQUEs.
CREATE INDEX idx_posts_author ON posts (author_id);
CREATE INDEX idx_posts_reply_to ON posts (reply_to_id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX idx_interactions_post ON interactions (post_id);
CREATE INDEX idx_follows_following ON follows (following_id);
