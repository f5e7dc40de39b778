import type { TableShape } from "../../support/tableShape";

const NOW = "timestamp without time zone DEFAULT CURRENT_TIMESTAMP";
const TIMES = [`created_at ${NOW}`, `updated_at ${NOW}`];
const id = (table: string) => `id integer NOT NULL DEFAULT nextval('${table}_id_seq'::regclass)`;
const KEY = "PRIMARY KEY (id)";
const text = (column: string, length: number, value?: string) =>
  `${column} character varying(${length})${value === undefined ? "" : ` DEFAULT '${value}'::character varying`}`;
const oneOf = (column: string, values: readonly string[]) =>
  `CHECK (((${column})::text = ANY ((ARRAY[${values.map((value) => `'${value}'::character varying`).join(", ")}])::text[])))`;
const btree = (name: string, table: string, column: string) =>
  `CREATE INDEX ${name} ON ${table} USING btree (${column})`;

/** The tables of the AI Breeding MVP as documented: the requirements of columns and of indexes, and what PostgreSQL has to say of them. */
export const DOCUMENTED: readonly (readonly [table: string, columns: string, indexes: string, shape: TableShape])[] = [
  [
    "users",
    "S2-07",
    "S2-08",
    {
      columns: [id("users"), `${text("username", 255)} NOT NULL`, text("email", 255), ...TIMES],
      constraints: [KEY, "UNIQUE (email)", "UNIQUE (username)"],
      indexes: [btree("idx_users_username", "users", "username")],
    },
  ],
  [
    "agents",
    "S2-09",
    "S2-10",
    {
      columns: [
        id("agents"),
        `${text("name", 255)} NOT NULL`,
        "owner_id integer",
        "traits jsonb NOT NULL DEFAULT '{}'::jsonb",
        "energy integer DEFAULT 100",
        "xp integer DEFAULT 0",
        "gene integer DEFAULT 0",
        text("rarity", 50, "common"),
        "rare_trait jsonb",
        "power integer DEFAULT 0",
        "for_sale boolean DEFAULT false",
        "price integer DEFAULT 0",
        ...TIMES,
      ],
      constraints: [
        "CHECK (((energy >= 0) AND (energy <= 100)))",
        "CHECK ((gene >= 0))",
        "CHECK ((power >= 0))",
        "CHECK ((price >= 0))",
        "CHECK ((xp >= 0))",
        "FOREIGN KEY (owner_id) REFERENCES users(id)",
        KEY,
      ],
      indexes: [
        btree("idx_agents_for_sale", "agents", "for_sale"),
        btree("idx_agents_owner", "agents", "owner_id"),
        btree("idx_agents_rarity", "agents", "rarity"),
        "CREATE INDEX idx_agents_traits ON agents USING gin (traits)",
      ],
    },
  ],
  [
    "user_balance",
    "S2-11",
    "S2-12",
    {
      columns: ["user_id integer NOT NULL", "coins integer DEFAULT 0", `updated_at ${NOW}`],
      constraints: [
        "CHECK ((coins >= 0))",
        "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE",
        "PRIMARY KEY (user_id)",
      ],
      indexes: [btree("idx_user_balance_user", "user_balance", "user_id")],
    },
  ],
  [
    "payments",
    "S2-13",
    "S2-14",
    {
      columns: [
        id("payments"),
        "user_id integer",
        "amount numeric(10,2) NOT NULL",
        text("currency", 10, "USD"),
        text("status", 50, "pending"),
        text("payment_method", 50),
        text("transaction_id", 255),
        text("stripe_session_id", 255),
        text("stripe_payment_intent_id", 255),
        "coins integer DEFAULT 0",
        ...TIMES,
      ],
      constraints: [
        "CHECK ((amount >= (0)::numeric))",
        "CHECK ((coins >= 0))",
        "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL",
        KEY,
      ],
      indexes: [
        btree("idx_payments_created", "payments", "created_at"),
        btree("idx_payments_status", "payments", "status"),
        btree("idx_payments_stripe_session", "payments", "stripe_session_id"),
        btree("idx_payments_user", "payments", "user_id"),
      ],
    },
  ],
  [
    "chat_messages",
    "S2-15",
    "S2-16",
    {
      columns: [
        id("chat_messages"),
        "agent_id integer",
        "user_id integer",
        "message text NOT NULL",
        `${text("role", 50)} NOT NULL`,
        `created_at ${NOW}`,
      ],
      constraints: [
        oneOf("role", ["user", "assistant", "system"]),
        "FOREIGN KEY (agent_id) REFERENCES agents(id) ON DELETE CASCADE",
        "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL",
        KEY,
      ],
      indexes: [
        btree("idx_chat_agent", "chat_messages", "agent_id"),
        btree("idx_chat_created", "chat_messages", "created_at"),
        btree("idx_chat_user", "chat_messages", "user_id"),
      ],
    },
  ],
  [
    "battles",
    "S2-17",
    "S2-18",
    {
      columns: [
        id("battles"),
        "agent_a_id integer",
        "agent_b_id integer",
        "winner_id integer",
        "result jsonb",
        `created_at ${NOW}`,
      ],
      constraints: [
        ...["agent_a_id", "agent_b_id", "winner_id"].map(
          (column) => `FOREIGN KEY (${column}) REFERENCES agents(id) ON DELETE SET NULL`,
        ),
        KEY,
      ],
      indexes: [
        btree("idx_battles_agent_a", "battles", "agent_a_id"),
        btree("idx_battles_agent_b", "battles", "agent_b_id"),
        btree("idx_battles_winner", "battles", "winner_id"),
      ],
    },
  ],
  [
    "marketplace_listings",
    "S2-19",
    "S2-20",
    {
      columns: [
        id("marketplace_listings"),
        "agent_id integer",
        "seller_id integer",
        "price integer NOT NULL",
        text("status", 50, "active"),
        ...TIMES,
      ],
      constraints: [
        "CHECK ((price >= 0))",
        oneOf("status", ["active", "sold", "cancelled"]),
        "FOREIGN KEY (agent_id) REFERENCES agents(id) ON DELETE CASCADE",
        "FOREIGN KEY (seller_id) REFERENCES users(id) ON DELETE SET NULL",
        KEY,
      ],
      indexes: [
        btree("idx_listings_agent", "marketplace_listings", "agent_id"),
        btree("idx_listings_seller", "marketplace_listings", "seller_id"),
        btree("idx_listings_status", "marketplace_listings", "status"),
      ],
    },
  ],
];
