-- The tables as documented (S4-03, S4-05, S4-08, S4-09), with what C-15 changes so that posts can be partitioned: its
-- primary key holds created_at, and what would reference posts (id) references post_ids (id).
-- Times are UTC: server and sessions are set to it (C-20).
CREATE TABLE users (
  id BIGSERIAL PRIMARY KEY,
  wallet_address VARCHAR(42) UNIQUE NOT NULL,
  pseudonym VARCHAR(50) UNIQUE NOT NULL,
  display_name VARCHAR(100),
  bio TEXT,
  avatar TEXT,
  reputation INTEGER DEFAULT 0,
  created_at TIMESTAMP DEFAULT NOW(),
  last_login TIMESTAMP DEFAULT NOW(),
  updated_at TIMESTAMP DEFAULT NOW()
);

-- The first two double the indexes of the UNIQUEs; they are here because they are listed (S4-04, C-20).
CREATE INDEX idx_users_wallet ON users (wallet_address);
CREATE INDEX idx_users_pseudonym ON users (pseudonym);
CREATE INDEX idx_users_created_at ON users (created_at);

-- The id of every post, once: no unique index on posts can promise that, since it would have to hold created_at too.
-- Triggers keep it in step (0003).
CREATE TABLE post_ids (
  id BIGINT PRIMARY KEY
);

CREATE TABLE posts (
  id BIGSERIAL,
  author_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
  content TEXT NOT NULL,
  image TEXT,
  visibility VARCHAR(20) DEFAULT 'public',
  likes INTEGER DEFAULT 0,
  reposts INTEGER DEFAULT 0,
  replies INTEGER DEFAULT 0,
  reply_to_id BIGINT REFERENCES post_ids (id) ON DELETE CASCADE,
  created_at TIMESTAMP NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMP DEFAULT NOW(),
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_posts_visibility_created_at ON posts (visibility, created_at DESC);

CREATE TABLE interactions (
  id BIGSERIAL PRIMARY KEY,
  user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
  post_id BIGINT REFERENCES post_ids (id) ON DELETE CASCADE,
  type VARCHAR(20) NOT NULL CHECK (type IN ('like', 'repost')),
  created_at TIMESTAMP DEFAULT NOW(),
  UNIQUE (user_id, post_id, type)
);

CREATE INDEX idx_interactions_user_type ON interactions (user_id, type);

CREATE TABLE follows (
  id BIGSERIAL PRIMARY KEY,
  follower_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
  following_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
  created_at TIMESTAMP DEFAULT NOW(),
  UNIQUE (follower_id, following_id)
);
