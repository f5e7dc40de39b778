import type { CodecSpec } from "../model";
import type { Mapping } from "./build";
import { type MappedColumn, type MappedTable, refersTo } from "./mapped";

const BIGINT: CodecSpec = { kind: "integer", bits: 64 };
const TEXT: CodecSpec = { kind: "text" };

const required = (name: string, codec: MappedColumn["codec"]): MappedColumn => ({
  source: name,
  target: name,
  codec,
  required: true,
});
const id: MappedColumn = { source: "id", target: "id", codec: BIGINT };

const agents: MappedTable = {
  source: "ceo_agents",
  target: "ceo_agents",
  key: ["id"],
  identity: "id",
  columns: [
    id,
    ...["name", "creator_wallet", "status"].map((name) => required(name, TEXT)),
    required("created_at", "time"),
    required("updated_at", "time"),
  ],
  checks: [],
};

const ideas: MappedTable = {
  source: "ai_ideas",
  target: "ai_ideas",
  key: ["id"],
  identity: "id",
  columns: [
    id,
    required("title", TEXT),
    { source: "description", target: "description", codec: TEXT },
    { source: "ceo_agent_id", target: "ceo_agent_id", codec: BIGINT },
    required("created_at", "time"),
  ],
  checks: [refersTo("ceo_agent_id", agents)],
};

/** Amounts are decimal text, and NUMERIC without a limit: no holding is rounded. */
const holdings: MappedTable = {
  source: "token_holdings",
  target: "token_holdings",
  key: ["wallet", "token"],
  columns: [
    required("wallet", TEXT),
    required("token", TEXT),
    { ...required("amount", { kind: "numeric" }), money: true },
    required("updated_at", "time"),
  ],
  checks: [],
};

/** What the tables of the AI Company platform become in `ai_company` (S0-02). */
export const aiCompany: Mapping = {
  first: [],
  tables: [agents, ideas, holdings],
  setup: [],
  teardown: [],
  notCarried: [],
};
