import type { CodecSpec } from "../model";
import { userCheck, userColumn, usersSetup, usersTable, usersTeardown } from "./breedingUsers";
import type { Mapping } from "./build";
import {
  between,
  columnOf,
  isMissing,
  type MappedCheck,
  type MappedColumn,
  type MappedTable,
  refersTo,
} from "./mapped";

const INTEGER: CodecSpec = { kind: "integer", bits: 32 };
const text = (length: number): CodecSpec => ({ kind: "text", length });

const column = (name: string, codec: MappedColumn["codec"]): MappedColumn => ({ source: name, target: name, codec });
const id = column("id", INTEGER);
const times = [column("created_at", "time"), column("updated_at", "time")];

/** Nothing is 0, as the documented import has it (S2-26, S2-28); NULL of other numbers stays NULL. */
const orZero = (name: string): MappedColumn => ({
  ...column(name, INTEGER),
  select: (value) => `CASE WHEN ${isMissing(value)} THEN 0 ELSE ${value} END`,
  missing: "0",
});

const isJson = (name: string): MappedCheck => ({
  sql: (row) => `${isMissing(columnOf(row, name))} OR json_valid(${columnOf(row, name)})`,
  reason: `${name} is no valid JSON`,
});

const agents: MappedTable = {
  source: "agents",
  target: "agents",
  key: ["id"],
  identity: "id",
  columns: [
    id,
    { ...column("name", text(255)), required: true },
    userColumn("owner", "owner_id"),
    {
      ...column("traits", { kind: "json" }),
      select: (value) => `CASE WHEN ${isMissing(value)} THEN '{}' ELSE ${value} END`,
      missing: "{}",
    },
    ...["energy", "xp", "gene"].map((name) => column(name, INTEGER)),
    column("rarity", text(50)),
    { source: "rareTrait", target: "rare_trait", codec: { kind: "json" }, select: (value) => `nullif(${value}, '')` },
    column("power", INTEGER),
    {
      source: "forSale",
      target: "for_sale",
      codec: { kind: "boolean" },
      select: (value) => `CASE WHEN ${isMissing(value)} THEN 0 ELSE ${value} END`,
      missing: "false",
    },
    orZero("price"),
    ...times,
  ],
  checks: [
    between("energy", 0, 100),
    ...["xp", "gene", "power", "price"].map((name) => between(name, 0)),
    isJson("traits"),
    isJson("rareTrait"),
    userCheck("owner"),
  ],
};

const balances: MappedTable = {
  source: "user_balance",
  target: "user_balance",
  key: ["user_id"],
  columns: [
    userColumn("user_id", "user_id"),
    { ...column("coins", INTEGER), money: true },
    column("updated_at", "time"),
  ],
  checks: [userCheck("user_id", true), between("coins", 0)],
};

const payments: MappedTable = {
  source: "payments",
  target: "payments",
  key: ["id"],
  identity: "id",
  columns: [
    id,
    userColumn("user_id", "user_id"),
    { ...column("amount", { kind: "numeric", precision: 10, scale: 2 }), required: true, money: true },
    column("currency", text(10)),
    column("status", text(50)),
    column("payment_method", text(50)),
    ...["transaction_id", "stripe_session_id", "stripe_payment_intent_id"].map((name) => column(name, text(255))),
    { ...orZero("coins"), money: true },
    ...times,
  ],
  checks: [userCheck("user_id"), between("amount", 0), between("coins", 0)],
};

const messages: MappedTable = {
  source: "chat_messages",
  target: "chat_messages",
  key: ["id"],
  identity: "id",
  columns: [
    id,
    column("agent_id", INTEGER),
    userColumn("user_id", "user_id"),
    { ...column("message", { kind: "text" }), required: true },
    { ...column("role", text(50)), required: true },
    column("created_at", "time"),
  ],
  checks: [
    refersTo("agent_id", agents),
    userCheck("user_id"),
    {
      sql: (row) => `${columnOf(row, "role")} COLLATE BINARY IN ('user', 'assistant', 'system')`,
      reason: "role is not user, assistant or system",
    },
  ],
};

/** What the documents' four tables become in `ai_breeding`, in the documented order (S2-24, C-23). */
export const aiBreeding: Mapping = {
  /** Made by the setup before any row is read, so it comes first. */
  first: [usersTable],
  tables: [agents, balances, payments, messages],
  setup: usersSetup,
  teardown: usersTeardown,
  notCarried: [
    {
      table: "users",
      why: "SQLite has no users: their names go back with the agents, balances, payments and messages that were written since; a name that was changed alone does not, nor do e-mail addresses, times, and users whom nothing names",
    },
    { table: "battles", why: "SQLite has no such table" },
    { table: "marketplace_listings", why: "SQLite has no such table" },
  ],
};
