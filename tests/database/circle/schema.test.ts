import { describe, expect, it } from "vitest";
import { circleForThisFile } from "./circle";

const circle = circleForThisFile();

/** `name type [not null] [default]` of each column, in order. */
const columnsOf = async (table: string): Promise<string[]> => {
  const rows = await circle().psql(
    `SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
       'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid))
     FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = '${table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    "owner",
  );
  return rows.split("\n");
};

const constraintsOf = async (table: string): Promise<string[]> => {
  const rows = await circle().psql(
    `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '${table}'::regclass AND contype <> 'n' ORDER BY 1`,
    "owner",
  );
  return rows.split("\n");
};

/** Indexes that belong to no constraint, as they were created. */
const indexesOf = async (table: string): Promise<string[]> => {
  const rows = await circle().psql(
    `SELECT regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX (\\S+) ON (ONLY )?public\\.(\\S+) USING btree ', '\\1\\2 ON \\4')
     FROM pg_index i WHERE i.indrelid = '${table}'::regclass
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid) ORDER BY 1`,
    "owner",
  );
  return rows.split("\n");
};

const BIGSERIAL = (table: string) => `id bigint NOT NULL DEFAULT nextval('${table}_id_seq'::regclass)`;
const TIME = "timestamp without time zone";

describe("the tables of circle", () => {
  it("S4-03 S4-66: users has the documented columns, and the encrypted wallet beside the plain one", async () => {
    expect(await columnsOf("users")).toEqual([
      BIGSERIAL("users"),
      "wallet_address character varying(42) NOT NULL",
      "pseudonym character varying(50) NOT NULL",
      "display_name character varying(100)",
      "bio text",
      "avatar text",
      "reputation integer DEFAULT 0",
      `created_at ${TIME} DEFAULT now()`,
      `last_login ${TIME} DEFAULT now()`,
      `updated_at ${TIME} DEFAULT now()`,
      "wallet_address_encrypted bytea",
      "wallet_address_hash bytea",
      "wallet_key_id text",
    ]);
    expect(await constraintsOf("users")).toEqual([
      "PRIMARY KEY (id)",
      "UNIQUE (pseudonym)",
      "UNIQUE (wallet_address)",
      "UNIQUE (wallet_address_hash)",
    ]);
  });

  it("S4-04: users has its three indexes under their names", async () => {
    expect(await indexesOf("users")).toEqual([
      "idx_users_created_at ON users(created_at)",
      "idx_users_pseudonym ON users(pseudonym)",
      "idx_users_wallet ON users(wallet_address)",
      "idx_users_wallet_plain ON users(id) WHERE (wallet_address_encrypted IS NULL)",
    ]);
  });

  it("S4-05 S4-30: posts has the documented columns and index, with the key that partitions need", async () => {
    expect(await columnsOf("posts")).toEqual([
      BIGSERIAL("posts"),
      "author_id bigint",
      "content text NOT NULL",
      "image text",
      "visibility character varying(20) DEFAULT 'public'::character varying",
      "likes integer DEFAULT 0",
      "reposts integer DEFAULT 0",
      "replies integer DEFAULT 0",
      "reply_to_id bigint",
      `created_at ${TIME} NOT NULL DEFAULT now()`,
      `updated_at ${TIME} DEFAULT now()`,
    ]);
    expect(await constraintsOf("posts")).toEqual([
      "FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE CASCADE",
      "FOREIGN KEY (reply_to_id) REFERENCES post_ids(id) ON DELETE CASCADE",
      "PRIMARY KEY (id, created_at)",
    ]);
    expect(await indexesOf("posts")).toEqual([
      "idx_posts_author ON posts(author_id)",
      "idx_posts_reply_to ON posts(reply_to_id) WHERE (reply_to_id IS NOT NULL)",
      "idx_posts_visibility_created_at ON posts(visibility, created_at DESC)",
    ]);
  });

  it("S4-08 S4-31: interactions has the documented columns, constraints and index", async () => {
    expect(await columnsOf("interactions")).toEqual([
      BIGSERIAL("interactions"),
      "user_id bigint",
      "post_id bigint",
      "type character varying(20) NOT NULL",
      `created_at ${TIME} DEFAULT now()`,
    ]);
    expect(await constraintsOf("interactions")).toEqual([
      "CHECK (((type)::text = ANY ((ARRAY['like'::character varying, 'repost'::character varying])::text[])))",
      "FOREIGN KEY (post_id) REFERENCES post_ids(id) ON DELETE CASCADE",
      "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE",
      "PRIMARY KEY (id)",
      "UNIQUE (user_id, post_id, type)",
    ]);
    expect(await indexesOf("interactions")).toEqual([
      "idx_interactions_post ON interactions(post_id)",
      "idx_interactions_user_type ON interactions(user_id, type)",
    ]);
  });

  it("S4-09: follows has the documented columns and constraints", async () => {
    expect(await columnsOf("follows")).toEqual([
      BIGSERIAL("follows"),
      "follower_id bigint",
      "following_id bigint",
      `created_at ${TIME} DEFAULT now()`,
    ]);
    expect(await constraintsOf("follows")).toEqual([
      "FOREIGN KEY (follower_id) REFERENCES users(id) ON DELETE CASCADE",
      "FOREIGN KEY (following_id) REFERENCES users(id) ON DELETE CASCADE",
      "PRIMARY KEY (id)",
      "UNIQUE (follower_id, following_id)",
    ]);
    expect(await indexesOf("follows")).toEqual(["idx_follows_following ON follows(following_id)"]);
  });

  it("S4-64: pgcrypto is installed, and the application can use it", async () => {
    expect(await circle().psql("SELECT extname FROM pg_extension WHERE extname = 'pgcrypto'")).toBe("pgcrypto");
    const there = "SELECT pgp_sym_decrypt(pgp_sym_encrypt('0xabc', 'a key of this test'), 'a key of this test')";
    expect(await circle().psql(there)).toBe("0xabc");
  });
});

describe("what the constraints refuse", () => {
  const refused = async (sql: string): Promise<string> => {
    const outcome = await circle()
      .psql(`BEGIN; ${sql}; ROLLBACK`, "owner")
      .then(() => "taken", String);
    return /ERROR: {2}(.*)/.exec(outcome)?.[1] ?? outcome;
  };
  const users = "INSERT INTO users (id, wallet_address, pseudonym) VALUES (1, '0xa', 'ann'), (2, '0xb', 'ben')";

  it.each([
    [`${users}, (3, '0xa', 'cleo')`, /"users_wallet_address_key"/],
    [`${users}, (3, '0xc', 'ben')`, /"users_pseudonym_key"/],
    [`${users}, (3, '0x' || repeat('c', 41), 'cleo')`, /too long for type character varying\(42\)/],
    [`${users}; INSERT INTO posts (author_id) VALUES (1)`, /null value in column "content"/],
    [`${users}; INSERT INTO posts (author_id, content) VALUES (9, '')`, /"posts_author_id_fkey"/],
    [`${users}; INSERT INTO posts (content, reply_to_id) VALUES ('', 9)`, /"posts_reply_to_id_fkey"/],
    [`${users}; INSERT INTO posts (content, created_at) VALUES ('', NULL)`, /null value in column "created_at"/],
    [
      `${users}; INSERT INTO posts (id, content) VALUES (1, ''); INSERT INTO interactions (user_id, post_id, type) VALUES (1, 1, 'view')`,
      /"interactions_type_check"/,
    ],
    [
      `${users}; INSERT INTO posts (id, content) VALUES (1, ''); INSERT INTO interactions (user_id, post_id, type) VALUES (1, 1, 'like'), (1, 1, 'repost'), (2, 1, 'like'), (1, 1, 'like')`,
      /"interactions_user_id_post_id_type_key"/,
    ],
    [
      `${users}; INSERT INTO interactions (user_id, post_id, type) VALUES (1, 9, 'like')`,
      /"interactions_post_id_fkey"/,
    ],
    [
      `${users}; INSERT INTO follows (follower_id, following_id) VALUES (1, 2), (2, 1), (1, 2)`,
      /"follows_follower_id_following_id_key"/,
    ],
    [`${users}; INSERT INTO follows (follower_id, following_id) VALUES (1, 9)`, /"follows_following_id_fkey"/],
  ])("%s", async (sql, reason) => {
    expect(await refused(sql)).toMatch(reason);
  });
});

describe("S4-66: an encrypted wallet", () => {
  const WALLET = "wallet_address, wallet_address_encrypted, wallet_address_hash, wallet_key_id";
  const updated = (update: string) =>
    circle().psql(
      `BEGIN;
       INSERT INTO users (id, ${WALLET}, pseudonym) VALUES (1, '0xa', '\\x01', '\\x02', 'k1', 'ann');
       UPDATE users SET ${update};
       SELECT ${WALLET} FROM users;
       ROLLBACK`,
      "owner",
    );

  it("is forgotten when the address changes without it, so that the backfill makes it again", async () => {
    expect(await updated("wallet_address = '0xb'")).toBe("0xb|||");
    expect(await updated("wallet_address = '0xb', wallet_address_hash = '\\x03'")).toBe("0xb|||");
    expect(await updated("wallet_address = '0xb', wallet_address_encrypted = '\\x03', wallet_key_id = 'k2'")).toBe(
      "0xb|||",
    );
  });

  it("is kept when it changes with the address, and when the address stays", async () => {
    const both = "wallet_address = '0xb', wallet_address_encrypted = '\\x03', wallet_address_hash = '\\x04'";
    expect(await updated(both)).toBe("0xb|\\x03|\\x04|k1");
    expect(await updated("wallet_address = '0xa', display_name = 'Ann'")).toBe("0xa|\\x01|\\x02|k1");
    expect(await updated("wallet_address_encrypted = '\\x05', wallet_key_id = 'k2'")).toBe("0xa|\\x05|\\x02|k2");
  });

  it("is refused to a second user", async () => {
    const two =
      "INSERT INTO users (wallet_address, wallet_address_hash, pseudonym) VALUES ('0xA', '\\x02', 'a'), ('0xa', '\\x02', 'b')";
    await expect(circle().psql(two, "owner")).rejects.toThrow("users_wallet_address_hash_key");
  });
});
